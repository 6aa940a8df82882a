// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/surface.hpp"
#include "messages/defaults.hpp"
#include "tests/unit/devices/model_client.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <limits>

namespace saffron::devices {
namespace {

std::uint32_t pixel(const surface& s, std::int32_t x, std::int32_t y) {
  std::uint32_t p = 0;
  std::memcpy(&p, s.row(static_cast<std::uint32_t>(y)).data() + x * 4, 4);
  return p;
}

surface numbered(extent size) {
  auto s = surface::make(size).value();
  std::uint32_t n = 0;
  for (std::uint32_t y = 0; y < size.height; ++y)
    for (std::size_t x = 0; x < size.width; ++x, ++n) std::memcpy(s.row(y).data() + x * 4, &n, 4);
  return s;
}

} // namespace

TEST_CASE("a new surface is black, and its size has limits") {
  const auto s = surface::make({3, 2}).value();
  CHECK(s.row(0).size() == 12);
  CHECK(pixel(s, 2, 1) == 0);
  CHECK(surface::make({0, 5}).error() == errc::bad_setting);
  CHECK(surface::make({5, 0}).error() == errc::bad_setting);
  CHECK(surface::make({defaults::surface_edge + 1, 1}).error() == errc::bad_setting);
  CHECK(surface::make({0xffffffff, 0xffffffff}).error() == errc::bad_setting);
  CHECK(surface::make({defaults::surface_edge, defaults::surface_edge}).error() == errc::bad_setting);
  CHECK(surface::make({defaults::surface_edge, 1}).has_value());
}

TEST_CASE("a fill changes its area and nothing else") {
  auto s = surface::make({5, 4}).value();
  s.fill({1, 1, 4, 3}, 0x00123456);
  for (int y = 0; y < 4; ++y)
    for (int x = 0; x < 5; ++x) CHECK(pixel(s, x, y) == (x >= 1 && x < 4 && y >= 1 && y < 3 ? 0x00123456u : 0u));
}

TEST_CASE("a copy is right however its two areas overlap") {
  const extent size{9, 8};
  for (int dy = -3; dy <= 3; ++dy)
    for (int dx = -3; dx <= 3; ++dx) {
      const auto before = numbered(size);
      auto s = numbered(size);
      const rect area{3, 3, 6, 5};
      s.copy(area, {area.left + dx, area.top + dy});
      for (int y = 0; y < 8; ++y)
        for (int x = 0; x < 9; ++x) {
          const bool copied = x >= 3 && x < 6 && y >= 3 && y < 5;
          REQUIRE(pixel(s, x, y) == (copied ? pixel(before, x + dx, y + dy) : pixel(before, x, y)));
        }
    }
}

TEST_CASE("a snapshot holds the pixels of its moment, without padding") {
  auto s = numbered({6, 5});
  const auto part = s.snapshot({2, 1, 5, 4});
  const auto all = s.snapshot({0, 1, 6, 3});
  s.fill({0, 0, 6, 5}, 7);
  REQUIRE(part.size() == 3 * 3 * 4);
  REQUIRE(all.size() == 6 * 2 * 4);
  std::uint32_t p = 0;
  std::memcpy(&p, part.data() + (1 * 3 + 2) * 4, 4);
  CHECK(p == 2 * 6 + 4);
  std::memcpy(&p, all.data() + (1 * 6 + 5) * 4, 4);
  CHECK(p == 2 * 6 + 5);
}

TEST_CASE("pixels are put with any stride") {
  auto s = surface::make({4, 4}).value();
  const auto from = numbered({5, 3});
  s.put({1, 1, 3, 4}, from.row(0).data() + 4, 20);
  CHECK(pixel(s, 1, 1) == 1);
  CHECK(pixel(s, 2, 3) == 12);
  CHECK(pixel(s, 3, 3) == 0);
}

TEST_CASE("clipping is safe for any numbers") {
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  CHECK(clip(rect{least, least, most, most}, {8, 6}) == rect{0, 0, 8, 6});
  CHECK(clip(rect{most, 0, least, 6}, {8, 6}).empty());
  CHECK(clip(rect{8, 0, 12, 6}, {8, 6}).empty());
  CHECK(clip(rect{least, least, most, most}, {most, most}, {8, 6}).area.empty());
  const auto everywhere = clip(rect{least, least, most, most}, {least, least}, {8, 6});
  CHECK(everywhere.area == rect{0, 0, 8, 6});
  CHECK(everywhere.source == point{0, 0});
}

TEST_CASE("a copy is clipped on both of its ends, at the same pixels") {
  tests::dice dice{3};
  const extent size{10, 7};
  for (int i = 0; i < 5000; ++i) {
    const rect area{dice.roll(-4, 12), dice.roll(-4, 12), dice.roll(-4, 14), dice.roll(-4, 14)};
    const point source{dice.roll(-6, 14), dice.roll(-6, 14)};
    const auto dx = source.x - area.left, dy = source.y - area.top;
    const auto expected = area.intersect(whole(size)).intersect(whole(size).shifted(-dx, -dy));
    const auto got = clip(area, source, size);
    if (expected.empty()) {
      CHECK(got.area.empty());
    } else {
      CHECK(got.area == expected);
      CHECK(got.source == point{expected.left + dx, expected.top + dy});
    }
  }
}

} // namespace saffron::devices
