// SPDX-License-Identifier: BSD-3-Clause
// What GLZ's encoder and decoder must agree on: the header, and the numbers of the match forms.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace saffron::image::glz {

inline constexpr std::size_t header_bytes = 33;

/// Before every image. The stride follows from format and width.
struct header {
  bitmap_format format = bitmap_format::rgb_32bit;
  std::uint32_t width = 0, height = 0;
  /// The first row is the top one.
  bool top_down = true;
  std::uint64_t id = 0;
  std::uint32_t win_head_dist = 0;
};

/// Writes header_bytes.
void write_header(std::byte* out, const header& h) noexcept;
/// errc::codec_failed for what no server sends: other types, a picture without pixels, a stride with padding.
[[nodiscard]] result<header> read_header(std::span<const std::byte> data) noexcept;

/// Offsets from here on need the far form.
inline constexpr std::size_t far_offset = 1u << 12;
/// Offsets from here on need a byte more in the far form.
inline constexpr std::size_t very_far_offset = 1u << 17;
/// Images back that the near form holds without a byte more.
inline constexpr std::uint32_t near_images = 1u << 6;

} // namespace saffron::image::glz
