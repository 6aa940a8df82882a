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

constexpr std::size_t most_pixels = 1 << 20;

/// What comes back; the alpha of `rgba` alone if `only_alpha`.
bool comes_back(const bitmap& picture, bool only_alpha = false) {
  const auto data = only_alpha ? lz_encode_alpha(picture.view()) : lz_encode(picture.view());
  if (!data) return false;
  const auto decoded = lz_decode(data->view(), most_pixels);
  return decoded && same(*decoded, only_alpha ? alpha_of(picture) : picture);
}

/// The stream of an encoded picture, without the header.
std::vector<std::byte> stream_of(const bitmap& picture) {
  const auto data = lz_encode(picture.view());
  REQUIRE(data.has_value());
  const auto stream = data->view().subspan(28);
  return {stream.begin(), stream.end()};
}

bitmap flat(bitmap_format format, std::uint32_t color) {
  return paint(format, 64, 48, [=](auto) { return color; });
}

} // namespace

TEST_CASE("every vector of the reference decodes to its pixels, and so does what we make of these") {
  int tested = 0;
  for (const auto& vector : vectors_of("lz")) {
    if (!vector.has("raw")) continue; // the desktop: sample_pictures_lz_test.cpp
    CAPTURE(vector.name());
    const auto raw = vector.raw();
    const bool only_alpha = vector.get<int>("lz_type") == 10;
    const auto decoded = lz_decode(vector.payload(), most_pixels);
    REQUIRE(decoded.has_value());
    CHECK(same(*decoded, only_alpha ? alpha_of(raw) : raw));
    CHECK(comes_back(raw, only_alpha));
    ++tested;
  }
  CHECK(tested == 101);
}

TEST_CASE("the header says magic, version, type, width, height, stride and whether the top row comes first") {
  auto pixel = paint(bitmap_format::rgb_32bit, 1, 1, [](auto) { return 0x003366ccu; });
  CHECK(lz_encode(pixel.view())->view().size() == 32);
  const auto header = hex("20 20 5a 4c  00 01 00 01  00 00 00 08  00 00 00 01  00 00 00 01  00 00 00 04  00 00 00 01");
  const auto all = [](const shared_bytes& b) { return std::vector<std::byte>{b.view().begin(), b.view().end()}; };
  auto expected = header;
  for (const auto byte : hex("00 cc 66 33")) expected.push_back(byte);
  CHECK(all(*lz_encode(pixel.view())) == expected);

  pixel.top_down = false;
  pixel.format = bitmap_format::rgba;
  pixel.pixels[3] = std::byte{0xff};
  expected = header;
  expected[11] = std::byte{9};
  expected[27] = std::byte{0};
  for (const auto byte : hex("00 cc 66 33  00 ff")) expected.push_back(byte);
  CHECK(all(*lz_encode(pixel.view())) == expected);
}

TEST_CASE("a flat picture is a pixel and one match") {
  // 3071 pixels: 7, twelve times 255, and 4; of 16 bits one less, for the bias.
  CHECK(stream_of(flat(bitmap_format::rgb_32bit, 0x112233)) ==
        hex("00 33 22 11  e0  ff ff ff ff ff ff ff ff ff ff ff ff 04  00"));
  CHECK(stream_of(flat(bitmap_format::rgb_16bit, 0x1999)) ==
        hex("00 19 99  e0  ff ff ff ff ff ff ff ff ff ff ff ff 03  00"));
}

TEST_CASE("random pictures of every format, shape and orientation come back") {
  std::mt19937 random{7};
  const auto up_to = [&](std::uint32_t most) { return random() % most; };
  for (int round = 0; round < 1500; ++round) {
    CAPTURE(round);
    const auto format = every_format[up_to(every_format.size())];
    const auto width = 1 + up_to(up_to(4) == 0 ? 300 : 20), height = 1 + up_to(up_to(4) == 0 ? 100 : 20);
    // Few colours give many matches; pieces are new, a run, or what was there before.
    const auto colors = std::uint32_t{1} << up_to(25);
    std::vector<std::uint32_t> units;
    const auto count = row_bytes(format, width) * height / unit_bytes(format);
    while (units.size() < count) {
      const auto kind = up_to(3), length = 1 + up_to(up_to(8) == 0 ? 600 : 12);
      const auto distance = units.empty() ? 0 : 1 + up_to(static_cast<std::uint32_t>(units.size()));
      const auto color = up_to(colors) * 0x01010101u;
      for (std::uint32_t i = 0; i < length; ++i)
        units.push_back(kind == 0 || distance == 0 ? up_to(colors) * 0x9e3779b1u
                        : kind == 1                ? color
                                                   : units[units.size() - distance]);
    }
    auto picture = paint(format, width, height, [&](auto i) { return units[i]; });
    picture.top_down = up_to(2) == 0;
    CHECK(comes_back(picture));
    if (format == bitmap_format::rgba) CHECK(comes_back(picture, true));
  }
}

TEST_CASE("a match of any length, and after any number of literals, comes back") {
  for (const auto format : every_format)
    for (std::uint32_t length = 1; length <= 1000; length += length < 300 ? 1 : 37) {
      CAPTURE(length);
      // Literals, a run, and a repetition of both.
      auto units = noise(bitmap_format::rgb_32bit, length, 1).pixels;
      const auto at = [&](std::size_t i) {
        i %= 2 * std::size_t{length};
        return i < length ? std::to_integer<std::uint32_t>(units[i * 4]) * 0x10203u : 0x77777777u;
      };
      const auto pixels = 4 * length * static_cast<std::uint32_t>(unit_bytes(format)) * 8 / bits_per_pixel(format);
      CHECK(comes_back(paint(format, pixels, 1, at)));
    }
}

TEST_CASE("what is repeated from any distance comes back, and is a match up to 65536 units") {
  for (const auto format : {bitmap_format::rgb_32bit, bitmap_format::rgb_24bit, bitmap_format::rgb_16bit,
                            bitmap_format::rgba, bitmap_format::indexed_8bit}) {
    // Steps of one colour, and on them a piece of 50 others, twice.
    const auto repeated_from = [=](std::size_t distance) {
      return paint(format, 1000, 90, [=](std::size_t i) {
        const auto in_piece = i - (i >= 1000 + distance ? 1000 + distance : 1000);
        return static_cast<std::uint32_t>(in_piece < 50 ? in_piece * 0x9e3779b1 : i / 500 * 0x01010101);
      });
    };
    const auto most = stream_of(repeated_from(73727)).size();
    for (const std::size_t distance : {255, 256, 257, 8190, 8191, 8192, 8193, 8447, 8448, 65535, 65536, 65537}) {
      CAPTURE(distance);
      const auto picture = repeated_from(distance);
      CHECK(comes_back(picture));
      CHECK((stream_of(picture).size() + 40 < most) == (distance <= 65536));
    }
  }
}

TEST_CASE("what is not transported does not matter") {
  for (const auto format : {bitmap_format::rgb_32bit, bitmap_format::rgb_16bit}) {
    auto padded = flat(format, 0x1234);
    std::mt19937 random{3};
    const auto unit = unit_bytes(format);
    for (std::size_t i = unit - 1; i < padded.pixels.size(); i += unit)
      padded.pixels[i] |= static_cast<std::byte>(unit == 2 ? random() & 0x80 : random());
    CHECK(stream_of(padded).size() == stream_of(transported(padded)).size());
    CHECK(comes_back(padded));
  }
  const auto colors = noise(bitmap_format::rgba, 64, 48);
  auto opaque = colors;
  for (std::size_t i = 3; i < opaque.pixels.size(); i += 4) opaque.pixels[i] = std::byte{0xff};
  CHECK(lz_encode_alpha(opaque.view())->size() ==
        lz_encode_alpha(flat(bitmap_format::rgba, 0xff000000).view())->size());
}

TEST_CASE("no stream is larger than one of literals alone") {
  for (const auto format : every_format)
    for (const std::uint32_t colors : {1u, 2u, 3u, 5u, 40u, 0u}) {
      auto picture = noise(format, 257, 203);
      if (colors > 0)
        for (auto& byte : picture.pixels) byte = static_cast<std::byte>(std::to_integer<std::uint32_t>(byte) % colors);
      const auto units = picture.pixels.size() / unit_bytes(format), controls = (units + 31) / 32;
      const std::size_t color_bytes = std::min<std::size_t>(unit_bytes(format), 3);
      const std::size_t alpha = format == bitmap_format::rgba ? units + controls : 0;
      CHECK(stream_of(picture).size() <= units * color_bytes + controls + alpha);
    }
}

TEST_CASE("only whole pictures without padding are encoded") {
  const auto picture = noise(bitmap_format::rgba, 10, 10);
  const auto refused = [](const bitmap_view& view) {
    return lz_encode(view) == fail{errc::codec_failed} && lz_encode_alpha(view) == fail{errc::codec_failed};
  };
  auto view = picture.view();
  CHECK_FALSE(refused(view));
  view.pixels = view.pixels.first(view.pixels.size() - 1);
  CHECK(refused(view));
  view = picture.view();
  view.width = 9;
  CHECK(refused(view));
  view.stride = 36;
  CHECK_FALSE(refused(view));
  view.height = 0;
  CHECK(refused(view));
  view = picture.view();
  view.width = view.height = 0xffffffff;
  view.stride = std::size_t{view.width} * 4;
  CHECK(refused(view));
  view = picture.view();
  view.format = bitmap_format::invalid;
  CHECK(refused(view));
  view.format = static_cast<bitmap_format>(11);
  CHECK(refused(view));
  view.format = bitmap_format::rgb_32bit;
  CHECK(lz_encode(view).has_value());
  CHECK(lz_encode_alpha(view) == fail{errc::codec_failed});
}
