// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/port.hpp"
#include "tests/fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return saffron::fuzz::any_message(data, size, saffron::wire::port::to_client::decode_any);
}
