// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/cursors.hpp"

#include <doctest/doctest.h>

#include <set>

namespace saffron::devices::demo {
namespace {

const cursor_shape& shape(const cursor_set& s, cursor_kind k) { return *s[static_cast<std::size_t>(k)]; }

} // namespace

TEST_CASE("each cursor has its own key, a hot spot inside, and pixels as its form asks") {
  const auto cursors = make_cursors();
  std::set<std::uint64_t> keys;
  for (const auto& c : cursors) {
    REQUIRE(c);
    keys.insert(c->unique);
    CHECK(c->hot_x < c->width);
    CHECK(c->hot_y < c->height);
    const std::size_t area = std::size_t{c->width} * c->height, mask = (c->width + 7u) / 8 * c->height;
    switch (c->type) {
    case cursor_type::alpha: CHECK(c->pixels.size() == area * 4); break;
    case cursor_type::mono: CHECK(c->pixels.size() == mask * 2); break;
    default: CHECK(c->type == cursor_type::color32); CHECK(c->pixels.size() == area * 4 + mask);
    }
  }
  CHECK(keys.size() == cursors.size());
  CHECK(keys.count(0) == 0);
}

TEST_CASE("alpha cursors are premultiplied") {
  const auto cursors = make_cursors();
  for (auto kind : {cursor_kind::arrow, cursor_kind::beam, cursor_kind::hand}) {
    const auto pixels = shape(cursors, kind).pixels.view();
    std::size_t covered = 0;
    for (std::size_t i = 0; i < pixels.size(); i += 4) {
      const auto a = pixels[i + 3];
      covered += a != std::byte{0};
      for (std::size_t c = 0; c < 3; ++c) CHECK(pixels[i + c] <= a);
    }
    CHECK(covered > 20);
    CHECK(covered < pixels.size() / 8);
  }
}

TEST_CASE("the mono cursor is transparent, black or white and never inverts") {
  const auto cursors = make_cursors();
  const auto bytes = shape(cursors, cursor_kind::cross).pixels.view();
  const auto half = bytes.size() / 2;
  bool some_white = false, some_black = false, some_clear = false;
  for (std::size_t i = 0; i < half; ++i) {
    const auto keep = bytes[i], invert = bytes[half + i];
    CHECK((keep & invert) == std::byte{0});
    some_white |= invert != std::byte{0};
    some_black |= (~keep & ~invert) != std::byte{0};
    some_clear |= keep == std::byte{0xff};
  }
  CHECK(some_white);
  CHECK(some_black);
  CHECK(some_clear);
}

TEST_CASE("the colour cursor is black where its mask lets the ground through") {
  const auto cursors = make_cursors();
  const auto& c = shape(cursors, cursor_kind::crocus);
  const auto bytes = c.pixels.view();
  const std::size_t pixels = std::size_t{c.width} * c.height;
  std::size_t clear = 0;
  for (std::size_t i = 0; i < pixels; ++i) {
    const bool masked = (bytes[pixels * 4 + i / 8] & static_cast<std::byte>(0x80 >> i % 8)) != std::byte{0};
    clear += masked;
    if (!masked) continue;
    for (std::size_t b = 0; b < 3; ++b) CHECK(bytes[i * 4 + b] == std::byte{0});
  }
  CHECK(clear > pixels / 4);
  CHECK(clear < pixels);
}

} // namespace saffron::devices::demo
