// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/damage.hpp"
#include "devices/display/surface.hpp"
#include "messages/defaults.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

constexpr extent screen{1000, 800};
constexpr std::uint64_t everything = 1'000'000'000;

damage seen() {
  damage d;
  d.restart(screen);
  (void)d.take(everything);
  return d;
}

using areas = std::vector<rect>;

} // namespace

TEST_CASE("the first choice is the whole surface in one piece, whatever the limit") {
  damage d;
  d.restart(screen);
  CHECK(d.pixels() == 800'000);
  d.add({0, 0, 10, 10});
  CHECK(!d.forward(fill{{0, 0, 900, 10}, 1}));
  CHECK(!d.forward(copy_bits{{0, 0, 900, 10}, {0, 50}}));
  CHECK(d.take(0) == areas{whole(screen)});
  CHECK(d.empty());
  CHECK(!d.first());
}

TEST_CASE("without a surface nothing is damaged") {
  damage d;
  d.restart({});
  CHECK(d.empty());
  CHECK(!d.first());
}

TEST_CASE("a forwarded fill repairs, one that is not worth its bytes damages") {
  auto d = seen();
  d.add({100, 100, 300, 300});
  CHECK(d.forward(fill{{100, 100, 300, 200}, 1}));
  CHECK(d.area() == region{{100, 200, 300, 300}});
  CHECK(!d.forward(fill{{0, 0, 3, 3}, 1}));
  CHECK(d.pixels() == 200 * 100 + 9);
}

TEST_CASE("a forwarded copy spoils only what it takes from damaged pixels") {
  auto d = seen();
  d.add({0, 0, 100, 10});
  CHECK(d.forward(copy_bits{{0, 0, 500, 400}, {0, 5}})); // scrolls up by five rows
  CHECK(d.area() == region{{0, 0, 100, 5}});
  CHECK(d.forward(copy_bits{{500, 400, 600, 500}, {500, 100}}));
  CHECK(d.pixels() == 500);
}

TEST_CASE("a copy of damaged pixels is not forwarded") {
  auto d = seen();
  d.add({0, 0, 200, 200});
  CHECK(!d.forward(copy_bits{{500, 500, 600, 600}, {50, 50}}));
  CHECK(d.pixels() == 200 * 200 + 100 * 100);
}

TEST_CASE("neighbouring damage becomes one area, distant damage does not") {
  region r{{0, 0, 100, 50}};
  r.add({0, 50, 90, 100});
  CHECK(patch_areas(r) == areas{{0, 0, 100, 100}});
  r.add({900, 700, 1000, 800});
  CHECK(patch_areas(r) == areas{{0, 0, 100, 100}, {900, 700, 1000, 800}});
  region letters;
  for (int i = 0; i < 40; ++i) letters.add({i * 12, 300, i * 12 + 8, 314});
  CHECK(patch_areas(letters).size() == 1);
  CHECK(patch_areas({}).empty());
}

TEST_CASE("hundreds of slivers become few areas") {
  region r;
  for (int i = 0; i < 400; ++i) r.add(rect{0, 0, 2, 2}.shifted((i * 37) % 990, (i * 91) % 790));
  const auto few = patch_areas(r);
  CHECK(few.size() <= 64);
  for (const auto& a : few) r.subtract(a);
  CHECK(r.empty());
}

TEST_CASE("newest damage goes first, the older rest later") {
  auto d = seen();
  d.add({0, 0, 1000, 100});
  CHECK(d.take(1000) == areas{{0, 0, 1000, 1}});
  d.add({0, 400, 1000, 402});
  CHECK(d.take(2000) == areas{{0, 400, 1000, 402}});
  CHECK(d.pixels() == 99'000);
}

TEST_CASE("a cut is made at a row, at least one row goes, and the next choice goes on there") {
  auto d = seen();
  d.add({100, 100, 300, 300});
  CHECK(d.take(0) == areas{{100, 100, 300, 101}});
  CHECK(d.take(10 * 200 + 150) == areas{{100, 101, 300, 111}});
  CHECK(d.pixels() == 189 * 200);
  CHECK(d.take(everything) == areas{{100, 111, 300, 300}});
  CHECK(d.empty());
}

TEST_CASE("a cut of more than a strip is made between strips") {
  auto d = seen();
  d.add(whole(screen));
  const auto strip = rows_of_a_strip(whole(screen));
  CHECK(d.take(1000 * (2 * static_cast<std::uint64_t>(strip) + 7)) == areas{{0, 0, 1000, 2 * strip}});
}

TEST_CASE("a picture that is new each time and larger than the limit still reaches its bottom") {
  auto d = seen();
  region sent;
  for (int i = 0; i < 9; ++i) {
    d.add({0, 0, 1000, 400});
    for (const auto& a : d.take(50'000)) sent.add(a);
  }
  CHECK(sent.contains({0, 0, 1000, 400}));
}

TEST_CASE("an older rest does not starve behind a picture that is always new") {
  auto d = seen();
  d.add({0, 700, 1000, 800});
  (void)d.take(1000);
  region sent;
  for (int i = 0; i < 20; ++i) {
    d.add({0, 0, 1000, 400});
    for (const auto& a : d.take(50'000)) sent.add(a);
  }
  CHECK(sent.overlaps({0, 701, 1000, 800}));
}

} // namespace saffron::devices
