// SPDX-License-Identifier: BSD-3-Clause
// The first two bytes are the size that the data claims to have. What unwraps must survive another wrapping.
#include "messages/image/zlib_glz.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto input = std::as_bytes(std::span{data + 2, size - 2});
  const auto first = zlib_glz_unwrap(input, static_cast<std::uint32_t>(data[0] | data[1] << 8), 1u << 15);
  // The input itself, too: arbitrary streams seldom unwrap.
  for (const auto glz : {first ? first->view() : input, input}) {
    const auto header = glz.first(std::min<std::size_t>(glz.size(), 33)), payload = glz.subspan(header.size());
    const auto deflated = glz_deflate(payload);
    if (!deflated) continue;
    const auto ends = zlib_glz_around(*deflated, header, payload.size());
    std::vector<std::byte> again;
    for (const auto part : {ends.head.view(), deflated->data.view(), ends.tail.view()})
      again.insert(again.end(), part.begin(), part.end());
    if (again.size() >= glz.size()) std::abort();
    const auto second = zlib_glz_unwrap(again, static_cast<std::uint32_t>(glz.size()), glz.size());
    if (!second || !std::equal(glz.begin(), glz.end(), second->view().begin(), second->view().end())) std::abort();
  }
  return 0;
}
