// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/convert.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace saffron::image {

namespace {

using pixel = std::uint32_t;

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

void store(std::byte* to, pixel value) { std::memcpy(to, &value, sizeof value); }

/// Two pixels of 0rrrrrgggggbbbbb, in the low halves of either 32 bits, to 0x00RRGGBB: the channels side by side.
std::uint64_t expanded(std::uint64_t v) {
  constexpr std::uint64_t both = 0x1'0000'0001;
  const auto high = (v & 0x1f * both) << 3 | (v & 0x3e0 * both) << 6 | (v & 0x7c00 * both) << 9;
  return high | (high >> 5 & 0x070707 * both);
}

void row_of_16bit(const std::byte* from, std::size_t width, std::byte* to) {
  std::size_t x = 0;
  for (; x + 1 < width; x += 2) {
    const std::uint64_t two = load<std::uint32_t>(from + 2 * x);
    const auto out = expanded((two & 0xffff) | two >> 16 << 32);
    std::memcpy(to + 4 * x, &out, sizeof out);
  }
  if (x < width) store(to + 4 * x, static_cast<pixel>(expanded(load<std::uint16_t>(from + 2 * x))));
}

void row_of_24bit(const std::byte* from, std::size_t width, std::byte* to) {
  // Four bytes are read at once where the next pixel follows.
  for (std::size_t x = 0; x + 1 < width; ++x) store(to + 4 * x, load<pixel>(from + 3 * x) & 0xffffff);
  const auto last = width - 1;
  store(to + 4 * last, 0);
  std::memcpy(to + 4 * last, from + 3 * last, 3);
}

void row_of_alpha(const std::byte* from, std::size_t width, std::byte* to) {
  for (std::size_t x = 0; x < width; ++x) store(to + 4 * x, std::to_integer<pixel>(from[x]) << 24);
}

/// Colours of all indices that a format can express, so that no pixel needs a check.
using lookup = std::array<pixel, 256>;

template <unsigned Bits, bool LowFirst>
void row_of_indices(const std::byte* from, std::size_t width, std::byte* to, const lookup& colors) {
  constexpr std::size_t per_byte = 8 / Bits;
  constexpr unsigned mask = (1U << Bits) - 1;
  for (std::size_t x = 0; x < width; ++from) {
    const auto byte = std::to_integer<unsigned>(*from);
    const auto count = std::min(per_byte, width - x);
    for (std::size_t i = 0; i < count; ++i, ++x) {
      const auto place = LowFirst ? i : per_byte - 1 - i;
      store(to + 4 * x, colors[byte >> (place * Bits) & mask]);
    }
  }
}

void convert_row(bitmap_format format, const std::byte* from, std::size_t width, std::byte* to, const lookup& colors) {
  switch (format) {
  case bitmap_format::invalid: return;
  case bitmap_format::le_1bit: return row_of_indices<1, true>(from, width, to, colors);
  case bitmap_format::be_1bit: return row_of_indices<1, false>(from, width, to, colors);
  case bitmap_format::le_4bit: return row_of_indices<4, true>(from, width, to, colors);
  case bitmap_format::be_4bit: return row_of_indices<4, false>(from, width, to, colors);
  case bitmap_format::indexed_8bit: return row_of_indices<8, true>(from, width, to, colors);
  case bitmap_format::rgb_16bit: return row_of_16bit(from, width, to);
  case bitmap_format::rgb_24bit: return row_of_24bit(from, width, to);
  case bitmap_format::rgb_32bit:
  case bitmap_format::rgba: std::memcpy(to, from, width * 4); return;
  case bitmap_format::alpha_8bit: return row_of_alpha(from, width, to);
  }
}

} // namespace

result<bitmap> to_rgb32(const bitmap_view& from, std::span<const std::uint32_t> palette) {
  if (!from.whole()) return fail{errc::codec_failed};
  lookup colors{};
  std::ranges::copy(palette.first(std::min(palette.size(), colors.size())), colors.begin());
  bitmap to{bitmap_format::rgb_32bit, from.width, from.height, true, {}};
  const auto row = row_bytes(to.format, to.width);
  const auto source_row = [&](std::uint32_t y) { return from.row(from.top_down ? y : from.height - 1 - y); };
  if (bits_per_pixel(from.format) == 32) { // appended: a row is written once, not zeroed before
    to.pixels.reserve(row * to.height);
    for (std::uint32_t y = 0; y < to.height; ++y) to.pixels.insert(to.pixels.end(), source_row(y), source_row(y) + row);
    return to;
  }
  to.pixels.resize(row * to.height);
  for (std::uint32_t y = 0; y < to.height; ++y)
    convert_row(from.format, source_row(y), from.width, to.pixels.data() + y * row, colors);
  return to;
}

} // namespace saffron::image
