// SPDX-License-Identifier: BSD-3-Clause
// A compressed message: what unpacks must be as long as it claims, and unpack to the same when it is packed again.
#include "messages/wire/port_compression.hpp"

#include <algorithm>
#include <cstdlib>

using namespace saffron::wire;
using namespace saffron::wire::port;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t limit = 1024 * 1024;
  const auto message = decode<compressed_data>(std::as_bytes(std::span{data, size}));
  if (!message) return 0;
  const auto first = decompress(*message, limit);
  if (!first) return 0;
  if (first->empty() || first->size() > limit) std::abort();
  const auto packed = compress(first->view());
  if (!packed) return 0;
  const auto second = decompress({.compression = compression_type::lz4,
                                  .uncompressed_size = static_cast<std::uint32_t>(first->size()),
                                  .data = packed->view()},
                                 limit);
  if (!second || !std::ranges::equal(second->view(), first->view())) std::abort();
  return 0;
}
