// SPDX-License-Identifier: BSD-3-Clause
// The first two bytes are the format and the width of a picture, the others its pixels, which must come back.
#include "messages/image/lz.hpp"

#include <cstdlib>

using namespace saffron::image;

namespace {

/// Of byte `i` of the pixels, the bits that come back.
std::byte transported(bitmap_format format, std::size_t i) {
  if (format == bitmap_format::rgb_16bit && i % 2 == 1) return std::byte{0x7f};
  return std::byte(format == bitmap_format::rgb_32bit && i % 4 == 3 ? 0 : 0xff);
}

void must_come_back(std::span<const std::byte> data, const bitmap_view& picture) {
  const auto decoded = lz_decode(data, picture.width * std::size_t{picture.height});
  if (!decoded || decoded->format != picture.format || decoded->top_down != picture.top_down) std::abort();
  if (decoded->pixels.size() != picture.pixels.size()) std::abort();
  for (std::size_t i = 0; i < picture.pixels.size(); ++i)
    if (((decoded->pixels[i] ^ picture.pixels[i]) & transported(picture.format, i)) != std::byte{0}) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  // A copy of exactly the pixels: nothing behind them may be read.
  const auto all = std::as_bytes(std::span{data + 2, size - 2});
  bitmap_view view{static_cast<bitmap_format>(data[0] % 10 + 1), data[1] + 1u, 0, 0, data[0] < 128, {}};
  view.stride = row_bytes(view.format, view.width);
  view.height = static_cast<std::uint32_t>(all.size() / view.stride);
  const std::vector<std::byte> pixels(all.begin(),
                                      all.begin() + static_cast<std::ptrdiff_t>(view.stride * view.height));
  view.pixels = pixels;
  const auto encoded = lz_encode(view);
  if (encoded.has_value() != (view.height > 0)) std::abort();
  if (!encoded) return 0;
  must_come_back(encoded->view(), view);
  if (view.format == bitmap_format::rgba) {
    std::vector<std::byte> alpha;
    for (std::size_t i = 3; i < pixels.size(); i += 4) alpha.push_back(pixels[i]);
    const auto alone = lz_encode_alpha(view);
    if (!alone) std::abort();
    must_come_back(alone->view(),
                   {bitmap_format::alpha_8bit, view.width, view.height, view.width, view.top_down, alpha});
  }
  return 0;
}
