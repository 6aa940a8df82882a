// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/sample_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace saffron::devices {

namespace {

using pixel = std::uint32_t;

/// A number for a place that looks like chance.
pixel hash(int x, int y, int seed) {
  pixel v =
      static_cast<pixel>(x) * 374761393u + static_cast<pixel>(y) * 668265263u + static_cast<pixel>(seed) * 2246822519u;
  v = (v ^ (v >> 13)) * 1274126177u;
  return v ^ (v >> 16);
}

pixel rgb(int r, int g, int b) {
  return static_cast<pixel>(r) << 16 | static_cast<pixel>(g) << 8 | static_cast<pixel>(b);
}

/// Hills between 0 and 1 that are about a unit wide.
double hills(double x, double y, int seed) {
  const auto left = static_cast<int>(std::floor(x)), top = static_cast<int>(std::floor(y));
  double across = x - left, down = y - top;
  across = across * across * (3 - 2 * across);
  down = down * down * (3 - 2 * down);
  const auto at = [&](int i, int j) { return hash(i, j, seed) % 1000 / 999.0; };
  const double a = at(left, top), b = at(left + 1, top), c = at(left, top + 1), d = at(left + 1, top + 1);
  return (a * (1 - across) + b * across) * (1 - down) + (c * (1 - across) + d * across) * down;
}

pixel photo(int x, int y) {
  const auto byte = [](double v) { return static_cast<int>(std::clamp(v, 0.0, 255.0)); };
  const double light = hills(x / 160.0, y / 160.0, 1) * 140 + hills(x / 43.0, y / 41.0, 2) * 60 +
                       hills(x / 9.0, y / 9.0, 3) * 18 + (hash(x, y, 9) % 4);
  const double warmth = hills(x / 300.0, y / 260.0, 5);
  return rgb(byte(light * (0.7 + 0.5 * warmth) + 20), byte(light * 0.9 + 15), byte(light * (1.1 - 0.5 * warmth) + 25));
}

struct window {
  int x, y, width, height;
  [[nodiscard]] bool holds(int px, int py) const { return px >= x && px < x + width && py >= y && py < y + height; }
};

constexpr std::array<window, 4> windows{
    {{60, 50, 900, 600}, {500, 250, 1100, 700}, {1000, 80, 860, 500}, {120, 480, 700, 520}}};
constexpr int bar = 40, title = 24, margin = 4;

pixel task_bar(int x, int below_top_of_bar) {
  const int from_bottom = below_top_of_bar - bar; // negative
  const bool button = x % 60 < 44 && from_bottom > 6 - bar && from_bottom < -6;
  if (!button) return 0x303438;
  return ((hash(x / 60, 0, 3) & 0x7f7f7f) + (hash(x % 60 / 4, from_bottom / 4, 5) & 0x3f3f3f)) & 0xffffff;
}

/// Letters of 8 x 16 pixels on paper, or on the dark.
pixel text(int x, int y, int number) {
  const int column = x / 8, line = y / 16, gx = x % 8, gy = y % 16;
  const bool dark = (number & 1) != 0;
  const pixel paper = dark ? 0x1e1e1e : 0xffffff;
  const pixel ink = dark ? (hash(column / 6, line, 2) % 3 != 0 ? 0xd4d4d4 : 0x569cd6) : 0x202020;
  const pixel letter = hash(column, line, number + 7);
  const bool beyond_line = static_cast<int>(hash(0, line, number) % 110) < column;
  if (beyond_line || letter % 6 == 0 || gx >= 7 || gy < 2 || gy > 12) return paper;
  const pixel tone = (hash(gx > 3 ? 6 - gx : gx, gy / 2, static_cast<int>((letter >> 8) % 60)) >> 5) % 5;
  if (tone == 2) return ((ink >> 1) & 0x7f7f7f) + ((paper >> 1) & 0x7f7f7f);
  return tone < 2 ? ink : paper;
}

pixel desktop(int x, int y, int height) {
  if (y > height - bar) return task_bar(x, y - (height - bar));
  const auto top = std::find_if(windows.rbegin(), windows.rend(), [&](const window& w) { return w.holds(x, y); });
  if (top == windows.rend()) return rgb(40 + y * 30 / height, 70 + y * 40 / height, 110 + y * 60 / height);
  const int inside_x = x - top->x, inside_y = y - top->y;
  if (inside_x == 0 || inside_y == 0 || inside_x == top->width - 1 || inside_y == top->height - 1) return 0x808080;
  if (inside_y < title) return rgb(60 + inside_y * 2, 110 + inside_y * 2, 170 + inside_y * 2);
  if (inside_x < margin) return 0xe8e8e8;
  const auto number = static_cast<int>(windows.rend() - top) - 1;
  return text(inside_x - margin, inside_y - title, number);
}

} // namespace

std::vector<std::byte> sample_picture(sample_kind kind, int width, int height) {
  std::vector<std::byte> out;
  out.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const pixel p = kind == sample_kind::desktop ? desktop(x, y, height)
                      : kind == sample_kind::photo ? photo(x, y)
                                                   : hash(x, y, width * 31 + height) & 0xffffff;
      for (const int shift : {0, 8, 16}) out.push_back(static_cast<std::byte>(p >> shift));
      out.push_back(std::byte{0});
    }
  return out;
}

} // namespace saffron::devices
