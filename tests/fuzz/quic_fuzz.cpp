// SPDX-License-Identifier: BSD-3-Clause
// What decodes must decode to the same when it is encoded again.
#include "messages/image/quic.hpp"

#include <cstdlib>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t most_pixels = 1 << 15;
  const auto first = quic_decode(std::as_bytes(std::span{data, size}), most_pixels);
  if (!first) return 0;
  const auto again = quic_encode(first->view());
  if (!again) std::abort();
  const auto second = quic_decode(again->view(), most_pixels);
  if (!second || second->pixels != first->pixels || second->format != first->format || second->width != first->width)
    std::abort();
  return 0;
}
