// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/yardstick.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace saffron::codecs;
using doctest::Approx;

namespace {

const std::vector<yardstick> all{
    {"desktop", 2000, 10000, 4000, true}, {"photo", 450, 10000, 500, true}, {"noise", 30000, 10000, 10000, false}};

} // namespace

TEST_CASE("a picture's factor is LZ4 on it here over LZ4 on it there") {
  CHECK(machine_factor("desktop", all) == Approx(0.5));
  CHECK(machine_factor("photo", all) == Approx(0.9));
}

TEST_CASE("where LZ4 merely skips, the factor is the mean of the pictures where it does not") {
  CHECK(machine_factor("noise", all) == Approx(0.7));
}

TEST_CASE("without a yardstick there is no factor") {
  CHECK(machine_factor("desktop", {}) == 0);
  CHECK(machine_factor("noise", std::vector{all[2]}) == 0);
  CHECK(machine_factor("desktop", std::vector{yardstick{"desktop", 2000, 10000, 0, true}}) == 0);
}

TEST_CASE("speeds are millions of bytes a second, and nothing is no speed") {
  CHECK(speed(8'000'000, 0.5) == Approx(16));
  CHECK(speed(8'000'000, 0) == 0);
  CHECK(ratio(3, 2) == Approx(1.5));
  CHECK(ratio(3, 0) == 0);
}
