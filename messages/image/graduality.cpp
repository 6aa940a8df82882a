// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/graduality.hpp"

#include <array>
#include <cstdlib>

namespace saffron::image {

namespace {

constexpr std::uint32_t step = 15;
constexpr double equal = 0.5, contrast = 1.0, small_step = -0.25;
constexpr int contrast_8bit = 60, contrast_5bit = 8;
constexpr double gradual_below = -0.03, gradual_below_16bit = 0;

using colors = std::array<int, 3>;

colors pixel(const bitmap_view& source, std::uint32_t x, std::uint32_t y) {
  const auto bytes = bits_per_pixel(source.format) / 8;
  const auto* at = source.row(y) + std::size_t{x} * bytes;
  const auto byte = [at](std::size_t i) { return std::to_integer<int>(at[i]); };
  if (bytes != 2) return {byte(0), byte(1), byte(2)};
  const int word = byte(0) | byte(1) << 8;
  return {word & 31, word >> 5 & 31, word >> 10 & 31};
}

double pair_score(const colors& a, const colors& b, int threshold) {
  if (a == b) return equal;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::abs(a[i] - b[i]) >= threshold) return contrast;
  return small_step;
}

} // namespace

double graduality(const bitmap_view& source) {
  if (is_indexed(source.format) || source.format == bitmap_format::alpha_8bit || !source.whole() || source.width < 2 ||
      source.height < 2)
    return 1;
  const int threshold = source.format == bitmap_format::rgb_16bit ? contrast_5bit : contrast_8bit;
  double sum = 0;
  std::uint64_t pairs = 0;
  const auto stride = source.width % step == 0 ? step - 1 : step;
  const auto end = std::uint64_t{source.width} * (source.height - 1);
  for (std::uint64_t at = source.width / 2; at < end; at += stride) {
    auto x = static_cast<std::uint32_t>(at % source.width);
    const auto y = static_cast<std::uint32_t>(at / source.width);
    if (x + 1 == source.width) --x;
    const auto here = pixel(source, x, y);
    const std::array around{pixel(source, x + 1, y), pixel(source, x, y + 1), pixel(source, x + 1, y + 1)};
    if (here == around[0] && here == around[1] && here == around[2]) continue;
    for (const auto& other : around) sum += pair_score(here, other, threshold);
    pairs += around.size();
  }
  return pairs == 0 ? 1 : sum / static_cast<double>(pairs);
}

bool is_gradual(const bitmap_view& source) {
  return graduality(source) < (source.format == bitmap_format::rgb_16bit ? gradual_below_16bit : gradual_below);
}

} // namespace saffron::image
