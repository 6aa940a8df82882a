// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/convert.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace saffron;
using namespace saffron::image;
using test::hex;

namespace {

using bytes = std::vector<std::byte>;
using colors = std::vector<std::uint32_t>;

bitmap_view picture(bitmap_format format, std::uint32_t width, std::uint32_t height, const bytes& pixels) {
  return {format, width, height, row_bytes(format, width), true, pixels};
}

/// The pixels of the result, 0xAARRGGBB.
colors converted(const bitmap_view& from, const colors& palette = {}) {
  const auto to = to_rgb32(from, palette);
  REQUIRE(to.has_value());
  CHECK(to->format == bitmap_format::rgb_32bit);
  CHECK(to->width == from.width);
  CHECK(to->height == from.height);
  CHECK(to->top_down);
  REQUIRE(to->pixels.size() == std::size_t{4} * from.width * from.height);
  colors out(to->pixels.size() / 4);
  std::memcpy(out.data(), to->pixels.data(), to->pixels.size());
  return out;
}

const colors rainbow = [] {
  colors out;
  for (std::uint32_t i = 0; i < 256; ++i) out.push_back(0x010203 * i % 0x1000000);
  return out;
}();

} // namespace

TEST_CASE("32-bit pixels stay as they are, pad and alpha too") {
  const auto pixels = hex("010203ff 040506fe 07080900 0a0b0c80");
  const colors expected{0xff030201, 0xfe060504, 0x00090807, 0x800c0b0a};
  CHECK(converted(picture(bitmap_format::rgb_32bit, 2, 2, pixels)) == expected);
  CHECK(converted(picture(bitmap_format::rgba, 2, 2, pixels)) == expected);
}

TEST_CASE("24-bit pixels get a pad of 0") {
  CHECK(converted(picture(bitmap_format::rgb_24bit, 3, 1, hex("010203 ffffff a1a2a3"))) ==
        colors{0x030201, 0xffffff, 0xa3a2a1});
  CHECK(converted(picture(bitmap_format::rgb_24bit, 1, 1, hex("010203"))) == colors{0x030201});
}

TEST_CASE("16-bit pixels are red, green and blue of five bits, the highest bit being nothing") {
  CHECK(converted(picture(bitmap_format::rgb_16bit, 4, 1, hex("007c e003 1f00 0080"))) ==
        colors{0xff0000, 0x00ff00, 0x0000ff, 0});
}

TEST_CASE("five bits become eight by repeating their highest three") {
  for (unsigned v = 0; v < 32; ++v) {
    const auto all = v << 10 | v << 5 | v;
    const bytes pixel{static_cast<std::byte>(all), static_cast<std::byte>(all >> 8)};
    const auto eight = v << 3 | v >> 2;
    CHECK(converted(picture(bitmap_format::rgb_16bit, 1, 1, pixel)) == colors{eight * 0x010101});
  }
}

TEST_CASE("bytes of indices are looked up") {
  CHECK(converted(picture(bitmap_format::indexed_8bit, 4, 1, hex("00 01 80 ff")), rainbow) ==
        colors{rainbow[0], rainbow[1], rainbow[128], rainbow[255]});
}

TEST_CASE("of two indices in a byte the left one is low in one format and high in the other") {
  const auto pixels = hex("12 30 45 60"); // two rows of three pixels
  CHECK(converted(picture(bitmap_format::le_4bit, 3, 2, pixels), rainbow) ==
        colors{rainbow[2], rainbow[1], rainbow[0], rainbow[5], rainbow[4], rainbow[0]});
  CHECK(converted(picture(bitmap_format::be_4bit, 3, 2, pixels), rainbow) ==
        colors{rainbow[1], rainbow[2], rainbow[3], rainbow[4], rainbow[5], rainbow[6]});
}

TEST_CASE("of eight indices in a byte the left one is the lowest bit in one format and the highest in the other") {
  const auto pixels = hex("d1 02"); // 1101'0001, 0000'0010: ten pixels
  const std::uint32_t o = 0x111111, i = 0xeeeeee;
  CHECK(converted(picture(bitmap_format::le_1bit, 10, 1, pixels), {o, i}) == colors{i, o, o, o, i, o, i, i, o, i});
  CHECK(converted(picture(bitmap_format::be_1bit, 10, 1, pixels), {o, i}) == colors{i, i, o, i, o, o, o, i, o, o});
}

TEST_CASE("an index beyond the palette is black") {
  CHECK(converted(picture(bitmap_format::indexed_8bit, 3, 1, hex("00 01 02")), {7, 8}) == colors{7, 8, 0});
  CHECK(converted(picture(bitmap_format::be_4bit, 2, 1, hex("0f")), {7, 8}) == colors{7, 0});
  CHECK(converted(picture(bitmap_format::be_1bit, 2, 1, hex("40"))) == colors{0, 0});
}

TEST_CASE("colours beyond what an index can say are no harm") {
  CHECK(converted(picture(bitmap_format::indexed_8bit, 1, 1, hex("ff")), colors(65535, 9)) == colors{9});
}

TEST_CASE("alpha alone is black with that alpha") {
  CHECK(converted(picture(bitmap_format::alpha_8bit, 3, 1, hex("00 80 ff"))) == colors{0, 0x80000000, 0xff000000});
}

TEST_CASE("of a picture that was sent bottom up the last row becomes the first, in every format") {
  for (int f = 1; f <= 10; ++f) {
    const auto format = static_cast<bitmap_format>(f);
    CAPTURE(f);
    constexpr std::uint32_t width = 5, height = 3;
    const auto row = row_bytes(format, width);
    bytes down, up;
    for (std::uint32_t y = 0; y < height; ++y) {
      bytes line;
      for (std::size_t i = 0; i < row; ++i) line.push_back(static_cast<std::byte>(37 * i + 91 * y + 5));
      down.insert(down.end(), line.begin(), line.end());
      up.insert(up.begin(), line.begin(), line.end());
    }
    auto view = picture(format, width, height, up);
    view.top_down = false;
    const auto expected = converted(picture(format, width, height, down), rainbow);
    CHECK(converted(view, rainbow) == expected);
    view.top_down = true;
    CHECK(converted(view, rainbow) != expected);
  }
}

TEST_CASE("what pads the rows is not in the picture, and the last row may lack it") {
  for (int f = 1; f <= 10; ++f) {
    const auto format = static_cast<bitmap_format>(f);
    CAPTURE(f);
    const auto row = row_bytes(format, 5);
    bytes packed(row * 2, std::byte{0x5a}), padded(row * 2 + 3, std::byte{0x5a});
    std::fill_n(padded.begin() + static_cast<std::ptrdiff_t>(row), 3, std::byte{0xff});
    auto view = picture(format, 5, 2, padded);
    view.stride = row + 3;
    CHECK(converted(view, rainbow) == converted(picture(format, 5, 2, packed), rainbow));
  }
}

TEST_CASE("a picture that is not all there is refused") {
  const bytes pixels(16);
  auto view = picture(bitmap_format::rgb_32bit, 2, 2, pixels);
  view.pixels = view.pixels.first(15);
  CHECK(to_rgb32(view).error() == errc::codec_failed);
  view = picture(bitmap_format::rgb_32bit, 2, 0, pixels);
  CHECK(to_rgb32(view).error() == errc::codec_failed);
  view = picture(bitmap_format::rgb_32bit, 2, 2, pixels);
  view.stride = 7;
  CHECK(to_rgb32(view).error() == errc::codec_failed);
  view = picture(bitmap_format::invalid, 2, 2, pixels);
  CHECK(to_rgb32(view).error() == errc::codec_failed);
}
