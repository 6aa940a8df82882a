// SPDX-License-Identifier: BSD-3-Clause
// The promises of the flow control, held against a model in random histories: tokens are conserved, bytes arrive once
// and in order, the right client is removed for the right reason, nothing is delivered without a token.
#include "tests/unit/devices/flow_history.hpp"

#include <doctest/doctest.h>

#include <array>

namespace saffron::devices {
namespace {

constexpr int steps = 200;

} // namespace

TEST_CASE("in any history tokens and bytes are conserved and the right clients are removed") {
  std::size_t delivered = 0, written = 0, granted = 0, moves = 0;
  std::map<errc, std::size_t> removals;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    tests::seeded_dice dice{seed, steps};
    tests::flow_history history{dice};
    REQUIRE(history.live() == "");
    delivered += history.delivered();
    written += history.written();
    granted += history.granted();
    moves += history.moves();
    for (const auto& [reason, count] : history.removals()) removals[reason] += count;
  }
  // The histories are of use.
  CHECK(delivered > 10'000);
  CHECK(written > 100'000);
  CHECK(granted > 5000);
  CHECK(moves > 1000);
  CHECK(removals[errc::send_queue_overflow] > 1000);
  CHECK(removals[errc::timed_out] > 100);
  CHECK(removals[errc::token_violation] > 1000);
  CHECK(removals[errc::too_many] > 100);
}

TEST_CASE("histories that went wrong once go right") {
  // To look at one history, add its seed here and run this test alone.
  for (const std::uint64_t seed : std::array<std::uint64_t, 1>{1}) {
    CAPTURE(seed);
    tests::seeded_dice dice{seed, steps};
    CHECK(tests::flow_history{dice}.live() == "");
  }
}

} // namespace saffron::devices
