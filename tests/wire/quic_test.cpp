// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic.hpp"
#include "messages/image/quic_encode.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace saffron;
using namespace saffron::image;

namespace {

using bytes = std::vector<std::byte>;
using dice = std::mt19937;

constexpr std::uint64_t plenty = 1 << 22;
constexpr std::size_t header_size = 20;
constexpr bitmap_format formats[] = {bitmap_format::alpha_8bit, bitmap_format::rgb_16bit, bitmap_format::rgb_24bit,
                                     bitmap_format::rgb_32bit, bitmap_format::rgba};

unsigned below(dice& random, unsigned end) { return static_cast<unsigned>(random() % end); }

/// What QUIC carries of a picture: packed, the top row first, without the bits that are no colour.
bitmap carried(const bitmap_view& from) {
  const auto row = row_bytes(from.format, from.width);
  bitmap out{from.format, from.width, from.height, true, {}};
  for (std::uint32_t y = 0; y < from.height; ++y) {
    const auto* begin = from.row(from.top_down ? y : from.height - 1 - y);
    out.pixels.insert(out.pixels.end(), begin, begin + row);
  }
  if (from.format == bitmap_format::rgb_32bit)
    for (std::size_t i = 3; i < out.pixels.size(); i += 4) out.pixels[i] = std::byte{0};
  if (from.format == bitmap_format::rgb_16bit)
    for (std::size_t i = 1; i < out.pixels.size(); i += 2) out.pixels[i] &= std::byte{0x7f};
  return out;
}

void check_same(const result<bitmap>& decoded, const bitmap& expected) {
  REQUIRE(decoded.has_value());
  CHECK(decoded->format == expected.format);
  CHECK(decoded->width == expected.width);
  CHECK(decoded->height == expected.height);
  CHECK(decoded->top_down);
  CHECK((decoded->pixels == expected.pixels));
}

/// Pixels of which some repeat the one to the left or above, some are near it, and some are anything.
bytes paint(dice& random, bitmap_format format, std::uint32_t width, std::uint32_t height, std::size_t stride) {
  const auto pixel = bits_per_pixel(format) / 8;
  bytes out(stride * height);
  for (auto& b : out) b = static_cast<std::byte>(random());
  const auto repeats = below(random, 101), near = below(random, 101), above = below(random, 101);
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      auto* const to = out.data() + y * stride + x * pixel;
      const auto* const from = y > 0 && (x == 0 || below(random, 100) < above) ? to - stride : x > 0 ? to - pixel : to;
      if (below(random, 100) < repeats)
        std::copy_n(from, pixel, to);
      else if (below(random, 100) < near)
        for (std::size_t i = 0; i < pixel; ++i)
          to[i] = static_cast<std::byte>(std::to_integer<unsigned>(from[i]) + below(random, 7) - 3);
    }
  return out;
}

bytes copy(const shared_bytes& from) { return {from.data(), from.data() + from.size()}; }

/// What every way to encode makes of a picture.
bytes encoded(const bitmap_view& picture) {
  const auto usual = quic_encode(picture), plain = image::quic::encode(picture, image::quic::plain_rows);
  REQUIRE(usual.has_value());
  REQUIRE(plain.has_value());
  CHECK((copy(*usual) == copy(*plain)));
  return copy(*usual);
}

} // namespace

TEST_CASE("every vector decodes to its pixels and its pixels encode to it, byte for byte") {
  std::size_t seen = 0;
  for (const auto& vector : test::vectors_of("quic")) {
    CAPTURE(vector.name());
    if (!vector.stored()) continue; // the large one: see sample_pictures_test.cpp
    ++seen;
    const auto payload = vector.payload();
    const auto raw = vector.raw();
    check_same(quic_decode(payload, plenty), carried(raw.view()));
    CHECK((encoded(raw.view()) == payload));
    CHECK(static_cast<int>(payload[8]) == vector.get<int>("quic_type"));
    CHECK(vector.get<bool>("clients_decode") == (raw.format != bitmap_format::alpha_8bit));
  }
  CHECK(seen == 64);
}

TEST_CASE("pictures of any size, format, stride and orientation decode to themselves") {
  dice random{7};
  for (int i = 0; i < 1500; ++i) {
    const auto format = formats[below(random, 5)];
    const auto most = i % 50 == 0 ? 5000U : 120U;
    const auto width = 1 + below(random, most), height = 1 + below(random, 12000 / width);
    const auto stride = row_bytes(format, width) + below(random, 2) * below(random, 9);
    auto pixels = paint(random, format, width, height, stride);
    if (below(random, 2) == 0) pixels.resize(stride * (height - 1) + row_bytes(format, width)); // the last row is short
    const bitmap_view view{format, width, height, stride, below(random, 2) == 0, pixels};
    CAPTURE(i);
    check_same(quic_decode(encoded(view), plenty), carried(view));
  }
}

TEST_CASE("a row of more than 2^15 equal pixels decodes to itself") {
  const bytes pixels(3 * 4 * 1'200'000, std::byte{0x55});
  const bitmap_view view{bitmap_format::rgb_32bit, 1'200'000, 3, 4 * 1'200'000, true, pixels};
  check_same(quic_decode(encoded(view), plenty), carried(view));
}

TEST_CASE("bits that are no colour do not change what is sent") {
  dice random{3};
  for (const auto format : {bitmap_format::rgb_16bit, bitmap_format::rgb_32bit}) {
    const auto row = row_bytes(format, 70);
    const auto pixels = paint(random, format, 70, 40, row);
    const bitmap_view view{format, 70, 40, row, true, pixels};
    CHECK((encoded(view) == encoded(carried(view).view())));
  }
}

TEST_CASE("palettes and pictures that are not whole are refused") {
  const bytes pixels(64);
  for (const auto format : {bitmap_format::invalid, bitmap_format::be_1bit, bitmap_format::le_4bit,
                            bitmap_format::indexed_8bit, static_cast<bitmap_format>(11)})
    CHECK(quic_encode({format, 2, 2, 16, true, pixels}).error() == errc::codec_failed);
  const auto format = bitmap_format::rgb_32bit;
  CHECK(quic_encode({format, 4, 4, 16, true, pixels}).has_value());
  CHECK(quic_encode({format, 4, 5, 16, true, pixels}).error() == errc::codec_failed);
  CHECK(quic_encode({format, 4, 4, 15, true, pixels}).error() == errc::codec_failed);
  CHECK(quic_encode({format, 0, 4, 16, true, pixels}).error() == errc::codec_failed);
  CHECK(quic_encode({format, 4, 0, 16, true, pixels}).error() == errc::codec_failed);
}

TEST_CASE("a strip encodes as the picture that it is") {
  dice random{5};
  const auto pixels = paint(random, bitmap_format::rgb_24bit, 50, 30, 150);
  const bitmap_view strip{bitmap_format::rgb_24bit, 50, 10, 150, true, std::span{pixels}.subspan(10 * 150, 10 * 150)};
  check_same(quic_decode(encoded(strip), plenty), carried(strip));
}

TEST_CASE("a stream that was cut short is refused wherever it was cut, and words behind its end are ignored") {
  dice random{11};
  for (const auto format : formats) {
    const auto row = row_bytes(format, 31);
    const auto pixels = paint(random, format, 31, 12, row);
    const bitmap_view view{format, 31, 12, row, true, pixels};
    auto stream = encoded(view);
    for (std::size_t size = 0; size < stream.size(); ++size) {
      CAPTURE(size);
      CHECK(quic_decode(std::span{stream}.first(size), plenty).error() == errc::codec_failed);
    }
    stream.resize(stream.size() + 4, std::byte{0xaa});
    check_same(quic_decode(stream, plenty), carried(view));
    stream.pop_back();
    CHECK_FALSE(quic_decode(stream, plenty).has_value());
  }
}

TEST_CASE("a stream is refused if its last word or the word behind it holds bits that belong to nothing") {
  const bytes pixel{std::byte{0xcc}, std::byte{0x66}, std::byte{0x33}, std::byte{0}};
  auto stream = encoded({bitmap_format::rgb_32bit, 1, 1, 4, true, pixel});
  REQUIRE(stream.size() == header_size + 8);
  for (std::size_t at = header_size; at < stream.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      auto damaged = stream;
      damaged[at] ^= static_cast<std::byte>(1 << bit);
      // The three codes take the upper 24 bits of the first word.
      const bool pixels_changed = at > header_size && at < header_size + 4;
      CHECK(quic_decode(damaged, plenty).has_value() == pixels_changed);
    }
}

TEST_CASE("a damaged stream is refused, or decodes to a picture of the size it says") {
  dice random{13};
  std::size_t refused = 0;
  for (int i = 0; i < 20000; ++i) {
    const auto format = formats[below(random, 5)];
    const auto width = 1 + below(random, 40), height = 1 + below(random, 10);
    const auto row = row_bytes(format, width);
    const auto pixels = paint(random, format, width, height, row);
    auto stream = encoded({format, width, height, row, true, pixels});
    for (auto n = 1 + below(random, 3); n > 0; --n) {
      const auto at = header_size + below(random, static_cast<unsigned>(stream.size() - header_size));
      stream[at] ^= static_cast<std::byte>(1 + below(random, 255));
    }
    const auto decoded = quic_decode(stream, plenty);
    if (decoded) CHECK(decoded->pixels.size() == pixels.size());
    refused += decoded ? 0 : 1;
  }
  CHECK(refused > 15000); // most damage moves the end
}

TEST_CASE("a header that says anything else is refused") {
  const bytes pixels(4 * 6 * 5);
  const auto stream = encoded({bitmap_format::rgb_32bit, 6, 5, 24, true, pixels});
  REQUIRE(quic_decode(stream, 30).has_value());
  CHECK(quic_decode(stream, 29).error() == errc::codec_failed);
  const auto with = [&](std::size_t at, std::initializer_list<int> values) {
    auto out = stream;
    for (const auto v : values) out[at++] = static_cast<std::byte>(v);
    return quic_decode(out, ~std::uint64_t{0});
  };
  CHECK_FALSE(with(0, {'q'}).has_value());
  CHECK_FALSE(with(4, {1}).has_value());
  CHECK_FALSE(with(8, {0}).has_value());
  CHECK_FALSE(with(8, {6}).has_value());
  CHECK_FALSE(with(11, {1}).has_value());
  CHECK_FALSE(with(12, {0}).has_value());
  CHECK_FALSE(with(16, {0}).has_value());
  // 2^29 pixels; one row less would be allowed, if its codes were there.
  CHECK_FALSE(with(12, {0, 0, 0, 1, 32, 0, 0, 0}).has_value());
  CHECK_FALSE(with(12, {0, 0, 0, 1, 31, 0, 0, 0}).has_value());
  CHECK_FALSE(with(12, {255, 255, 255, 255, 255, 255, 255, 255}).has_value());
}
