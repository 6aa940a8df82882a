// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/reduce.hpp"

#include <doctest/doctest.h>

namespace saffron::image {
namespace {

std::vector<std::byte> grey(std::initializer_list<int> values) {
  std::vector<std::byte> pixels;
  for (const int v : values) pixels.insert(pixels.end(), 4, static_cast<std::byte>(v));
  return pixels;
}

bitmap_view view(std::uint32_t width, std::uint32_t height, const std::vector<std::byte>& pixels) {
  return {bitmap_format::rgb_32bit, width, height, std::size_t{width} * 4, true, pixels};
}

} // namespace

TEST_CASE("a pixel is the mean of those it stands for, rounded") {
  const auto pixels = grey({0, 1, 10, 20, //
                            1, 1, 30, 40});
  const auto half = reduce(view(4, 2, pixels), 2);
  REQUIRE(half);
  CHECK(half->width == 2);
  CHECK(half->height == 1);
  CHECK(half->pixels == grey({1, 25}));
}

TEST_CASE("what is left over at the edges is a pixel of what there is") {
  const auto pixels = grey({0, 0, 8, //
                            0, 0, 8, //
                            4, 4, 6});
  const auto half = reduce(view(3, 3, pixels), 2);
  REQUIRE(half);
  CHECK(half->pixels == grey({0, 8, 4, 6}));
  CHECK(reduce(view(3, 3, pixels), 16)->pixels == grey({3}));
  CHECK(reduce(view(3, 3, pixels), 1)->pixels == pixels);
}

TEST_CASE("channels stay apart") {
  const std::vector pixels{std::byte{10}, std::byte{20}, std::byte{30}, std::byte{0},
                           std::byte{30}, std::byte{40}, std::byte{50}, std::byte{0}};
  CHECK(reduce(view(2, 1, pixels), 2)->pixels ==
        std::vector{std::byte{20}, std::byte{30}, std::byte{40}, std::byte{0}});
}

TEST_CASE("other formats, missing pixels and senseless factors are refused") {
  const auto pixels = grey({1, 2, 3, 4});
  auto other = view(2, 2, pixels);
  other.format = bitmap_format::rgba;
  CHECK(reduce(other, 2).error() == errc::codec_failed);
  CHECK(reduce(view(2, 3, pixels), 2).error() == errc::codec_failed);
  CHECK(reduce(view(2, 2, pixels), 0).error() == errc::codec_failed);
  CHECK(reduce(view(2, 2, pixels), 17).error() == errc::codec_failed);
}

} // namespace saffron::image
