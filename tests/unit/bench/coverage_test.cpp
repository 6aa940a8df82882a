// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/coverage.hpp"

#include <doctest/doctest.h>

#include <random>

using saffron::rect;
using saffron::load::coverage;

TEST_CASE("strips cover a surface once the last one is there") {
  coverage c;
  c.reset({0, 0, 1920, 1080});
  for (int top = 0; top < 1080; top += 32) {
    CHECK(!c.complete());
    c.add({0, top, 1920, std::min(top + 32, 1080)});
  }
  CHECK(c.complete());
}

TEST_CASE("a new surface has to be drawn again") {
  coverage c;
  CHECK(c.complete());
  c.reset({0, 0, 10, 10});
  c.add({-5, -5, 20, 20});
  CHECK(c.complete());
  c.reset({0, 0, 10, 10});
  CHECK(!c.complete());
}

TEST_CASE("random rectangles cover exactly what a bitmap says") {
  std::mt19937 random{3};
  for (int round = 0; round < 50; ++round) {
    constexpr int edge = 12;
    bool drawn[edge][edge]{};
    coverage c;
    c.reset({0, 0, edge, edge});
    for (int i = 0; i < 60; ++i) {
      const auto coordinate = [&random] { return static_cast<std::int32_t>(random() % (edge + 1)); };
      const rect r{coordinate(), coordinate(), coordinate(), coordinate()};
      c.add(r);
      for (auto y = r.top; y < r.bottom; ++y)
        for (auto x = r.left; x < r.right; ++x) drawn[y][x] = true;
      bool all = true;
      for (const auto& row : drawn)
        for (const bool pixel : row) all = all && pixel;
      REQUIRE(c.complete() == all);
    }
  }
}
