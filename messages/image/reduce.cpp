// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/reduce.hpp"

#include <algorithm>
#include <array>

namespace saffron::image {

namespace {

constexpr std::uint32_t channels = 4, most_factor = 16;

// Adds a row's pixels to sums of `factor` columns.
void add_row(std::vector<std::uint32_t>& sums, const std::byte* row, std::uint32_t width, std::uint32_t factor) {
  auto* sum = sums.data();
  for (std::uint32_t x = 0; x < width; sum += channels) {
    const auto end = std::min(x + factor, width);
    for (; x < end; ++x, row += channels)
      for (std::uint32_t c = 0; c < channels; ++c) sum[c] += std::to_integer<std::uint32_t>(row[c]);
  }
}

} // namespace

result<bitmap> reduce(const bitmap_view& from, std::uint32_t factor) {
  if (from.format != bitmap_format::rgb_32bit || !from.whole() || factor == 0 || factor > most_factor)
    return fail{errc::codec_failed};
  bitmap out;
  out.width = reduced(from.width, factor);
  out.height = reduced(from.height, factor);
  out.top_down = from.top_down;
  out.pixels.reserve(std::size_t{out.width} * out.height * channels);
  std::vector<std::uint32_t> sums(std::size_t{out.width} * channels);
  for (std::uint32_t top = 0; top < from.height; top += factor) {
    const auto rows = std::min(factor, from.height - top);
    std::fill(sums.begin(), sums.end(), 0);
    for (std::uint32_t y = top; y < top + rows; ++y) add_row(sums, from.row(y), from.width, factor);
    for (std::uint32_t x = 0; x < out.width; ++x) {
      const auto count = std::max(std::min(factor, from.width - x * factor) * rows, 1u);
      for (std::uint32_t c = 0; c < channels; ++c)
        out.pixels.push_back(static_cast<std::byte>((sums[x * channels + c] + count / 2) / count));
    }
  }
  return out;
}

} // namespace saffron::image
