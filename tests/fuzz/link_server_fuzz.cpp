// SPDX-License-Identifier: BSD-3-Clause
// What a server answers to a link message.
#include "messages/wire/link.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace saffron::wire;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  saffron::fuzz::round_trip(std::as_bytes(std::span{data, size}), decode<link_reply>, encode<link_reply>);
  return 0;
}
