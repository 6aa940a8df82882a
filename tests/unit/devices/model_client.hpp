// SPDX-License-Identifier: BSD-3-Clause
// A client as the protocol sees it: applies the updates of a console to pixels of its own, in the plainest way.
#pragma once

#include "devices/display/canvas.hpp"
#include "messages/display.hpp"
#include "messages/image/convert.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>
#include <variant>
#include <vector>

namespace saffron::tests {

struct picture_of_canvas {
  extent size;
  std::vector<std::uint32_t> pixels;

  std::uint32_t& at(std::int32_t x, std::int32_t y) {
    return pixels[static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x)];
  }
  friend bool operator==(const picture_of_canvas&, const picture_of_canvas&) = default;
};

inline picture_of_canvas picture_of(devices::canvas& c) {
  picture_of_canvas p{c.size(), {}};
  p.pixels.resize(std::size_t{p.size.width} * p.size.height);
  for (std::uint32_t y = 0; y < p.size.height; ++y)
    std::memcpy(p.pixels.data() + std::size_t{y} * p.size.width, c.row(y).data(), std::size_t{p.size.width} * 4);
  return p;
}

class model_client {
public:
  void apply(const display_update& u) {
    ++updates;
    const bool anew = u.epoch != epoch;
    if (anew) {
      epoch = u.epoch;
      screen = {u.size, std::vector<std::uint32_t>(std::size_t{u.size.width} * u.size.height)};
    }
    CHECK(u.size == screen.size);
    for (const auto& op : u.operations) {
      ++operations;
      std::visit([this](const auto& command) { draw(command); }, op);
    }
    if (anew) { // real clients take their picture at the first image
      REQUIRE(u.patches.size() == 1);
      CHECK(u.operations.empty());
      CHECK(u.patches.front().area == whole(u.size));
    }
    for (const auto& p : u.patches) {
      auto top = p.area.top;
      for (const auto& strip : p.strips) {
        CHECK(strip->area.left == p.area.left);
        CHECK(strip->area.right == p.area.right);
        CHECK(strip->area.top == top);
        top = strip->area.bottom;
        put(*strip);
      }
      CHECK(top == p.area.bottom);
    }
    damage_pixels = u.damage_pixels;
  }

  std::uint32_t epoch = 0;
  picture_of_canvas screen;
  std::uint64_t damage_pixels = 0;
  std::size_t updates = 0, operations = 0, patch_pixels = 0;

private:
  void inside(rect r) {
    REQUIRE(!r.empty());
    REQUIRE(r.intersect(whole(screen.size)) == r);
  }
  void draw(const fill& f) {
    inside(f.area);
    for (auto y = f.area.top; y < f.area.bottom; ++y)
      for (auto x = f.area.left; x < f.area.right; ++x) screen.at(x, y) = f.color;
  }
  void draw(const copy_bits& c) {
    inside(c.area);
    const auto dx = c.source.x - c.area.left, dy = c.source.y - c.area.top;
    inside(c.area.shifted(dx, dy));
    auto before = screen;
    for (auto y = c.area.top; y < c.area.bottom; ++y)
      for (auto x = c.area.left; x < c.area.right; ++x) screen.at(x, y) = before.at(x + dx, y + dy);
  }
  void draw(const draw_image& i) {
    inside(i.area());
    static const std::vector<std::uint32_t> no_colors;
    const auto& p = *i.shown;
    const auto pixels = image::to_rgb32(p.view(), p.palette ? p.palette->entries : no_colors);
    REQUIRE(pixels.has_value());
    const auto width = static_cast<std::size_t>(i.area().width());
    for (auto y = i.area().top; y < i.area().bottom; ++y)
      std::memcpy(&screen.at(i.area().left, y),
                  pixels->pixels.data() + static_cast<std::size_t>(y - i.area().top) * width * 4, width * 4);
  }
  void put(const picture& p) {
    inside(p.area);
    patch_pixels += p.area.area();
    const auto width = static_cast<std::size_t>(p.area.width());
    REQUIRE(p.pixels.size() == p.area.area() * 4);
    for (auto y = p.area.top; y < p.area.bottom; ++y)
      std::memcpy(&screen.at(p.area.left, y), p.pixels.data() + static_cast<std::size_t>(y - p.area.top) * width * 4,
                  width * 4);
  }
};

/// Random numbers that are the same in every run and with every library.
class dice {
public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}
  /// From `low` to `high`, both included.
  std::int32_t roll(std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(std::int32_t n) { return roll(1, n) == 1; }
  std::uint32_t color() { return static_cast<std::uint32_t>(engine_()) & 0xffffff; }
  /// Not empty, on a surface of this size; small ones are as likely as large ones.
  rect area(extent on) {
    const auto edge = [this](std::uint32_t length) {
      const auto n = static_cast<std::int32_t>(length);
      const auto size = one_in(2) ? roll(1, n) : roll(1, std::min(n, 8));
      const auto from = roll(0, n - size);
      return std::pair{from, from + size};
    };
    const auto [left, right] = edge(on.width);
    const auto [top, bottom] = edge(on.height);
    return {left, top, right, bottom};
  }

private:
  std::mt19937_64 engine_;
};

} // namespace saffron::tests
