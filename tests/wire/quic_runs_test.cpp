// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic_columns.hpp"
#include "messages/image/quic_runs.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace saffron::image::quic;

TEST_CASE("a run coded at once has the bits of one coded step by step") {
  std::mt19937 random{1};
  run_code at_once, steps;
  for (int i = 0; i < 20000; ++i) {
    const auto length = static_cast<std::uint32_t>(random() >> (random() % 33 < 8 ? 12 : 20 + random() % 12));
    CAPTURE(length);
    std::uint32_t ones = 0, rest = length;
    for (; rest >= 1U << steps.bits(); ++ones) {
      rest -= 1U << steps.bits();
      steps.longer();
    }
    const auto bits = steps.bits();
    steps.shorter();
    const auto parts = at_once.split(length);
    CHECK(parts.ones == ones);
    CHECK(parts.rest == rest);
    CHECK(parts.bits == bits);
  }
}

TEST_CASE("an empty run is coded as one of length 0, and one that is not there as nothing") {
  run_code code, usual;
  for (const std::uint32_t length : {0U, 1U, 5U, 1000U, 3U, 100000U}) {
    for (auto* c : {&code, &usual}) CHECK(c->split(length).bits <= 15);
    CHECK(code.split_empty(false) == 0);
    CHECK(code.split_empty(true) == 1 + usual.split(0).bits);
    CHECK(code.bits() == usual.bits());
  }
}

TEST_CASE("the next set and clear bits are found wherever they are") {
  std::mt19937 random{2};
  for (int i = 0; i < 3000; ++i) {
    const auto width = 1 + static_cast<std::uint32_t>(random() % 400);
    column_bits bits{width};
    for (auto n = random() % 5; n > 0; --n)
      for (auto at = static_cast<std::uint32_t>(random() % width),
                end = at + static_cast<std::uint32_t>(random() % 200);
           at < std::min(end, width); ++at)
        bits.flip(at);
    const auto from = static_cast<std::uint32_t>(random() % (width + 1));
    auto set = from, clear = from;
    while (set < width && !bits.test(set)) ++set;
    while (clear < width && bits.test(clear)) ++clear;
    CHECK(bits.next_set(from, width) == set);
    CHECK(bits.next_clear(from, width) == clear);
    CHECK(bits.next_set(from, from) == from);
  }
}
