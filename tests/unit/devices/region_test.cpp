// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/region.hpp"
#include "tests/unit/devices/model_client.hpp"

#include <doctest/doctest.h>

#include <bitset>
#include <utility>

namespace saffron::devices {
namespace {

constexpr std::int32_t edge = 24;

// The same set, pixel by pixel.
struct bits {
  std::bitset<edge * edge> on;

  static bits of(rect r) {
    bits b;
    for (auto y = r.top; y < r.bottom; ++y)
      for (auto x = r.left; x < r.right; ++x) b.on.set(static_cast<std::size_t>(y * edge + x));
    return b;
  }
  static bits of(const region& region) {
    bits b;
    for (const auto& r : region.rects()) {
      const auto one = of(r);
      CHECK((b.on & one.on).none()); // disjoint
      b.on |= one.on;
    }
    return b;
  }
};

} // namespace

TEST_CASE("a region does what a set of pixels does") {
  tests::dice dice{1};
  region r;
  bits expected;
  for (int i = 0; i < 3000; ++i) {
    const auto area = dice.area({edge, edge});
    switch (dice.roll(0, 9)) {
    case 0:
      r.intersect(area);
      expected.on &= bits::of(area).on;
      break;
    case 1:
    case 2:
    case 3:
      r.subtract(area);
      expected.on &= ~bits::of(area).on;
      break;
    case 4: {
      region other{area};
      other.add(dice.area({edge, edge}));
      r.subtract(other);
      expected.on &= ~bits::of(other).on;
      break;
    }
    default:
      r.add(area);
      expected.on |= bits::of(area).on;
      break;
    }
    REQUIRE(bits::of(r).on == expected.on);
    CHECK(r.area() == expected.on.count());
    CHECK(r.empty() == expected.on.none());
    const auto probe = dice.area({edge, edge});
    const auto covered = bits::of(probe).on & expected.on;
    CHECK(r.contains(probe) == (covered.count() == probe.area()));
    CHECK(r.overlaps(probe) == covered.any());
    auto few = r;
    few.simplify(dice.roll(1, 6));
    CHECK((bits::of(few).on & expected.on) == expected.on);
    CHECK(few.bounds() == r.bounds());
  }
}

TEST_CASE("a simplified region has at most as many rectangles as asked for") {
  tests::dice dice{2};
  for (int i = 0; i < 200; ++i) {
    region r;
    for (int j = 0; j < 200; ++j) r.add(rect{0, 0, 3, 2}.shifted(dice.roll(0, 1000), dice.roll(0, 1000)));
    const auto most = dice.roll(1, 70);
    r.simplify(most);
    CHECK(r.rect_count() <= most);
  }
}

TEST_CASE("empty rectangles change nothing") {
  region r{{0, 0, 4, 4}};
  r.add({3, 3, 3, 9});
  r.add({9, 9, 2, 2});
  r.subtract({2, 2, 1, 1});
  CHECK(r == region{{0, 0, 4, 4}});
  CHECK(!r.overlaps({2, 2, 2, 4}));
  CHECK(region{{5, 5, 5, 5}}.empty());
  CHECK(region{}.bounds().empty());
}

TEST_CASE("a region moves like a value and can be shifted") {
  region a{{0, 0, 4, 4}};
  a.add({8, 8, 9, 9});
  auto b = std::move(a);
  CHECK(b.rect_count() == 2);
  a = b;
  b.translate(10, 20);
  CHECK(b.bounds() == rect{10, 20, 19, 29});
  CHECK(a.bounds() == rect{0, 0, 9, 9});
  a = std::move(b);
  CHECK(a.bounds() == rect{10, 20, 19, 29});
}

} // namespace saffron::devices
