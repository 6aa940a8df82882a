// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/agent.hpp"
#include "tests/fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return saffron::fuzz::any_message(data, size, [](std::uint16_t type, auto body) {
    return saffron::wire::agent::decode_any(static_cast<saffron::wire::agent::message_type>(type), body);
  });
}
