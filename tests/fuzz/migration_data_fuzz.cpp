// SPDX-License-Identifier: BSD-3-Clause
// The first byte chooses the channel.
#include "messages/wire/migration.hpp"
#include "tests/fuzz/round_trip.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::migration;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const auto body = std::as_bytes(std::span{data + 1, size - 1});
  const bool lossy = data[0] % 4 == 3;
  switch (data[0] % 4) {
  case 0: fuzz::round_trip(body, decode<main_data>, encode<main_data>); break;
  case 1: fuzz::round_trip(body, decode<inputs_data>, encode<inputs_data>); break;
  default:
    fuzz::round_trip(
        body, [&](auto b) { return decode_display_data(b, lossy); }, encode<display_data>);
  }
  return 0;
}
