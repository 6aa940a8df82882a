// SPDX-License-Identifier: BSD-3-Clause
// The first two bytes are the number of pixels. What decodes must decode to the same when it is encoded again.
#include "messages/image/lz4.hpp"

#include <cstdlib>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto pixels = static_cast<std::size_t>(data[0] | data[1] << 8) * 4;
  const auto first = lz4_decode(std::as_bytes(std::span{data + 2, size - 2}), pixels);
  if (!first) return 0;
  std::vector<std::byte> again(lz4_header.begin(), lz4_header.end());
  const auto block = lz4_block(*first);
  again.insert(again.end(), block.view().begin(), block.view().end());
  const auto second = lz4_decode(again, pixels);
  if (!second || *second != *first) std::abort();
  return 0;
}
