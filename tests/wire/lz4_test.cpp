// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz4.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <random>

using namespace saffron;
using namespace saffron::image;

namespace {

using pixels = std::vector<std::byte>;

constexpr std::size_t width = 200, height = 150, row = width * 4;

pixels paint(const std::function<std::uint32_t(std::size_t x, std::size_t y)>& color) {
  pixels out;
  for (std::size_t y = 0; y < height; ++y)
    for (std::size_t x = 0; x < width; ++x)
      for (const auto c = color(x, y); const auto shift : {0, 8, 16, 24})
        out.push_back(static_cast<std::byte>(c >> shift));
  return out;
}

/// The image's data, made of strips of so many rows.
pixels encode_in_strips(const pixels& from, std::size_t rows) {
  pixels data(lz4_header.begin(), lz4_header.end());
  for (std::size_t at = 0; at < from.size(); at += rows * row) {
    const auto block = lz4_block(std::span{from}.subspan(at, std::min(rows * row, from.size() - at)));
    data.insert(data.end(), block.view().begin(), block.view().end());
  }
  return data;
}

pixels flat() {
  return paint([](auto, auto) { return 0x00336699u; });
}
pixels gradient() {
  return paint([](auto x, auto y) { return static_cast<std::uint32_t>(x << 16 | y << 8 | (x + y) / 2); });
}
pixels noise() {
  return paint([random = std::mt19937{1}](auto, auto) mutable { return static_cast<std::uint32_t>(random()); });
}

} // namespace

TEST_CASE("a picture encoded in strips of any height decodes to itself") {
  for (const auto& picture : {flat(), gradient(), noise()})
    for (const std::size_t rows : {std::size_t{1}, std::size_t{7}, std::size_t{64}, height}) {
      CAPTURE(rows);
      const auto decoded = lz4_decode(encode_in_strips(picture, rows), picture.size());
      REQUIRE(decoded.has_value());
      CHECK((*decoded == picture));
    }
}

TEST_CASE("a flat picture becomes small and noise hardly larger") {
  CHECK(encode_in_strips(flat(), height).size() < flat().size() / 100);
  CHECK(encode_in_strips(noise(), height).size() < noise().size() + noise().size() / 100);
}

TEST_CASE("no pixels are no block") {
  CHECK(lz4_block({}).empty());
  CHECK(lz4_decode(lz4_header, 0).has_value());
}

TEST_CASE("a block may refer to what was decoded before it") {
  // Four literals, then in the next block a match of eight at distance four, and the five literals that must end a
  // block.
  const pixels data{std::byte{1},    std::byte{8},                                                   // header
                    std::byte{0},    std::byte{0},   std::byte{0},   std::byte{5},                   // five bytes
                    std::byte{0x40}, std::byte{'a'}, std::byte{'b'}, std::byte{'c'}, std::byte{'d'}, // literals
                    std::byte{0},    std::byte{0},   std::byte{0},   std::byte{9},                   // nine bytes
                    std::byte{0x04}, std::byte{4},   std::byte{0},                                   // the match
                    std::byte{0x50}, std::byte{'e'}, std::byte{'f'}, std::byte{'g'}, std::byte{'h'}, std::byte{'i'}};
  const auto decoded = lz4_decode(data, 17);
  REQUIRE(decoded.has_value());
  const std::string_view expected = "abcdabcdabcdefghi";
  CHECK(std::equal(decoded->begin(), decoded->end(), std::as_bytes(std::span{expected}).begin()));
}

TEST_CASE("a picture of another size is refused") {
  const auto data = encode_in_strips(gradient(), 64);
  const auto size = gradient().size();
  CHECK(lz4_decode(data, size - 1).error() == errc::codec_failed);
  CHECK(lz4_decode(data, size + 1).error() == errc::codec_failed);
  CHECK(lz4_decode(data, 0).error() == errc::codec_failed);
}

TEST_CASE("data that was cut short is refused wherever it was cut") {
  const auto data = encode_in_strips(flat(), 64);
  for (std::size_t size = 0; size < data.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(lz4_decode(std::span{data}.first(size), flat().size()).has_value());
  }
}

TEST_CASE("another pixel format is refused") {
  auto data = encode_in_strips(flat(), 64);
  data[1] = std::byte{9};
  CHECK_FALSE(lz4_decode(data, flat().size()).has_value());
}

TEST_CASE("a block that says it is larger than the data is refused") {
  auto data = encode_in_strips(flat(), 64);
  data[2] = std::byte{0xff};
  CHECK_FALSE(lz4_decode(data, flat().size()).has_value());
}

TEST_CASE("a match that leads before the picture is refused") {
  const pixels data{std::byte{1},    std::byte{8},   std::byte{0},   std::byte{0},   std::byte{0},   std::byte{9},
                    std::byte{0x04}, std::byte{4},   std::byte{0}, // nothing was decoded yet
                    std::byte{0x50}, std::byte{'e'}, std::byte{'f'}, std::byte{'g'}, std::byte{'h'}, std::byte{'i'}};
  CHECK_FALSE(lz4_decode(data, 13).has_value());
}
