// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/motion.hpp"

#include <cstdlib>
#include <cstring>

namespace saffron::devices::demo {

namespace {

constexpr std::uint32_t period = 256, grain_places = 16384;
/// Of each channel the upper six bits are wave, the lower two grain.
constexpr std::uint32_t grain_bits = 0x030303;
/// Steps that the wave moves in a frame. Enough to change the upper bits of at least two channels of every pixel.
constexpr std::uint32_t speed = 6;

std::uint32_t triangle(std::uint32_t place) {
  const auto p = static_cast<int>(place % period);
  return static_cast<std::uint32_t>(2 * (p < 128 ? p : 255 - p));
}

std::uint32_t mixed(std::uint32_t v) {
  v = (v ^ v >> 16) * 0x7feb352d;
  v = (v ^ v >> 15) * 0x846ca68b;
  return v ^ v >> 16;
}

} // namespace

motion::motion(std::uint32_t width) : wave_(width + period), grain_(width + grain_places) {
  for (std::uint32_t i = 0; i < wave_.size(); ++i)
    wave_[i] = (triangle(i) | triangle(i + 85) << 8 | triangle(i + 170) << 16) & ~grain_bits;
  for (std::uint32_t i = 0; i < grain_.size(); ++i) grain_[i] = mixed(i + 1) & grain_bits;
}

void motion::paint(std::span<std::uint32_t> pixels, extent size, std::uint32_t frame, bool inverted) const {
  const std::uint32_t mask = inverted ? 0xffffff : 0;
  const auto mask2 = std::uint64_t{mask} << 32 | mask;
  for (std::uint32_t y = 0; y < size.height; ++y) {
    auto* out = pixels.data() + std::size_t{y} * size.width;
    const auto* wave = wave_.data() + (y + speed * frame) % period;
    const auto* grain = grain_.data() + mixed(y * 8191 + frame) % grain_places;
    std::uint32_t x = 0;
    for (; x + 2 <= size.width; x += 2) { // two pixels a step
      std::uint64_t w = 0, g = 0;
      std::memcpy(&w, wave + x, sizeof w);
      std::memcpy(&g, grain + x, sizeof g);
      w = (w | g) ^ mask2;
      std::memcpy(out + x, &w, sizeof w);
    }
    if (x < size.width) out[x] = (wave[x] | grain[x]) ^ mask;
  }
}

} // namespace saffron::devices::demo
