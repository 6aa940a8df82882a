// SPDX-License-Identifier: BSD-3-Clause
// What clients whose last pictures are the same share of a GLZ image: all of it but the header. Matches name other
// images by their distance, so the ids of two clients may differ.
#pragma once

#include "messages/bytes.hpp"

#include <cstdint>
#include <optional>

namespace saffron::image {

/// The last blocks of a zlib stream, and the checksum of what they unpack to.
struct glz_deflated {
  shared_bytes data;
  std::uint32_t adler = 1;
};

/// One picture, encoded behind one history.
struct glz_shared {
  /// glz_job::history.
  std::uint64_t history = 0;
  /// All behind the header.
  shared_bytes payload;
  /// Only once a slow link has asked, and only when it is worth it.
  std::optional<glz_deflated> deflated;
  bool deflate_tried = false;
};

} // namespace saffron::image
