// SPDX-License-Identifier: BSD-3-Clause
// Whole DRAW_COPY messages, as a server sent them, through the wire's reader and every decoder.
#include "messages/image/convert.hpp"
#include "messages/image/decode.hpp"
#include "messages/image/picture.hpp"
#include "messages/wire/display.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace saffron;
using namespace saffron::image;
namespace display = saffron::wire::display;

namespace {

std::vector<std::uint32_t> palette_of(const test::vector_entry& entry) {
  if (!entry.has("palette")) return {};
  return entry.fields.at("palette").at("ents").get<std::vector<std::uint32_t>>();
}

int furthest(const std::vector<std::byte>& a, const std::vector<std::byte>& b) {
  int most = a.size() == b.size() ? 0 : 256;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (i % 4 != 3) most = std::max(most, std::abs(std::to_integer<int>(a[i]) - std::to_integer<int>(b[i])));
  return most;
}

} // namespace

TEST_CASE("the image of every recorded message decodes to its pixels, unless it needs a window or a cache") {
  int decoded = 0, elsewhere = 0;
  for (const auto& entry : test::vectors_of("")) {
    CAPTURE(entry.name());
    const auto body = entry.payload();
    const auto message = wire::decode<display::to_client::draw_copy>(body);
    REQUIRE(message.has_value());
    const auto pixels = decode_image(message->source, 1 << 22);
    const auto type = display::type_of(message->source);
    if (type == display::image_type::glz_rgb || type == display::image_type::zlib_glz_rgb ||
        type == display::image_type::from_cache || type == display::image_type::from_cache_lossless || !pixels) {
      CHECK_FALSE(pixels.has_value());
      ++elsewhere;
      continue;
    }
    if (!entry.has("raw") || !entry.has("format")) continue;
    ++decoded;
    const auto raw = entry.raw();
    const auto expected = to_rgb32(raw.view(), palette_of(entry)).value();
    CHECK(furthest(pixels->pixels, expected.pixels) <= (entry.has("lossy") && entry.get<bool>("lossy") ? 80 : 0));
  }
  CHECK(decoded >= 30);
  CHECK(elsewhere >= 2);
}

TEST_CASE("an image whose size is not that of its data is refused, and so is one beyond the limit") {
  display::image i;
  i.width = 4;
  i.height = 2;
  display::bitmap raw;
  raw.x = 4;
  raw.y = 2;
  raw.stride = 16;
  const std::vector<std::byte> data(32);
  raw.data = data;
  i.body = raw;
  CHECK(decode_image(i, 8).has_value());
  CHECK_FALSE(decode_image(i, 7).has_value());
  i.width = 5;
  CHECK_FALSE(decode_image(i, 100).has_value());
  raw.y = 3; // more rows than there are bytes
  i.width = 4;
  i.height = 3;
  i.body = raw;
  CHECK_FALSE(decode_image(i, 100).has_value());
}

TEST_CASE("a picture is made of what is whole, packed and has its colours") {
  bitmap pixels;
  pixels.width = 4;
  pixels.height = 2;
  pixels.pixels.resize(32);
  REQUIRE(make_picture(pixels.view()).has_value());
  CHECK((*make_picture(pixels.view()))->id != (*make_picture(pixels.view()))->id);
  auto cut = pixels.view();
  cut.pixels = cut.pixels.first(31);
  CHECK(make_picture(cut).error() == errc::codec_failed);
  auto padded = pixels.view();
  padded.width = 3;
  CHECK_FALSE(make_picture(padded).has_value());
  auto indexed = pixels.view();
  indexed.format = bitmap_format::indexed_8bit;
  indexed.stride = 4;
  CHECK_FALSE(make_picture(indexed).has_value());
  CHECK(make_picture(indexed, std::make_shared<display::palette>(display::palette{0, {1, 2}})).has_value());
  bitmap wide;
  wide.width = (1 << 15) + 1;
  wide.height = 1;
  wide.pixels.resize(std::size_t{wide.width} * 4);
  CHECK_FALSE(make_picture(wide.view()).has_value());
}
