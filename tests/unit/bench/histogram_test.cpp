// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using saffron::load::histogram;
using namespace std::chrono_literals;

TEST_CASE("an empty histogram has only zeros") {
  const histogram h;
  CHECK(h.count() == 0);
  CHECK(h.min() == 0ns);
  CHECK(h.max() == 0ns);
  CHECK(h.mean() == 0ns);
  CHECK(h.percentile(50) == 0ns);
}

TEST_CASE("one value is every percentile") {
  histogram h;
  h.record(1234567ns);
  for (const auto p : {0.0, 1.0, 50.0, 99.0, 100.0}) CHECK(h.percentile(p) == 1234567ns);
  CHECK(h.mean() == 1234567ns);
}

TEST_CASE("values beyond the ends are clamped") {
  histogram h;
  h.record(-5s);
  h.record(48h);
  CHECK(h.min() == 0ns);
  CHECK(h.max() > 2h);
  CHECK(h.percentile(100) == h.max());
}

TEST_CASE("percentiles are those of the sorted values, within a 64th") {
  std::mt19937_64 random{7};
  std::vector<std::int64_t> values;
  histogram h;
  for (int i = 0; i < 20000; ++i) {
    const auto magnitude = std::uniform_int_distribution<int>{0, 40}(random);
    values.push_back(static_cast<std::int64_t>(random() % (std::uint64_t{2} << magnitude)));
    h.record(std::chrono::nanoseconds{values.back()});
  }
  std::sort(values.begin(), values.end());
  for (const auto p : {1.0, 10.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto exact = values[std::max<std::size_t>(static_cast<std::size_t>(std::ceil(p / 100 * 20000)), 1) - 1];
    const auto found = h.percentile(p).count();
    CHECK(found >= exact);
    CHECK(found <= exact + exact / 64 + 1);
  }
  CHECK(h.max().count() == values.back());
  CHECK(h.min().count() == values.front());
}

TEST_CASE("merged histograms count as one") {
  histogram one, two, all;
  for (int i = 1; i <= 1000; ++i) {
    (i % 3 == 0 ? one : two).record(std::chrono::microseconds{i});
    all.record(std::chrono::microseconds{i});
  }
  histogram merged;
  merged.merge(one);
  merged.merge(histogram{});
  merged.merge(two);
  CHECK(merged.count() == 1000);
  CHECK(merged.min() == all.min());
  CHECK(merged.max() == all.max());
  CHECK(merged.mean() == all.mean());
  for (const auto p : {1.0, 50.0, 99.0}) CHECK(merged.percentile(p) == all.percentile(p));
}
