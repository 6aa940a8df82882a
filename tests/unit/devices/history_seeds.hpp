// SPDX-License-Identifier: BSD-3-Clause
// Which histories a test lives. By default 2000, the same in every run; SAFFRON_HISTORIES=100000 SAFFRON_FIRST_SEED=7
// asks for others (./dev fuzz does), and SAFFRON_HISTORIES=1 with the seed of a failure for that one alone.
#pragma once

#include "tests/unit/devices/flow_history.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace saffron::tests {

inline std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const auto* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// Lives them, each of 200 steps, on devices of this make. The first that goes wrong fails the test and names its seed.
inline history_tally live_histories(const make_device& make) {
  constexpr int steps = 200;
  const auto first = number_from_environment("SAFFRON_FIRST_SEED", 1);
  const auto count = number_from_environment("SAFFRON_HISTORIES", 2000);
  history_tally all;
  for (auto seed = first; seed - first < count; ++seed) {
    seeded_dice dice{seed, steps};
    flow_history history{dice, make};
    INFO("SAFFRON_HISTORIES=1 SAFFRON_FIRST_SEED=", seed);
    REQUIRE(history.live() == "");
    all += history.tally();
  }
  if (count < 2000) return all;
  // They are of use.
  CHECK(all.delivered > 10'000);
  CHECK(all.written > 100'000);
  CHECK(all.granted > 5000);
  CHECK(all.refused > 1000);
  CHECK(all.moves > 1000);
  CHECK(all.removals[errc::send_queue_overflow] > 1000);
  CHECK(all.removals[errc::timed_out] > 100);
  CHECK(all.removals[errc::token_violation] > 500);
  CHECK(all.removals[errc::too_many] > 100);
  CHECK(all.removals[errc::bad_message] > 100);
  return all;
}

} // namespace saffron::tests
