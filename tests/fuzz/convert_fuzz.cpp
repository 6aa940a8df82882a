// SPDX-License-Identifier: BSD-3-Clause
// Format, width, height, stride, orientation and colours of the palette, a byte each, then pixels. Whatever is whole
// becomes a picture of that size, and nothing is read beyond the pixels.
#include "messages/image/convert.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t header = 6;
  if (size < header) return 0;
  // A copy of its own size, so that one byte too far is seen.
  const auto count = size - header;
  const auto pixels = std::make_unique<std::byte[]>(count);
  std::memcpy(pixels.get(), data + header, count);
  const bitmap_view from{static_cast<bitmap_format>(data[0]), data[1], data[2], data[3], (data[4] & 1) != 0,
                         std::span{pixels.get(), count}};
  std::array<std::uint32_t, 256> colors{};
  for (std::uint32_t i = 0; i < colors.size(); ++i) colors[i] = i * 0x010101;
  const auto to = to_rgb32(from, std::span{colors}.first(data[5]));
  if (to.has_value() != from.whole()) std::abort();
  if (to && (!to->view().whole() || to->pixels.size() != std::size_t{4} * data[1] * data[2])) std::abort();
  return 0;
}
