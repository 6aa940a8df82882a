// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/sample_formats.hpp"

#include <array>

namespace saffron::devices {

namespace {

using image::bitmap_format;

struct color {
  std::uint32_t red, green, blue;
  [[nodiscard]] std::uint32_t light() const { return (red * 3 + green * 6 + blue) / 10; }
  [[nodiscard]] std::uint32_t packed() const { return red << 16 | green << 8 | blue; }
};

/// Eight tones of red and of green, four of blue.
std::uint32_t index_of_256(color c) { return (c.red >> 5) << 5 | (c.green >> 5) << 2 | c.blue >> 6; }
color entry_of_256(std::uint32_t index) {
  return {(index >> 5) * 255 / 7, (index >> 2 & 7) * 255 / 7, (index & 3) * 85};
}

palette_ptr palette_for(bitmap_format format) {
  const auto bits = image::bits_per_pixel(format);
  auto made = std::make_shared<wire::display::palette>();
  made->unique = bits;
  for (std::uint32_t i = 0; i < 1U << bits; ++i) {
    const auto gray = i * 255 / ((1U << bits) - 1);
    made->entries.push_back(bits == 8 ? entry_of_256(i).packed() : color{gray, gray / 2, 255 - gray}.packed());
  }
  return made;
}

/// The bits of one pixel.
std::uint32_t value_in(bitmap_format format, color c, std::uint32_t alpha) {
  switch (format) {
  case bitmap_format::le_1bit:
  case bitmap_format::be_1bit: return c.light() >> 7;
  case bitmap_format::le_4bit:
  case bitmap_format::be_4bit: return c.light() >> 4;
  case bitmap_format::indexed_8bit: return index_of_256(c);
  case bitmap_format::rgb_16bit: return (c.red >> 3) << 10 | (c.green >> 3) << 5 | c.blue >> 3;
  case bitmap_format::alpha_8bit: return alpha;
  case bitmap_format::rgba: return alpha << 24 | c.packed();
  default: return c.packed();
  }
}

/// Where in its byte a pixel of less than eight bits begins.
std::uint32_t shift_in_byte(bitmap_format format, std::uint32_t x) {
  const auto bits = image::bits_per_pixel(format), place = x % (8 / bits) * bits;
  return format == bitmap_format::be_1bit || format == bitmap_format::be_4bit ? 8 - bits - place : place;
}

void put(std::byte* row, bitmap_format format, std::uint32_t x, std::uint32_t value) {
  const auto bits = image::bits_per_pixel(format);
  if (bits < 8) {
    row[x * bits / 8] |= static_cast<std::byte>(value << shift_in_byte(format, x));
    return;
  }
  for (std::uint32_t i = 0; i < bits / 8; ++i) row[x * (bits / 8) + i] = static_cast<std::byte>(value >> (8 * i));
}

} // namespace

picture_ptr sample_in_format(sample_kind kind, extent size, bitmap_format format, bool top_down) {
  const auto source = sample_picture(kind, static_cast<int>(size.width), static_cast<int>(size.height));
  const auto stride = image::row_bytes(format, size.width);
  image::bitmap made;
  made.format = format;
  made.width = size.width;
  made.height = size.height;
  made.top_down = top_down;
  made.pixels.resize(stride * size.height);
  for (std::uint32_t y = 0; y < size.height; ++y) {
    auto* row = made.pixels.data() + stride * (top_down ? y : size.height - 1 - y);
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const auto* from = source.data() + (std::size_t{y} * size.width + x) * 4;
      const auto byte = [from](int i) { return std::to_integer<std::uint32_t>(from[i]); };
      put(row, format, x, value_in(format, {byte(2), byte(1), byte(0)}, 255 - x * 255 / size.width));
    }
  }
  return make_picture(made.view(), image::is_indexed(format) ? palette_for(format) : palette_ptr{}).value();
}

} // namespace saffron::devices
