// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/yuv420.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace saffron;
using namespace saffron::image;

namespace {

struct rgb {
  int red, green, blue;
};

struct planar {
  explicit planar(extent s)
      : size(s), luma(std::size_t{s.width + 3} * s.height, 1), blue(columns() * rows(), 1), red(columns() * rows(), 1) {
  }
  [[nodiscard]] std::size_t columns() const { return (size.width + 1) / 2; }
  [[nodiscard]] std::size_t rows() const { return (size.height + 1) / 2; }
  [[nodiscard]] yuv420_planes planes() {
    return {size, luma.data(), blue.data(), red.data(), std::size_t{size.width} + 3, columns()};
  }
  [[nodiscard]] int light(std::size_t x, std::size_t y) const { return luma.at(y * (size.width + 3) + x); }

  extent size;
  std::vector<std::uint8_t> luma, blue, red;
};

bitmap picture(extent size, const auto& colour) {
  bitmap b{bitmap_format::rgb_32bit, size.width, size.height, true, {}};
  for (std::uint32_t y = 0; y < size.height; ++y)
    for (std::uint32_t x = 0; x < size.width; ++x) {
      const rgb c = colour(x, y);
      for (const int channel : {c.blue, c.green, c.red, 0xee}) b.pixels.push_back(static_cast<std::byte>(channel));
    }
  return b;
}

/// The standards' own formula, in the limited range, before rounding.
struct exact {
  double light, blue, red;
};
exact by_the_book(rgb c, colour_matrix matrix) {
  const double kr = matrix == colour_matrix::bt601 ? 0.299 : 0.2126,
               kb = matrix == colour_matrix::bt601 ? 0.114 : 0.0722;
  const double light = kr * c.red + (1 - kr - kb) * c.green + kb * c.blue;
  return {16 + light * 219 / 255, 128 + (c.blue - light) / (2 - 2 * kb) * 224 / 255,
          128 + (c.red - light) / (2 - 2 * kr) * 224 / 255};
}

} // namespace

TEST_CASE("every colour is converted as its standard says, to within one step") {
  std::mt19937 random{3};
  for (const auto matrix : {colour_matrix::bt601, colour_matrix::bt709})
    for (int i = 0; i < 5000; ++i) {
      const auto extreme = [&] {
        return i < 64 ? static_cast<int>(random() % 2) * 255 : static_cast<int>(random() % 256);
      };
      const rgb c{extreme(), extreme(), extreme()};
      CAPTURE(c.red);
      CAPTURE(c.green);
      CAPTURE(c.blue);
      planar to{{2, 2}};
      REQUIRE(to_yuv420(picture({2, 2}, [&](auto, auto) { return c; }).view(), matrix, to.planes()));
      const auto book = by_the_book(c, matrix);
      CHECK(std::abs(to.light(0, 0) - book.light) <= 1);
      CHECK(to.light(1, 1) == to.light(0, 0));
      CHECK(std::abs(to.blue[0] - book.blue) <= 1.1);
      CHECK(std::abs(to.red[0] - book.red) <= 1.1);
    }
}

TEST_CASE("black and white are the ends of the limited range, and grey has no colour") {
  for (const auto matrix : {colour_matrix::bt601, colour_matrix::bt709}) {
    planar to{{256, 2}};
    const auto greys = picture({256, 2}, [](auto x, auto) { return rgb{int(x), int(x), int(x)}; });
    REQUIRE(to_yuv420(greys.view(), matrix, to.planes()));
    CHECK(to.light(0, 0) == 16);
    CHECK(to.light(255, 1) == 235);
    for (const auto v : to.blue) CHECK(v == 128);
    for (const auto v : to.red) CHECK(v == 128);
  }
}

TEST_CASE("a colour is the mean of four pixels, each light its own") {
  planar to{{2, 2}};
  const auto corners = picture({2, 2}, [](auto x, auto y) { return x + y == 0 ? rgb{0, 0, 255} : rgb{0, 0, 1}; });
  REQUIRE(to_yuv420(corners.view(), colour_matrix::bt601, to.planes()));
  CHECK(to.light(0, 0) == 41);
  for (const auto& [x, y] : {std::pair{1, 0}, {0, 1}, {1, 1}}) CHECK(to.light(x, y) == 16);
  CHECK(to.blue[0] == 156); // of 64.5, rounded up
}

TEST_CASE("any stride is read, and nothing but the picture") {
  const auto all = picture({40, 30}, [](auto x, auto y) { return rgb{int(x * 6), int(y * 8), int(x + y)}; });
  const auto part = bitmap_view{
      bitmap_format::rgb_32bit, 13, 7, 160, true, std::span{all.pixels}.subspan(5 * 160 + 9 * 4, 6 * 160 + 13 * 4)};
  const auto same = picture({13, 7}, [](auto x, auto y) {
    return rgb{int((x + 9) * 6), int((y + 5) * 8), int(x + y + 14)};
  });
  planar from_part{{13, 7}}, from_same{{13, 7}};
  REQUIRE(to_yuv420(part, colour_matrix::bt709, from_part.planes()));
  REQUIRE(to_yuv420(same.view(), colour_matrix::bt709, from_same.planes()));
  CHECK(from_part.luma == from_same.luma);
  CHECK(from_part.blue == from_same.blue);
  CHECK(from_part.red == from_same.red);
}

TEST_CASE("odd sizes repeat their last column and row, with or without room for them") {
  for (const extent size : {extent{1, 1}, extent{3, 5}, extent{17, 2}, extent{2, 9}, extent{639, 3}}) {
    CAPTURE(size.width);
    CAPTURE(size.height);
    const extent even{size.width + size.width % 2, size.height + size.height % 2};
    const auto colour = [](auto x, auto y) {
      return rgb{int(x * 37 % 256), int(y * 91 % 256), int((x + y) * 11 % 256)};
    };
    const auto last_repeated = [&](auto x, auto y) {
      return colour(std::min(x, size.width - 1), std::min(y, size.height - 1));
    };
    planar padded{even}, by_hand{even}, bare{size};
    REQUIRE(to_yuv420(picture(even, last_repeated).view(), colour_matrix::bt601, by_hand.planes()));
    REQUIRE(to_yuv420(picture(size, colour).view(), colour_matrix::bt601, padded.planes()));
    REQUIRE(to_yuv420(picture(size, colour).view(), colour_matrix::bt601, bare.planes()));
    CHECK(padded.luma == by_hand.luma);
    for (const auto* p : {&padded, &bare}) {
      CHECK(p->blue == by_hand.blue);
      CHECK(p->red == by_hand.red);
    }
    for (std::uint32_t y = 0; y < size.height; ++y)
      for (std::uint32_t x = 0; x < size.width; ++x) CHECK(bare.light(x, y) == by_hand.light(x, y));
  }
}

TEST_CASE("a picture that does not fit the planes, or is none, is refused") {
  const auto whole = picture({4, 4}, [](auto, auto) { return rgb{}; });
  const auto refused = [](bitmap_view view, extent size) {
    planar to{size};
    return !to_yuv420(view, colour_matrix::bt601, to.planes()) &&
           std::ranges::all_of(to.luma, [](auto v) { return v == 1; });
  };
  CHECK(!refused(whole.view(), {4, 4}));
  for (const extent size : {extent{3, 4}, extent{4, 3}, extent{5, 4}, extent{4, 5}, extent{6, 4}, extent{4, 8}})
    CHECK(refused(whole.view(), size));
  auto view = whole.view();
  view.pixels = view.pixels.first(63);
  CHECK(refused(view, {4, 4}));
  view = whole.view();
  view.format = bitmap_format::rgb_16bit;
  CHECK(refused(view, {4, 4}));
  view = whole.view();
  view.top_down = false;
  CHECK(refused(view, {4, 4}));
  CHECK(refused(bitmap_view{}, {0, 0}));
}
