// SPDX-License-Identifier: BSD-3-Clause
// What picture encoders read and their decoders write: rows of pixels in one of SPICE's bitmap formats.
#pragma once

#include "messages/wire/image.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace saffron::image {

using wire::display::bitmap_format;

/// Bits of one pixel; 0 for a format that does not exist.
[[nodiscard]] constexpr std::uint32_t bits_per_pixel(bitmap_format format) noexcept {
  switch (format) {
  case bitmap_format::invalid: return 0;
  case bitmap_format::le_1bit:
  case bitmap_format::be_1bit: return 1;
  case bitmap_format::le_4bit:
  case bitmap_format::be_4bit: return 4;
  case bitmap_format::indexed_8bit:
  case bitmap_format::alpha_8bit: return 8;
  case bitmap_format::rgb_16bit: return 16;
  case bitmap_format::rgb_24bit: return 24;
  case bitmap_format::rgb_32bit:
  case bitmap_format::rgba: return 32;
  }
  return 0;
}

/// Bytes of a row without padding.
[[nodiscard]] constexpr std::size_t row_bytes(bitmap_format format, std::uint32_t width) noexcept {
  return (std::size_t{width} * bits_per_pixel(format) + 7) / 8;
}

/// Pixels are indices into a palette.
[[nodiscard]] constexpr bool is_indexed(bitmap_format format) noexcept {
  return format >= bitmap_format::le_1bit && format <= bitmap_format::indexed_8bit;
}

/// Somebody else's pixels. `pixels` holds `height` rows, the last of them at least row_bytes() long, the others
/// `stride`.
struct bitmap_view {
  bitmap_format format = bitmap_format::rgb_32bit;
  std::uint32_t width = 0, height = 0;
  /// Bytes from one row to the next, at least row_bytes().
  std::size_t stride = 0;
  /// The first row is the top one.
  bool top_down = true;
  std::span<const std::byte> pixels;

  [[nodiscard]] const std::byte* row(std::uint32_t y) const noexcept { return pixels.data() + y * stride; }
  /// Rows follow each other without padding.
  [[nodiscard]] bool packed() const noexcept { return stride == row_bytes(format, width); }
  /// There is a picture, and all of it is there.
  [[nodiscard]] bool whole() const noexcept {
    const auto row = row_bytes(format, width);
    return row > 0 && height > 0 && stride >= row && pixels.size() >= stride * (height - std::size_t{1}) + row;
  }
};

/// What a decoder makes: packed rows, in the order they were sent.
struct bitmap {
  bitmap_format format = bitmap_format::rgb_32bit;
  std::uint32_t width = 0, height = 0;
  bool top_down = true;
  std::vector<std::byte> pixels;

  [[nodiscard]] bitmap_view view() const noexcept {
    return {format, width, height, row_bytes(format, width), top_down, pixels};
  }
};

} // namespace saffron::image
