// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/graduality.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace saffron;
using namespace saffron::image;

namespace {

constexpr std::uint32_t width = 200, height = 100;

bitmap paint(bitmap_format format, const std::function<std::uint32_t(std::uint32_t x, std::uint32_t y)>& color) {
  bitmap out;
  out.format = format;
  out.width = width;
  out.height = height;
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x)
      for (std::uint32_t bit = 0; bit < bits_per_pixel(format); bit += 8)
        out.pixels.push_back(static_cast<std::byte>(color(x, y) >> bit));
  return out;
}
std::uint32_t slope(std::uint32_t x, std::uint32_t y) { return (x + y) % 256 * 0x10101; }

} // namespace

TEST_CASE("a slope is gradual, letters and flat colour are not") {
  const auto letters =
      paint(bitmap_format::rgb_32bit, [](auto x, auto y) { return (x / 2 + y / 3) % 2 == 0 ? 0xffffffu : 0u; });
  const auto flat = paint(bitmap_format::rgb_32bit, [](auto, auto) { return 0x336699u; });
  CHECK(is_gradual(paint(bitmap_format::rgb_32bit, slope).view()));
  CHECK(is_gradual(paint(bitmap_format::rgb_24bit, slope).view()));
  CHECK_FALSE(is_gradual(letters.view()));
  CHECK_FALSE(is_gradual(flat.view()));
  CHECK(graduality(flat.view()) == 1);
  CHECK(graduality(letters.view()) > 0.5);
}

TEST_CASE("the scores are the documented ones") {
  // Every pixel differs a little from those below and nothing from the one beside it: (0.5 - 0.25 - 0.25) / 3.
  const auto rows = paint(bitmap_format::rgb_32bit, [](auto, auto y) { return y % 2; });
  CHECK(graduality(rows.view()) == doctest::Approx(0));
  CHECK_FALSE(is_gradual(rows.view()));
  // A contrast of 60 counts as one, of 59 as a small step.
  const auto edge = [](std::uint32_t step) {
    return paint(bitmap_format::rgb_32bit, [step](auto, auto y) { return y % 2 * step; });
  };
  CHECK(graduality(edge(60).view()) == doctest::Approx(2.5 / 3));
  CHECK(graduality(edge(59).view()) == doctest::Approx(0));
}

TEST_CASE("16 bits have their own threshold and bound") {
  const auto rows = [](std::uint32_t step) {
    return paint(bitmap_format::rgb_16bit, [step](auto, auto y) { return y % 2 * step; });
  };
  CHECK(graduality(rows(8).view()) == doctest::Approx(2.5 / 3));
  CHECK(graduality(rows(7).view()) == doctest::Approx(0));
  CHECK(is_gradual(paint(bitmap_format::rgb_16bit, [](auto x, auto y) { return (x / 7 + y / 3) & 31; }).view()) ==
        false);
  CHECK(is_gradual(
      paint(bitmap_format::rgb_16bit, [](auto x, auto y) { return ((x + y) & 7) | ((x + 2 * y) & 7) << 5; }).view()));
}

TEST_CASE("what cannot be judged is not gradual") {
  bitmap thin = paint(bitmap_format::rgb_32bit, slope);
  thin.height = 1;
  CHECK_FALSE(is_gradual(thin.view()));
  bitmap cut = paint(bitmap_format::rgb_32bit, slope);
  cut.pixels.resize(100);
  CHECK_FALSE(is_gradual(cut.view()));
  CHECK_FALSE(is_gradual(paint(bitmap_format::indexed_8bit, slope).view()));
  for (std::uint32_t w = 2; w < 20; ++w)
    for (std::uint32_t h = 2; h < 20; ++h) {
      bitmap small = paint(bitmap_format::rgb_32bit, slope);
      small.width = w;
      small.height = h;
      CHECK(graduality(small.view()) <= 1);
    }
}
