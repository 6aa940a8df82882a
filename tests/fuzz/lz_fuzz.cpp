// SPDX-License-Identifier: BSD-3-Clause
// What decodes must decode to the same when it is encoded again.
#include "messages/image/lz.hpp"

#include <cstdlib>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t most_pixels = 1 << 20;
  const auto first = lz_decode(std::as_bytes(std::span{data, size}), most_pixels);
  if (!first) return 0;
  const auto again = lz_encode(first->view());
  if (!again) std::abort();
  auto second = lz_decode(again->view(), most_pixels);
  if (!second || second->format != first->format || second->width != first->width || second->height != first->height ||
      second->top_down != first->top_down)
    std::abort();
  // Bit 15 of 16 bit pixels is not transported.
  const auto kept = std::byte(first->format == bitmap_format::rgb_16bit ? 0x7f : 0xff);
  for (std::size_t i = 0; i < first->pixels.size(); ++i)
    if (((first->pixels[i] ^ second->pixels[i]) & (i % 2 == 1 ? kept : std::byte{0xff})) != std::byte{0}) std::abort();
  return 0;
}
