// SPDX-License-Identifier: BSD-3-Clause
// What decodes is a whole picture within the limit, and becomes a JPEG of the same size again.
#include "messages/image/jpeg.hpp"

#include <cstdlib>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t limit = 256 * 256;
  const auto first = jpeg_decode(std::as_bytes(std::span{data, size}), limit);
  if (!first) return 0;
  if (!first->view().whole() || !first->top_down || first->pixels.size() > limit * 4) std::abort();
  const auto chroma = size % 2 == 0 ? jpeg_chroma::shared_by_four : jpeg_chroma::each_its_own;
  const auto again = jpeg_encode(first->view(), static_cast<int>(1 + size % 100), chroma);
  if (!again) std::abort();
  const auto second = jpeg_decode(again->view(), limit);
  if (!second || second->width != first->width || second->height != first->height) std::abort();
  return 0;
}
