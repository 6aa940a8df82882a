// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/pictures.hpp"

#include <random>

namespace saffron::codecs {

namespace {

using image::bitmap_format;

void append(std::vector<std::byte>& to, unsigned value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

} // namespace

image::bitmap sample(sample_kind kind, bitmap_format format, std::uint32_t width, std::uint32_t height) {
  image::bitmap out{format, width, height, true, {}};
  auto pixels = devices::sample_picture(kind, static_cast<int>(width), static_cast<int>(height));
  if (format == bitmap_format::rgb_32bit) return out.pixels = std::move(pixels), out;
  out.pixels.reserve(image::row_bytes(format, width) * height);
  std::mt19937 random{1};
  for (std::size_t i = 0; i < pixels.size(); i += 4) {
    const auto b = std::to_integer<unsigned>(pixels[i]), g = std::to_integer<unsigned>(pixels[i + 1]),
               r = std::to_integer<unsigned>(pixels[i + 2]);
    const unsigned bgr = r << 16 | g << 8 | b;
    switch (format) {
    case bitmap_format::indexed_8bit: append(out.pixels, (r >> 5) << 5 | (g >> 5) << 2 | b >> 6, 1); break;
    case bitmap_format::rgb_16bit: append(out.pixels, (r >> 3) << 10 | (g >> 3) << 5 | b >> 3, 2); break;
    case bitmap_format::rgb_24bit: append(out.pixels, bgr, 3); break;
    case bitmap_format::rgba:
      append(out.pixels, bgr | (kind == sample_kind::noise ? static_cast<unsigned>(random()) & 0xff : 0xff) << 24, 4);
      break;
    default: return {format, 0, 0, true, {}};
    }
  }
  return out;
}

std::string_view name_of(bitmap_format format) noexcept {
  switch (format) {
  case bitmap_format::invalid: return "INVALID";
  case bitmap_format::le_1bit: return "1BIT_LE";
  case bitmap_format::be_1bit: return "1BIT_BE";
  case bitmap_format::le_4bit: return "4BIT_LE";
  case bitmap_format::be_4bit: return "4BIT_BE";
  case bitmap_format::indexed_8bit: return "8BIT";
  case bitmap_format::rgb_16bit: return "16BIT";
  case bitmap_format::rgb_24bit: return "24BIT";
  case bitmap_format::rgb_32bit: return "32BIT";
  case bitmap_format::rgba: return "RGBA";
  case bitmap_format::alpha_8bit: return "8BIT_A";
  }
  return "?";
}

} // namespace saffron::codecs
