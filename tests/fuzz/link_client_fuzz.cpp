// SPDX-License-Identifier: BSD-3-Clause
// What a client sends before it is a channel: a header, then a link message.
#include "messages/wire/link.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace saffron::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span{data, size});
  if (const auto header = decode<link_header>(bytes)) static_cast<void>(check_link_header(*header));
  saffron::fuzz::round_trip(bytes, parse_link_message, [](const auto& m) { return encode(m); });
  return 0;
}
