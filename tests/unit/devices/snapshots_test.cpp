// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/snapshots.hpp"

#include <doctest/doctest.h>

#include <set>

namespace saffron::devices {

TEST_CASE("the same strip, unchanged, is the same picture for the next reader") {
  auto s = surface::make({640, 480}).value();
  snapshots shared;
  const auto first = shared.take(s, {0, 0, 640, 480});
  const auto second = shared.take(s, {0, 0, 640, 480});
  REQUIRE(first.strips.size() > 1);
  CHECK(first.strips == second.strips);
  CHECK(shared.kept_bytes() == 640 * 480 * 4);
}

TEST_CASE("what was drawn on is taken anew, its neighbours are not") {
  auto s = surface::make({640, 480}).value();
  snapshots shared;
  const auto before = shared.take(s, {0, 0, 640, 480});
  s.fill({5, 0, 6, 1}, 3);
  shared.drawn({5, 0, 6, 1});
  const auto after = shared.take(s, {0, 0, 640, 480});
  CHECK(after.strips[0] != before.strips[0]);
  CHECK(after.strips[0]->id != before.strips[0]->id);
  CHECK(after.strips[0]->pixels.data()[5 * 4] == std::byte{3});
  CHECK(before.strips[0]->pixels.data()[5 * 4] == std::byte{0});
  CHECK(after.strips[1] == before.strips[1]);
}

TEST_CASE("strips are whole rows of at most strip_bytes, or one row") {
  auto s = surface::make({16384, 20}).value();
  snapshots shared;
  const auto p = shared.take(s, {0, 0, 16384, 20});
  REQUIRE(p.strips.size() == 5); // 64 KiB a row
  std::set<std::uint64_t> ids;
  for (const auto& strip : p.strips) {
    CHECK(strip->area.height() == 4);
    CHECK(strip->pixels.size() == strip->area.area() * 4);
    ids.insert(strip->id);
  }
  CHECK(ids.size() == 5);
  CHECK(shared.take(s, {3, 7, 5, 8}).strips.size() == 1);
}

TEST_CASE("the least recently used pictures go when there are too many, or too many bytes") {
  auto s = surface::make({100, 100}).value();
  SUBCASE("by number") {
    snapshots shared{3};
    const auto a = shared.take(s, {0, 0, 1, 1});
    (void)shared.take(s, {1, 0, 2, 1});
    (void)shared.take(s, {2, 0, 3, 1});
    (void)shared.take(s, {0, 0, 1, 1});
    (void)shared.take(s, {3, 0, 4, 1});
    CHECK(shared.kept() == 3);
    CHECK(shared.take(s, {0, 0, 1, 1}).strips == a.strips);
  }
  SUBCASE("by bytes: one screen") {
    snapshots shared;
    for (int i = 0; i < 50; ++i) (void)shared.take(s, {0, i, 100, 100});
    CHECK(shared.kept_bytes() <= 100 * 100 * 4);
    CHECK(shared.kept() >= 1);
  }
  SUBCASE("all of them with clear()") {
    snapshots shared;
    (void)shared.take(s, {0, 0, 1, 1});
    shared.clear();
    CHECK(shared.kept() == 0);
    CHECK(shared.kept_bytes() == 0);
  }
}

} // namespace saffron::devices
