// SPDX-License-Identifier: BSD-3-Clause
// Pictures for LZ's tests: of every format, painted unit by unit.
#pragma once

#include "messages/image/bitmap.hpp"

#include <array>
#include <functional>
#include <random>

namespace saffron::test {

using image::bitmap;
using image::bitmap_format;

inline constexpr std::array every_format{
    bitmap_format::le_1bit,      bitmap_format::be_1bit,   bitmap_format::le_4bit,   bitmap_format::be_4bit,
    bitmap_format::indexed_8bit, bitmap_format::rgb_16bit, bitmap_format::rgb_24bit, bitmap_format::rgb_32bit,
    bitmap_format::rgba,         bitmap_format::alpha_8bit};

/// Bytes of what LZ counts in: a pixel, or a byte of smaller ones.
inline std::size_t unit_bytes(bitmap_format format) { return std::max(image::bits_per_pixel(format) / 8, 1u); }

/// A picture whose unit `i` has the lowest bytes of `color(i)`.
inline bitmap paint(bitmap_format format, std::uint32_t width, std::uint32_t height,
                    const std::function<std::uint32_t(std::size_t)>& color) {
  bitmap out{format, width, height, true, {}};
  const auto size = image::row_bytes(format, width) * height, unit = unit_bytes(format);
  for (std::size_t i = 0; i < size / unit; ++i)
    for (std::size_t byte = 0; byte < unit; ++byte)
      out.pixels.push_back(static_cast<std::byte>(color(i) >> (8 * byte)));
  return out;
}

inline bitmap noise(bitmap_format format, std::uint32_t width, std::uint32_t height, std::uint32_t seed = 1) {
  std::vector<std::uint32_t> colors(image::row_bytes(format, width) * height);
  for (std::mt19937 random{seed}; auto& color : colors) color = random();
  return paint(format, width, height, [&](auto i) { return colors[i]; });
}

/// Without what LZ does not transport: pad bytes, and bit 15 of 16 bit pixels.
inline bitmap transported(bitmap picture) {
  auto& pixels = picture.pixels;
  if (picture.format == bitmap_format::rgb_32bit)
    for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = std::byte{0};
  if (picture.format == bitmap_format::rgb_16bit)
    for (std::size_t i = 1; i < pixels.size(); i += 2) pixels[i] &= std::byte{0x7f};
  return picture;
}

/// The A bytes of B G R A.
inline bitmap alpha_of(const bitmap& rgba) {
  bitmap out{bitmap_format::alpha_8bit, rgba.width, rgba.height, rgba.top_down, {}};
  for (std::size_t i = 3; i < rgba.pixels.size(); i += 4) out.pixels.push_back(rgba.pixels[i]);
  return out;
}

inline bool same(const bitmap& a, const bitmap& b) {
  return a.format == b.format && a.width == b.width && a.height == b.height && a.top_down == b.top_down &&
         transported(a).pixels == transported(b).pixels;
}

} // namespace saffron::test
