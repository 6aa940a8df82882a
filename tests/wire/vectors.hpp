// SPDX-License-Identifier: BSD-3-Clause
// The payloads under tests/vectors: encoded pictures and the pixels they stand for. Raw pixels are stored deflated.
#pragma once

#include "messages/image/bitmap.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace saffron::test {

/// One entry of the index. Which fields are there depends on the codec; the index holds them under the names used here.
struct vector_entry {
  nlohmann::json fields;

  [[nodiscard]] std::string name() const { return fields.at("name"); }
  [[nodiscard]] bool has(const char* field) const { return fields.contains(field) && !fields.at(field).is_null(); }
  template <class T>
  [[nodiscard]] T get(const char* field) const {
    return fields.at(field).get<T>();
  }
  /// The encoded bytes. Not there for a picture too large to keep (`file` has no file then): see stored().
  [[nodiscard]] std::vector<std::byte> payload() const;
  [[nodiscard]] bool stored() const;
  /// The pixels, as they were given to the encoder. Needs has("raw").
  [[nodiscard]] image::bitmap raw() const;
  /// What a lossy payload decodes to: B G R X or B G R A, top row first. Needs has("decoded").
  [[nodiscard]] std::vector<std::byte> decoded() const;
};

/// Entries of one codec ("lz", "quic", "glz", "zlib_glz", "lz4", "jpeg"), in the order of the index; an empty name
/// means those of whole DRAW_COPY messages.
[[nodiscard]] std::vector<vector_entry> vectors_of(const std::string& codec);

/// A file of the folder, inflated when its name ends in ".z".
[[nodiscard]] std::vector<std::byte> vector_file(const std::string& name);

} // namespace saffron::test
