// SPDX-License-Identifier: BSD-3-Clause
// Pictures for tests of GLZ, and what of them must come out again.
#pragma once

#include "messages/image/glz_decode.hpp"
#include "messages/image/glz_encode.hpp"
#include "messages/image/glz_window.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace saffron::test {

using pixels = std::vector<std::byte>;
using image::bitmap;
using image::bitmap_format;
using image::glz_picture;

/// The data of a GLZ_RGB image.
inline shared_bytes glz_encode(const image::glz_job& job) {
  const auto header = image::glz_header(job), payload = image::glz_payload(job);
  pixels all{header.view().begin(), header.view().end()};
  all.insert(all.end(), payload.view().begin(), payload.view().end());
  return shared_bytes::copy_of(all);
}

/// A window with an index of its own.
inline image::glz_window window_of(std::uint32_t size, std::uint64_t next_id = 0) { return {size, nullptr, next_id}; }

inline constexpr bitmap_format glz_formats[] = {bitmap_format::rgb_16bit, bitmap_format::rgb_24bit,
                                                bitmap_format::rgb_32bit, bitmap_format::rgba};

enum class content : std::uint8_t { flat, text, photo, noise };

/// The bits that GLZ transports; the others become 0.
inline pixels transported(bitmap_format format, pixels from) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (format == bitmap_format::rgb_16bit && i % 2 == 1) from[i] &= std::byte{0x7f};
    if (format == bitmap_format::rgb_32bit && i % 4 == 3) from[i] = std::byte{0};
  }
  return from;
}

/// The decoded picture is the one that was encoded.
inline bool same(const glz_picture& a, const bitmap& b) {
  const auto source = a.pixels.view().first(image::row_bytes(a.format, a.width) * a.height);
  return a.format == b.format && a.width == b.width && a.height == b.height && a.top_down == b.top_down &&
         transported(a.format, {source.begin(), source.end()}) == transported(b.format, b.pixels);
}

/// Pixels of a format, with arbitrary bits where the format has pads.
inline pixels paint(std::mt19937& random, content what, bitmap_format format, std::size_t count) {
  pixels out;
  const auto bytes = image::bits_per_pixel(format) / 8;
  const auto flat = static_cast<std::uint32_t>(random());
  std::uint32_t colour = flat;
  for (std::size_t i = 0; i < count; ++i) {
    const auto chance = static_cast<std::uint32_t>(random());
    if (what == content::text && chance % 5 == 0) colour = chance % 3 == 0 ? 0xff202020 : 0xffffffff;
    if (what == content::photo) colour = 0x40506070 + (chance & 0x01030301);
    if (what == content::noise) colour = chance;
    auto stored = colour;
    if (format == bitmap_format::rgb_32bit) stored = (colour & 0xffffff) | (chance & 0xff000000);
    if (format == bitmap_format::rgb_16bit) stored = (colour & 0x7fff) | (chance >> 31 << 15);
    for (std::size_t k = 0; k < bytes; ++k) out.push_back(static_cast<std::byte>(stored >> (8 * k)));
  }
  return out;
}

inline glz_picture picture_of(bitmap_format format, std::uint32_t width, std::uint32_t height, const pixels& from,
                              std::uint64_t spot = 0, bool top_down = true) {
  static std::uint64_t last = 0;
  return {format, width, height, top_down, shared_bytes::copy_of(from), spot, 0, ++last % image::glz_milestone};
}

inline glz_picture picture_of(std::mt19937& random, content what, bitmap_format format, std::uint32_t width,
                              std::uint32_t height) {
  return picture_of(format, width, height, paint(random, what, format, std::size_t{width} * height));
}

} // namespace saffron::test
