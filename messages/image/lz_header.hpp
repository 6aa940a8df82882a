// SPDX-License-Identifier: BSD-3-Clause
// What stands before an LZ stream: seven big-endian words. The types are those of GLZ too.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace saffron::image::lz {

enum class stream_type : std::uint32_t {
  le_1bit = 1,
  be_1bit = 2,
  le_4bit = 3,
  be_4bit = 4,
  indexed_8bit = 5,
  rgb_16bit = 6,
  rgb_24bit = 7,
  rgb_32bit = 8,
  rgba = 9,
  /// The alpha of B G R A alone: one byte a pixel in the stream, a stride of four.
  alpha_of_rgba = 10,
  alpha_8bit = 11,
};

/// Type of a picture's stream. The format must exist.
[[nodiscard]] constexpr stream_type type_of(bitmap_format format) noexcept {
  return format == bitmap_format::alpha_8bit ? stream_type::alpha_8bit : static_cast<stream_type>(format);
}

/// Format of what a stream decodes to.
[[nodiscard]] constexpr bitmap_format format_of(stream_type type) noexcept {
  const bool alpha = type == stream_type::alpha_of_rgba || type == stream_type::alpha_8bit;
  return alpha ? bitmap_format::alpha_8bit : static_cast<bitmap_format>(type);
}

struct header {
  stream_type type = stream_type::rgb_32bit;
  std::uint32_t width = 0, height = 0;
  /// The first row is the top one.
  bool top_down = true;

  /// Bytes of a row of the pictures that the stream is made of.
  [[nodiscard]] constexpr std::uint64_t stride() const noexcept {
    return type == stream_type::alpha_of_rgba ? std::uint64_t{width} * 4 : row_bytes(format_of(type), width);
  }
  /// There is a picture, of a size that clients accept.
  [[nodiscard]] constexpr bool possible() const noexcept {
    constexpr std::uint64_t most_bytes = (1u << 30) - 1;
    return width > 0 && height > 0 && stride() <= most_bytes / height;
  }
  friend bool operator==(const header&, const header&) = default;
};

inline constexpr std::size_t header_bytes = 28;

/// Writes `header_bytes`.
void write_header(std::byte* out, const header& h) noexcept;
/// errc::codec_failed unless it is a possible() one with its own stride.
[[nodiscard]] result<header> read_header(std::span<const std::byte> data) noexcept;

} // namespace saffron::image::lz
