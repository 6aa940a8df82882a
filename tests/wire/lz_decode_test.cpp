// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz.hpp"
#include "tests/wire/hex.hpp"
#include "tests/wire/lz_pictures.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::image;
using namespace saffron::test;

namespace {

using bytes = std::vector<std::byte>;

struct picture_header {
  std::uint32_t type = 8, width = 4, height = 2, stride = 16, top_down = 1, magic = 0x20205a4c, version = 0x00010001;
};

bytes operator+(const picture_header& h, const bytes& stream) {
  bytes out;
  for (const auto field : {h.magic, h.version, h.type, h.width, h.height, h.stride, h.top_down})
    for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<std::byte>(field >> shift));
  out.insert(out.end(), stream.begin(), stream.end());
  return out;
}

result<bitmap> decode(const bytes& data) { return lz_decode(data, 1 << 20); }

bytes pixels_of(const bytes& data) {
  const auto decoded = decode(data);
  REQUIRE(decoded.has_value());
  return decoded->pixels;
}

/// Units of a byte each: `before` different ones, then those that `match` encodes, which fill a row of `width`.
bytes row(std::uint32_t width, std::size_t before, const bytes& match) {
  bytes stream;
  for (std::size_t i = 0; i < before; ++i) {
    if (i % 32 == 0) stream.push_back(static_cast<std::byte>(std::min<std::size_t>(before - i, 32) - 1));
    stream.push_back(static_cast<std::byte>(i % 251));
  }
  stream.insert(stream.end(), match.begin(), match.end());
  return picture_header{5, width, 1, width} + stream;
}

} // namespace

TEST_CASE("literals and matches become pixels, without what is not transported") {
  // Eight pixels: two literals, then a match of six, two back.
  const auto two_and_six = hex("01  01 02 03  04 05 06  c0 01");
  CHECK(pixels_of(picture_header{} + two_and_six) ==
        hex("01 02 03 00 04 05 06 00 01 02 03 00 04 05 06 00 01 02 03 00 04 05 06 00 01 02 03 00 04 05 06 00"));
  CHECK(pixels_of(picture_header{7, 4, 2, 12} + two_and_six) ==
        hex("01 02 03 04 05 06 01 02 03 04 05 06 01 02 03 04 05 06 01 02 03 04 05 06"));
  // 16 bits: the high byte first, and matches are one longer.
  CHECK(pixels_of(picture_header{6, 2, 2, 4} + hex("00  12 34  40 00")) == hex("34 12 34 12 34 12 34 12"));
  // Alpha follows in a stream of its own, whose matches are two longer.
  CHECK(pixels_of(picture_header{9, 4, 1, 16} + hex("00  01 02 03  60 00   00 ff  20 00")) ==
        hex("01 02 03 ff 01 02 03 ff 01 02 03 ff 01 02 03 ff"));
}

TEST_CASE("types become bitmap formats") {
  const auto format = [](std::uint32_t type, std::uint32_t stride) {
    const auto decoded = decode(picture_header{type, 2, 1, stride, 0} + hex("01  01 02"));
    REQUIRE(decoded.has_value());
    CHECK_FALSE(decoded->top_down);
    CHECK(decoded->pixels == hex("01 02"));
    return decoded->format;
  };
  CHECK(format(5, 2) == bitmap_format::indexed_8bit);
  CHECK(format(10, 8) == bitmap_format::alpha_8bit);
  CHECK(format(11, 2) == bitmap_format::alpha_8bit);
  for (const std::uint32_t type : {1, 2}) {
    const auto decoded = decode(picture_header{type, 9, 1, 2} + hex("01  ff 80"));
    REQUIRE(decoded.has_value());
    CHECK(decoded->format == static_cast<bitmap_format>(type));
    CHECK(decoded->pixels == hex("ff 80"));
  }
}

TEST_CASE("a match is as long as the bytes behind its control byte say") {
  for (const auto& [length, match] : {std::pair{3u, "20 00"},
                                      {8u, "c0 00"},
                                      {9u, "e0 00 00"},
                                      {10u, "e0 01 00"},
                                      {263u, "e0 fe 00"},
                                      {264u, "e0 ff 00 00"},
                                      {519u, "e0 ff ff 00 00"}}) {
    CAPTURE(length);
    CHECK(decode(row(length + 1, 1, hex(match))).has_value());
    CHECK_FALSE(decode(row(length, 1, hex(match))).has_value());
    CHECK_FALSE(decode(row(length + 2, 1, hex(match))).has_value());
  }
}

TEST_CASE("a match reaches back as far as its distance says, and not beyond the first unit") {
  for (const auto& [distance, match] : {std::pair{1u, "20 00"},
                                        {256u, "20 ff"},
                                        {257u, "21 00"},
                                        {8191u, "3f fe"},
                                        {8192u, "3f ff 00 00"},
                                        {8447u, "3f ff 00 ff"},
                                        {8448u, "3f ff 01 00"},
                                        {73727u, "3f ff ff ff"}}) {
    CAPTURE(distance);
    const auto decoded = decode(row(distance + 3, distance, hex(match)));
    REQUIRE(decoded.has_value());
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(decoded->pixels[distance + i] == static_cast<std::byte>(i % distance % 251));
    if (distance > 1) CHECK_FALSE(decode(row(distance + 2, distance - 1, hex(match))).has_value());
  }
  CHECK_FALSE(decode(row(3, 0, hex("20 00"))).has_value());
}

TEST_CASE("a header is refused that has a field which clients do not accept") {
  const auto stream = hex("07  01 02 03  01 02 03  01 02 03  01 02 03  01 02 03  01 02 03  01 02 03  01 02 03");
  const auto fits = [&](const picture_header& h) { return decode(h + stream).has_value(); };
  CHECK(fits({}));
  CHECK_FALSE(fits({.magic = 0x4c5a2020}));
  CHECK_FALSE(fits({.version = 0x00010000}));
  CHECK_FALSE(fits({.type = 0}));
  CHECK_FALSE(fits({.type = 12}));
  CHECK_FALSE(fits({.type = 0xffffffff}));
  CHECK_FALSE(fits({.width = 0, .stride = 0}));
  CHECK_FALSE(fits({.height = 0}));
  CHECK_FALSE(fits({.stride = 15}));
  CHECK_FALSE(fits({.stride = 20}));
  CHECK_FALSE(fits({.type = 7}));
  CHECK(fits({.type = 7, .stride = 12}));
}

TEST_CASE("a stream is refused that ends before or after the last unit, or in the middle of anything") {
  for (const auto& vector : vectors_of("lz")) {
    if (!vector.has("raw") || vector.get<int>("width") * vector.get<int>("height") > 7000) continue;
    CAPTURE(vector.name());
    auto data = vector.payload();
    for (std::size_t size = 0; size < data.size(); size += size < 200 || data.size() - size < 200 ? 1 : 97)
      if (lz_decode(std::span{data}.first(size), 1 << 20)) FAIL("accepted with " << size << " bytes");
    for (const int extra : {0, 0x20, 0xff}) {
      data.push_back(static_cast<std::byte>(extra));
      CHECK(decode(data) == fail{errc::codec_failed});
    }
  }
}

TEST_CASE("no picture is made that is larger than allowed, or than its data can fill") {
  const auto flat = paint(bitmap_format::rgb_32bit, 1000, 1000, [](auto) { return 0u; });
  const auto data = lz_encode(flat.view());
  REQUIRE(data.has_value());
  CHECK(lz_decode(data->view(), 1000 * 1000).has_value());
  CHECK(lz_decode(data->view(), 1000 * 1000 - 1) == fail{errc::codec_failed});
  // A gigabyte, of 32 bytes.
  constexpr std::size_t any = -1;
  CHECK(lz_decode(picture_header{8, 1 << 14, (1 << 14) - 1, 1 << 16} + hex("00 01 02 03"), any) ==
        fail{errc::codec_failed});
  CHECK(lz_decode(picture_header{8, 0xffffffff, 0xffffffff, 0xfffffffc} + hex("00 01 02 03"), any) ==
        fail{errc::codec_failed});
}

TEST_CASE("damaged data becomes some picture or none") {
  std::mt19937 random{11};
  for (const auto& vector : vectors_of("lz")) {
    if (!vector.has("raw")) continue;
    CAPTURE(vector.name());
    const auto data = vector.payload();
    for (int round = 0; round < 40; ++round) {
      auto damaged = data;
      for (auto hits = 1 + random() % 3; hits > 0; --hits)
        damaged[random() % 2 == 0 ? random() % std::min<std::size_t>(28, damaged.size()) : random() % damaged.size()] ^=
            static_cast<std::byte>(1 + random() % 255);
      const auto decoded = decode(damaged);
      if (decoded) CHECK(decoded->pixels.size() == row_bytes(decoded->format, decoded->width) * decoded->height);
    }
  }
}
