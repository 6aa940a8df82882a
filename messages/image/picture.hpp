// SPDX-License-Identifier: BSD-3-Clause
// Pixels taken from a surface at one moment: immutable, shared, encoded once per form.
#pragma once

#include "messages/bytes.hpp"
#include "messages/geometry.hpp"

#include <array>
#include <cstdint>
#include <memory>

namespace saffron {

/// How the pixels of a picture travel.
enum class image_form : std::uint8_t { raw, lz4 };
inline constexpr std::size_t image_forms = 2;

/// A strip of a surface: rows of `area.width() * 4` bytes, B G R X, top row first, without padding.
struct picture {
  /// Unique in the process; chooses the encoder, so that one picture always meets the same one.
  std::uint64_t id = 0;
  /// Where on the surface.
  rect area;
  shared_bytes pixels;
  /// Encoded forms, empty until made. Belongs to the encoder that `id` chooses; nobody else looks.
  mutable std::array<shared_bytes, image_forms> encoded;
};

using picture_ptr = std::shared_ptr<const picture>;

} // namespace saffron
