// SPDX-License-Identifier: BSD-3-Clause
// Histories of a char device, its decisions the fuzzer's, held against the model of the unit tests.
#include "tests/unit/devices/engine_under_test.hpp"
#include "tests/unit/devices/flow_history.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace saffron;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t longest = 512; // many histories find more than long ones
  tests::byte_dice dice{{data, std::min(size, longest)}};
  tests::flow_history history{
      dice, [](const auto& what, auto& around) { return std::make_unique<tests::engine_under_test>(what, around); }};
  if (const auto& failure = history.live(); !failure.empty()) {
    std::fprintf(stderr, "%s\n", failure.c_str());
    std::abort();
  }
  return 0;
}
