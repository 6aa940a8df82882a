// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/convert.hpp"
#include "messages/image/jpeg.hpp"
#include "tests/wire/hex.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

using namespace saffron;
using namespace saffron::image;

namespace {

using bytes = std::vector<std::byte>;

constexpr std::size_t no_limit = std::size_t{1} << 30;

/// Calls with the difference of each colour of each pixel; both are four bytes a pixel.
template <class F>
void for_each_difference(std::span<const std::byte> a, std::span<const std::byte> b, F&& call) {
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    if (i % 4 != 3) call(std::to_integer<int>(a[i]) - std::to_integer<int>(b[i]));
}

int largest_difference(std::span<const std::byte> a, std::span<const std::byte> b) {
  int most = 0;
  for_each_difference(a, b, [&](int d) { most = std::max(most, std::abs(d)); });
  return most;
}

/// Peak signal to noise ratio in dB; 100 for none.
double nearness(std::span<const std::byte> a, std::span<const std::byte> b) {
  double squares = 0;
  for_each_difference(a, b, [&](int d) { squares += d * d; });
  return squares == 0 ? 100 : 10 * std::log10(255.0 * 255.0 * (static_cast<double>(a.size()) * 3 / 4) / squares);
}

/// Soft hills with a bright corner, so that up is not down and left is not right.
bytes hills(std::uint32_t width, std::uint32_t height) {
  bytes out;
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      const double fx = x / 23.0, fy = y / 17.0;
      const double corner = x < width / 2 && y < height / 2 ? 60 : 0;
      for (const double v : {std::sin(fx), std::cos(fy), std::sin(fx + fy)})
        out.push_back(static_cast<std::byte>(static_cast<int>(90 + 80 * v + corner)));
      out.push_back(std::byte{0});
    }
  return out;
}

bitmap_view view_of(const bytes& pixels, std::uint32_t width, std::uint32_t height) {
  return {bitmap_format::rgb_32bit, width, height, std::size_t{4} * width, true, pixels};
}

/// Drops pads, or bits, so that the colours are those of the 32-bit picture as well as the format can say them.
bytes in_format(const bytes& pixels, bitmap_format format) {
  bytes out;
  for (std::size_t i = 0; i < pixels.size(); i += 4) {
    const auto c = [&](std::size_t n) { return std::to_integer<unsigned>(pixels[i + n]); };
    if (format == bitmap_format::rgb_16bit) {
      const auto v = c(2) >> 3 << 10 | c(1) >> 3 << 5 | c(0) >> 3;
      out.push_back(static_cast<std::byte>(v));
      out.push_back(static_cast<std::byte>(v >> 8));
      continue;
    }
    for (std::size_t n = 0; n < 3; ++n) out.push_back(pixels[i + n]);
    if (format == bitmap_format::rgba) out.push_back(std::byte{0x42});
    if (format == bitmap_format::rgb_32bit) out.push_back(std::byte{0xff});
  }
  return out;
}

bitmap decoded(std::span<const std::byte> data) {
  auto out = jpeg_decode(data, no_limit);
  REQUIRE(out.has_value());
  CHECK(out->format == bitmap_format::rgb_32bit);
  CHECK(out->top_down);
  CHECK(out->view().whole());
  return std::move(*out);
}

bitmap there_and_back(const bitmap_view& from, int quality, jpeg_chroma chroma = jpeg_chroma::shared_by_four) {
  const auto data = jpeg_encode(from, quality, chroma);
  REQUIRE(data.has_value());
  auto out = decoded(data->view());
  CHECK(out.width == from.width);
  CHECK(out.height == from.height);
  return out;
}

/// The JPEG of a vector: all of it, or what stands before the alpha.
bytes jpeg_part(const test::vector_entry& v) {
  auto data = v.payload();
  if (v.has("jpeg_size")) data.resize(v.get<std::size_t>("jpeg_size"));
  return data;
}

/// What it was made with: the first entry of its table of quantities says it, 5 being that of 85 and 13 that of 60.
int quality_of(const test::vector_entry& v) {
  const auto data = jpeg_part(v);
  const auto table = std::ranges::search(data, test::hex("ff db")).begin();
  return table[5] == std::byte{5} ? 85 : 60;
}

} // namespace

TEST_CASE("every JPEG of the reference decodes to what it decodes to there, within the freedom of an inverse DCT") {
  const auto vectors = test::vectors_of("jpeg");
  REQUIRE(vectors.size() == 10);
  for (const auto& v : vectors) {
    CAPTURE(v.name());
    const auto out = decoded(jpeg_part(v));
    CHECK(out.width == v.get<std::uint32_t>("width"));
    CHECK(out.height == v.get<std::uint32_t>("height"));
    CHECK(largest_difference(out.pixels, v.decoded()) <= 2);
    for (std::size_t i = 3; i < out.pixels.size(); i += 4) REQUIRE(out.pixels[i] == std::byte{0});
  }
}

TEST_CASE("what the reference made JPEGs of, we make pictures of the same quality of") {
  for (const auto& v : test::vectors_of("jpeg")) {
    CAPTURE(v.name());
    const auto raw = v.raw();
    const auto source = to_rgb32(raw.view());
    REQUIRE(source.has_value());
    const auto ours = there_and_back(raw.view(), quality_of(v)), theirs = decoded(jpeg_part(v));
    CHECK(nearness(ours.pixels, source->pixels) > nearness(theirs.pixels, source->pixels) - 0.5);
  }
}

TEST_CASE("data with alpha are a JPEG, then the alpha as it was given") {
  for (const auto& v : test::vectors_of("jpeg")) {
    if (!v.has("jpeg_size")) continue;
    CAPTURE(v.name());
    const auto payload = v.payload();
    CHECK(payload.size() == v.get<std::size_t>("data_size"));
    const auto alpha = std::span{payload}.subspan(v.get<std::size_t>("jpeg_size"));
    const auto raw = v.raw();
    const auto made = jpeg_alpha_encode(raw.view(), quality_of(v), jpeg_chroma::shared_by_four, alpha);
    REQUIRE(made.has_value());
    REQUIRE(made->data.size() == made->jpeg_size + alpha.size());
    CHECK(std::ranges::equal(made->data.view().last(alpha.size()), alpha));
    const auto colors = decoded(made->data.view().first(made->jpeg_size));
    CHECK(largest_difference(colors.pixels, v.decoded()) <= 2);
  }
}

TEST_CASE("colours and alpha join to what the reference decodes, whichever way the alpha goes") {
  for (const auto& v : test::vectors_of("jpeg")) {
    if (!v.has("jpeg_size")) continue;
    CAPTURE(v.name());
    const auto raw = v.raw();
    bitmap alpha{bitmap_format::alpha_8bit, raw.width, raw.height, raw.top_down, {}};
    for (std::size_t i = 3; i < raw.pixels.size(); i += 4) alpha.pixels.push_back(raw.pixels[i]);
    const auto joined = with_alpha(decoded(jpeg_part(v)), alpha.view());
    REQUIRE(joined.has_value());
    CHECK(joined->format == bitmap_format::rgba);
    const auto expected = v.decoded();
    CHECK(largest_difference(joined->pixels, expected) <= 2);
    for (std::size_t i = 3; i < expected.size(); i += 4) REQUIRE(joined->pixels[i] == expected[i]);
    alpha.width -= 1;
    CHECK_FALSE(with_alpha(decoded(jpeg_part(v)), alpha.view()).has_value());
  }
}

TEST_CASE("only a picture that has alpha becomes one with alpha") {
  const auto pixels = hills(8, 8);
  CHECK(jpeg_alpha_encode(view_of(pixels, 8, 8), 85, jpeg_chroma::each_its_own, {}).error() == errc::codec_failed);
}

TEST_CASE("every format with colours comes back near what it was") {
  const auto source = hills(120, 90);
  for (const auto format :
       {bitmap_format::rgb_16bit, bitmap_format::rgb_24bit, bitmap_format::rgb_32bit, bitmap_format::rgba}) {
    CAPTURE(static_cast<int>(format));
    const auto pixels = in_format(source, format);
    const bitmap_view from{format, 120, 90, row_bytes(format, 120), true, pixels};
    const auto exact = to_rgb32(from);
    REQUIRE(exact.has_value());
    CHECK(nearness(there_and_back(from, 85).pixels, exact->pixels) > 35);
    CHECK(nearness(there_and_back(from, 100, jpeg_chroma::each_its_own).pixels, exact->pixels) > 45);
  }
}

TEST_CASE("more quality is nearer and larger") {
  const auto pixels = hills(120, 90);
  const auto from = view_of(pixels, 120, 90);
  double before = 0;
  std::size_t size = 0;
  for (const int quality : {5, 30, 60, 85, 95}) {
    CAPTURE(quality);
    const auto now = nearness(there_and_back(from, quality).pixels, pixels);
    const auto now_size = jpeg_encode(from, quality)->size();
    CHECK(now > before);
    CHECK(now_size > size);
    before = now;
    size = now_size;
  }
}

TEST_CASE("thin coloured lines keep their colour only with a colour for each pixel") {
  bytes pixels;
  for (std::size_t i = 0; i < 64 * 64; ++i)
    for (const auto v : i % 2 == 0 ? test::hex("ff 00 00 00") : test::hex("00 00 ff 00")) pixels.push_back(v);
  const auto from = view_of(pixels, 64, 64);
  CHECK(nearness(there_and_back(from, 95, jpeg_chroma::each_its_own).pixels, pixels) > 30);
  CHECK(nearness(there_and_back(from, 95, jpeg_chroma::shared_by_four).pixels, pixels) < 15);
}

TEST_CASE("a picture that is stored bottom up is the same JPEG as when it is stored top down") {
  for (const auto format :
       {bitmap_format::rgb_16bit, bitmap_format::rgb_24bit, bitmap_format::rgb_32bit, bitmap_format::rgba}) {
    CAPTURE(static_cast<int>(format));
    const auto down = in_format(hills(37, 21), format);
    const auto row = row_bytes(format, 37);
    bytes up;
    for (std::size_t at = down.size(); at > 0; at -= row)
      up.insert(up.end(), down.begin() + static_cast<std::ptrdiff_t>(at - row),
                down.begin() + static_cast<std::ptrdiff_t>(at));
    const auto from_top = jpeg_encode({format, 37, 21, row, true, down}, 85);
    const auto from_bottom = jpeg_encode({format, 37, 21, row, false, up}, 85);
    const auto wrong = jpeg_encode({format, 37, 21, row, true, up}, 85);
    REQUIRE((from_top && from_bottom && wrong));
    CHECK(std::ranges::equal(from_top->view(), from_bottom->view()));
    CHECK_FALSE(std::ranges::equal(from_top->view(), wrong->view()));
  }
}

TEST_CASE("what pads the rows is not in the picture, and the last row may lack it") {
  for (const auto format :
       {bitmap_format::rgb_16bit, bitmap_format::rgb_24bit, bitmap_format::rgb_32bit, bitmap_format::rgba})
    for (const bool top_down : {true, false}) {
      CAPTURE(static_cast<int>(format));
      const auto packed = in_format(hills(19, 11), format);
      const auto row = row_bytes(format, 19), stride = row + 5;
      bytes padded(stride * 10 + row, std::byte{0xa5});
      for (std::size_t y = 0; y < 11; ++y)
        std::copy_n(packed.begin() + static_cast<std::ptrdiff_t>(y * row), row,
                    padded.begin() + static_cast<std::ptrdiff_t>(y * stride));
      const auto one = jpeg_encode({format, 19, 11, row, top_down, packed}, 85);
      const auto other = jpeg_encode({format, 19, 11, stride, top_down, padded}, 85);
      REQUIRE((one && other));
      CHECK(std::ranges::equal(one->view(), other->view()));
    }
}

TEST_CASE("sizes that fill no block are whole pictures") {
  for (const std::uint32_t width : {1, 2, 7, 8, 9, 15, 16, 17, 33})
    for (const std::uint32_t height : {1, 2, 7, 8, 9, 15, 16, 17, 33}) {
      CAPTURE(width);
      CAPTURE(height);
      const auto pixels = hills(width, height);
      CHECK(nearness(there_and_back(view_of(pixels, width, height), 95).pixels, pixels) > 24);
    }
}

TEST_CASE("every JPEG is a baseline file with all its tables, the second as the first") {
  const auto pixels = hills(40, 30);
  const auto first = jpeg_encode(view_of(pixels, 40, 30), 85), second = jpeg_encode(view_of(pixels, 40, 30), 85);
  REQUIRE((first && second));
  CHECK(std::ranges::equal(first->view(), second->view()));
  const auto count = [&](std::byte marker) {
    std::size_t found = 0;
    const auto data = second->view();
    for (std::size_t i = 0; i + 1 < data.size(); ++i) found += data[i] == std::byte{0xff} && data[i + 1] == marker;
    return found;
  };
  CHECK(count(std::byte{0xd8}) == 1); // start
  CHECK(count(std::byte{0xc0}) == 1); // baseline
  CHECK(count(std::byte{0xdb}) == 2); // quantisation
  CHECK(count(std::byte{0xc4}) == 4); // Huffman
  CHECK(count(std::byte{0xd9}) == 1); // end
}

TEST_CASE("a JPEG without tables is refused, even after one that had them") {
  const auto pixels = hills(40, 30);
  const auto whole = jpeg_encode(view_of(pixels, 40, 30), 85);
  REQUIRE(whole.has_value());
  bytes without{whole->view().begin(), whole->view().end()};
  const auto tables = test::hex("ff db"); // of quantities: for Huffman's, libjpeg-turbo has some of its own
  for (auto at = without.end(); (at = std::ranges::search(without, tables).begin()) != without.end();) {
    const auto size = std::to_integer<std::ptrdiff_t>(at[2]) * 256 + std::to_integer<std::ptrdiff_t>(at[3]);
    without.erase(at, at + 2 + size);
  }
  REQUIRE(without.size() < whole->size());
  (void)decoded(whole->view());
  CHECK_FALSE(jpeg_decode(without, no_limit).has_value());
}

TEST_CASE("nothing but pictures with colours becomes a JPEG") {
  const bytes pixels(64 * 64 * 4);
  for (const auto format : {bitmap_format::invalid, bitmap_format::le_1bit, bitmap_format::be_4bit,
                            bitmap_format::indexed_8bit, bitmap_format::alpha_8bit}) {
    CAPTURE(static_cast<int>(format));
    CHECK(jpeg_encode({format, 64, 64, 64, true, pixels}, 85).error() == errc::codec_failed);
  }
  CHECK_FALSE(jpeg_encode(view_of(pixels, 64, 65), 85).has_value());
  CHECK_FALSE(jpeg_encode(view_of(pixels, 64, 0), 85).has_value());
  CHECK_FALSE(jpeg_encode(view_of(pixels, 0, 64), 85).has_value());
}

TEST_CASE("a side longer than JPEG can say is refused") {
  const bytes pixels(65501 * 4, std::byte{0x40});
  CHECK(jpeg_encode(view_of(pixels, 65500, 1), 85).has_value());
  CHECK_FALSE(jpeg_encode(view_of(pixels, 65501, 1), 85).has_value());
  CHECK_FALSE(jpeg_encode(view_of(pixels, 1, 65501), 85).has_value());
}

TEST_CASE("a quality that does not exist is refused") {
  const auto pixels = hills(16, 16);
  const auto from = view_of(pixels, 16, 16);
  CHECK(jpeg_encode(from, 1).has_value());
  CHECK(jpeg_encode(from, 100).has_value());
  for (const int quality : {0, 101, -1}) CHECK(jpeg_encode(from, quality).error() == errc::codec_failed);
}

TEST_CASE("a picture larger than the limit is refused") {
  const auto pixels = hills(40, 30);
  const auto data = jpeg_encode(view_of(pixels, 40, 30), 85);
  REQUIRE(data.has_value());
  CHECK(jpeg_decode(data->view(), 40 * 30).has_value());
  CHECK(jpeg_decode(data->view(), 40 * 30 - 1).error() == errc::codec_failed);
}

TEST_CASE("a header that promises more pixels than its data can hold is refused") {
  const auto pixels = hills(40, 30);
  const auto data = jpeg_encode(view_of(pixels, 40, 30), 85);
  REQUIRE(data.has_value());
  bytes huge{data->view().begin(), data->view().end()};
  const auto size = std::ranges::search(huge, test::hex("ff c0 00 11 08")).end();
  std::ranges::copy(test::hex("7f ff 7f ff"), size);
  CHECK(jpeg_decode(huge, std::numeric_limits<std::uint64_t>::max()).error() == errc::codec_failed);
}

TEST_CASE("a JPEG that was cut short is refused wherever it was cut") {
  const auto pixels = hills(40, 30);
  const auto data = jpeg_encode(view_of(pixels, 40, 30), 85);
  REQUIRE(data.has_value());
  for (std::size_t size = 0; size < data->size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(jpeg_decode(data->view().first(size), no_limit).has_value());
  }
  bytes short_of_pixels{data->view().begin(), data->view().end()};
  short_of_pixels.erase(short_of_pixels.end() - 60, short_of_pixels.end() - 2); // the end is there, what it ends is not
  CHECK_FALSE(jpeg_decode(short_of_pixels, no_limit).has_value());
}

TEST_CASE("what follows a JPEG is no part of it") {
  const auto pixels = hills(40, 30);
  const auto data = jpeg_encode(view_of(pixels, 40, 30), 85);
  REQUIRE(data.has_value());
  bytes more{data->view().begin(), data->view().end()};
  more.push_back(std::byte{0});
  CHECK_FALSE(jpeg_decode(more, no_limit).has_value());
}

TEST_CASE("garbage is refused") {
  CHECK_FALSE(jpeg_decode({}, no_limit).has_value());
  CHECK_FALSE(jpeg_decode(test::hex("ff d8 ff d9"), no_limit).has_value());
  CHECK_FALSE(jpeg_decode(test::hex("ff d8 00 00 ff d9"), no_limit).has_value());
  CHECK_FALSE(jpeg_decode(test::hex("ff d8 ff e0 ff ff ff d9"), no_limit).has_value());
  CHECK_FALSE(jpeg_decode(test::view("not a picture"), no_limit).has_value());
  const auto vectors = test::vectors_of("jpeg");
  auto flawed = jpeg_part(vectors.back());
  std::fill(flawed.end() - 200, flawed.end() - 100, std::byte{0xff});
  CHECK_FALSE(jpeg_decode(flawed, no_limit).has_value());
}
