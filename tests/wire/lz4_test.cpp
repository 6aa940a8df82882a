// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz4.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>
#include <ranges>

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

constexpr std::array formats{bitmap_format::rgb_16bit, bitmap_format::rgb_24bit, bitmap_format::rgb_32bit,
                             bitmap_format::rgba};

/// The gradient's bytes, taken as pixels of the format.
bitmap in_format(bitmap_format format, bool top_down) {
  auto all = gradient();
  all.resize(row_bytes(format, width) * height);
  return {format, width, height, top_down, std::move(all)};
}

bool same(const bitmap& a, const bitmap& b) {
  return a.format == b.format && a.width == b.width && a.height == b.height && a.top_down == b.top_down &&
         a.pixels == b.pixels;
}

/// Blocks of an image, by the sizes in front of them.
int blocks_of(std::span<const std::byte> data) {
  int count = 0;
  for (std::size_t at = lz4_header.size(); at < data.size(); ++count) {
    std::size_t size = 0;
    for (int i = 0; i < 4; ++i) size = size << 8 | std::to_integer<std::size_t>(data[at++]);
    at += size;
  }
  return count;
}

} // namespace

TEST_CASE("every image of the reference decodes to what it was made of, in one block or three") {
  const auto vectors = test::vectors_of("lz4");
  REQUIRE(vectors.size() == 28);
  for (const auto& v : vectors) {
    CAPTURE(v.name());
    const auto data = v.payload();
    const auto raw = v.raw();
    CHECK(blocks_of(data) == v.get<int>("blocks"));
    const auto decoded = lz4_decode(data, raw.width, raw.height);
    REQUIRE(decoded.has_value());
    CHECK(same(*decoded, raw));
  }
}

TEST_CASE("what the reference encoded we encode as small, and it decodes to itself") {
  for (const auto& v : test::vectors_of("lz4")) {
    CAPTURE(v.name());
    const auto raw = v.raw();
    const auto data = lz4_encode(raw.view());
    REQUIRE(data.has_value());
    CHECK(blocks_of(data->view()) == 1);
    const auto theirs = v.payload().size();
    CHECK(data->size() <= theirs + theirs / 50 + 4);
    const auto decoded = lz4_decode(data->view(), raw.width, raw.height);
    REQUIRE(decoded.has_value());
    CHECK(same(*decoded, raw));
  }
}

TEST_CASE("pictures of every format and orientation come back, noise too") {
  for (const auto format : formats)
    for (const bool top_down : {true, false})
      for (const bool noisy : {true, false}) {
        CAPTURE(static_cast<int>(format));
        auto from = in_format(format, top_down);
        if (noisy) std::ranges::copy(noise() | std::views::take(from.pixels.size()), from.pixels.begin());
        const auto data = lz4_encode(from.view());
        REQUIRE(data.has_value());
        const auto decoded = lz4_decode(data->view(), width, height);
        REQUIRE(decoded.has_value());
        CHECK(same(*decoded, from));
      }
}

TEST_CASE("what pads the rows is not sent, and the last row may lack it") {
  for (const auto format : formats) {
    CAPTURE(static_cast<int>(format));
    const auto from = in_format(format, true);
    const auto packed = row_bytes(format, width), stride = packed + 3;
    pixels padded(stride * (height - 1) + packed, std::byte{0xaa});
    for (std::size_t y = 0; y < height; ++y)
      std::copy_n(from.pixels.data() + y * packed, packed, padded.data() + y * stride);
    const auto data = lz4_encode({format, width, height, stride, true, padded});
    REQUIRE(data.has_value());
    CHECK(std::ranges::equal(data->view(), lz4_encode(from.view())->view()));
  }
}

TEST_CASE("bytes behind the last row are not sent") {
  const auto from = in_format(bitmap_format::rgb_24bit, true);
  auto more = from.pixels;
  more.resize(more.size() + 1000, std::byte{0x11});
  auto view = from.view();
  view.pixels = more;
  CHECK(std::ranges::equal(lz4_encode(view)->view(), lz4_encode(from.view())->view()));
}

TEST_CASE("strips of a picture joined behind the header are the picture") {
  const auto whole = lz4_decode(encode_in_strips(gradient(), 64), width, height);
  REQUIRE(whole.has_value());
  CHECK(same(*whole, in_format(bitmap_format::rgb_32bit, true)));
}

TEST_CASE("a picture that LZ4 images cannot be is refused") {
  const pixels some(64 * 64);
  for (const auto format : {bitmap_format::invalid, bitmap_format::be_1bit, bitmap_format::le_4bit,
                            bitmap_format::indexed_8bit, bitmap_format::alpha_8bit}) {
    CAPTURE(static_cast<int>(format));
    CHECK(lz4_encode({format, 64, 64, 64, true, some}).error() == errc::codec_failed);
  }
  CHECK_FALSE(lz4_encode({bitmap_format::rgb_32bit, 32, 33, 128, true, some}).has_value());
  CHECK_FALSE(lz4_encode({bitmap_format::rgb_32bit, 32, 0, 128, true, some}).has_value());
  CHECK_FALSE(lz4_encode({bitmap_format::rgb_32bit, 0, 32, 128, true, some}).has_value());
}

TEST_CASE("a header that is none is refused") {
  const auto from = in_format(bitmap_format::rgb_16bit, true);
  const auto encoded = *lz4_encode(from.view());
  for (const int direction : {2, 3, 255}) {
    pixels data{encoded.view().begin(), encoded.view().end()};
    data[0] = static_cast<std::byte>(direction);
    CHECK_FALSE(lz4_decode(data, width, height).has_value());
  }
  for (const int format : {0, 1, 5, 7, 8, 10, 11, 255}) { // 7 and 8 need more bytes than there are
    CAPTURE(format);
    pixels data{encoded.view().begin(), encoded.view().end()};
    data[1] = static_cast<std::byte>(format);
    CHECK_FALSE(lz4_decode(data, width, height).has_value());
  }
}

TEST_CASE("sizes that the data does not fill are refused before memory is taken for them") {
  const auto from = in_format(bitmap_format::rgba, false);
  const auto data = *lz4_encode(from.view());
  constexpr auto most = std::numeric_limits<std::uint32_t>::max();
  for (const auto& [w, h] : std::vector<std::pair<std::uint32_t, std::uint32_t>>{{width + 1, height},
                                                                                 {width, height + 1},
                                                                                 {width - 1, height},
                                                                                 {0, height},
                                                                                 {width, 0},
                                                                                 {most, most},
                                                                                 {most, 1}})
    CHECK(lz4_decode(data.view(), w, h).error() == errc::codec_failed);
}

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
