// SPDX-License-Identifier: BSD-3-Clause
// The first two bytes are width and height. What decodes must decode to the same when it is encoded again, whole or,
// where it has 32 bits a pixel, as blocks.
#include "messages/image/lz4.hpp"

#include <cstdlib>

using namespace saffron::image;

namespace {

bool same(const bitmap& a, const bitmap& b) {
  return a.format == b.format && a.width == b.width && a.height == b.height && a.top_down == b.top_down &&
         a.pixels == b.pixels;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto payload = std::as_bytes(std::span{data + 2, size - 2});
  const auto first = lz4_decode(payload, data[0], data[1]);
  const auto bytes = lz4_decode(payload, std::size_t{4} * data[0] * data[1]);
  const bool expected = first && first->format == bitmap_format::rgb_32bit;
  if (data[0] != 0 && data[1] != 0 && bytes.has_value() != expected) std::abort();
  if (!first) return 0;
  if (!first->view().whole()) std::abort();
  const auto encoded = lz4_encode(first->view());
  if (!encoded) std::abort();
  const auto second = lz4_decode(encoded->view(), data[0], data[1]);
  if (!second || !same(*first, *second)) std::abort();
  if (!bytes) return 0;
  if (*bytes != first->pixels) std::abort();
  std::vector<std::byte> again(lz4_header.begin(), lz4_header.end());
  const auto block = lz4_block(*bytes);
  again.insert(again.end(), block.view().begin(), block.view().end());
  const auto third = lz4_decode(again, bytes->size());
  if (!third || *third != *bytes) std::abort();
  return 0;
}
