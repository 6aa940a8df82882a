// SPDX-License-Identifier: BSD-3-Clause
// A message of either direction, and the first bytes of one as a device sends it.
#include "messages/wire/smartcard.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace saffron::wire::smartcard;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= message_header::wire_size) {
    const auto first = std::as_bytes(std::span{data, size}).first<message_header::wire_size>();
    if (!std::ranges::equal(to_network(from_network(first)), first)) std::abort();
  }
  return saffron::fuzz::any_message(data, size, decode_any);
}
