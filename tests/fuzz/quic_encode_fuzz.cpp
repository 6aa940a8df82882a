// SPDX-License-Identifier: BSD-3-Clause
// The first bytes choose format, orientation, width and padding of rows; the others are pixels, or, since chance makes
// no runs, pixels and how often each of them comes. Whatever the picture, every way to encode it gives the same stream,
// and that decodes to the picture.
#include "messages/image/quic_encode.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace saffron::image;

namespace {

constexpr std::array formats{bitmap_format::alpha_8bit, bitmap_format::rgb_16bit, bitmap_format::rgb_24bit,
                             bitmap_format::rgb_32bit, bitmap_format::rgba};

std::vector<std::byte> repeated(std::span<const std::byte> data, std::size_t pixel) {
  std::vector<std::byte> out;
  for (; data.size() > pixel && out.size() < 1 << 18; data = data.subspan(pixel + 1))
    for (auto n = std::to_integer<unsigned>(data[pixel]) + 1; n > 0; --n)
      out.insert(out.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(pixel));
  return out;
}

/// Bits of the byte at `at` in a row of this format that are a colour.
std::byte colour_bits(bitmap_format format, std::size_t at) {
  if (format == bitmap_format::rgb_32bit && at % 4 == 3) return std::byte{0};
  return format == bitmap_format::rgb_16bit && at % 2 == 1 ? std::byte{0x7f} : std::byte{0xff};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 5) return 0;
  bitmap_view view;
  view.format = formats[data[0] % formats.size()];
  view.top_down = (data[1] & 1) != 0;
  view.width = 1U + data[2] + (data[3] & 15U) * 256U;
  const auto row = row_bytes(view.format, view.width);
  view.stride = row + data[4] % 8U;
  const auto rest = std::as_bytes(std::span{data + 5, size - 5});
  const std::vector<std::byte> pixels = (data[1] & 2) != 0 ? repeated(rest, bits_per_pixel(view.format) / 8)
                                                           : std::vector<std::byte>{rest.begin(), rest.end()};
  view.pixels = pixels;
  view.height = static_cast<std::uint32_t>((pixels.size() + view.stride - row) / view.stride);

  const auto encoded = quic_encode(view), plain = quic::encode(view, quic::plain_rows);
  if (encoded.has_value() != view.whole() || plain.has_value() != view.whole()) std::abort();
  if (!encoded) return 0;
  if (!std::ranges::equal(encoded->view(), plain->view())) std::abort();
  const auto decoded = quic_decode(encoded->view(), std::uint64_t{view.width} * view.height);
  if (!decoded || decoded->format != view.format || decoded->width != view.width || decoded->height != view.height)
    std::abort();
  for (std::uint32_t y = 0; y < view.height; ++y) {
    const auto* const is = decoded->view().row(y);
    const auto* const was = view.row(view.top_down ? y : view.height - 1 - y);
    for (std::size_t i = 0; i < row; ++i)
      if (is[i] != (was[i] & colour_bits(view.format, i))) std::abort();
  }
  return 0;
}
