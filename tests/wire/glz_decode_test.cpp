// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_decode.hpp"
#include "messages/image/glz_encode.hpp"
#include "messages/image/glz_format.hpp"
#include "tests/wire/glz_pictures.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::image;
using namespace saffron::test;

namespace {

/// An image of 32 bit pixels in one row, with these bytes behind the header.
pixels image_of(std::uint64_t id, std::uint32_t win_head_dist, std::uint32_t width, std::vector<int> stream,
                bitmap_format format = bitmap_format::rgb_32bit) {
  pixels out(glz::header_bytes);
  glz::write_header(out.data(), {format, width, 1, true, id, win_head_dist});
  for (const auto byte : stream) out.push_back(static_cast<std::byte>(byte));
  return out;
}

/// Four literals: 1, 2, 3, 4 in each channel.
const std::vector<int> four = {3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4};

pixels grey(std::initializer_list<int> values) {
  pixels out;
  for (const auto value : values)
    for (const auto byte : {value, value, value, 0}) out.push_back(static_cast<std::byte>(byte));
  return out;
}

errc error_of(glz_client_window& client, const pixels& data) {
  const auto made = client.decode(data);
  return made ? errc::none : made.error();
}

} // namespace

TEST_CASE("an offset in the image counts back from here, one in another image from its first unit") {
  glz_client_window client{1000};
  CHECK((*client.decode(image_of(0, 0, 4, four)))->pixels == grey({1, 2, 3, 4}));
  // Two literals, then three units from two back.
  auto inside = image_of(1, 1, 5, {1, 7, 7, 7, 8, 8, 8, 3 << 5 | 1, 0, 0});
  CHECK((*client.decode(inside))->pixels == grey({7, 8, 7, 8, 7}));
  // Three units from unit 1 of the image two back.
  auto across = image_of(2, 2, 3, {3 << 5 | 1, 0, 2});
  CHECK((*client.decode(across))->pixels == grey({2, 3, 4}));
  // The same in the far form, and with distances in the bytes that follow.
  auto far = image_of(3, 3, 3, {3 << 5 | 16 | 1, 0, 1 << 6 | 32, 3, 0});
  CHECK((*client.decode(far))->pixels == grey({2, 3, 4}));
  auto three_bytes = image_of(4, 4, 3, {3 << 5 | 16 | 1, 0, 3 << 6, 4, 0, 0});
  CHECK((*client.decode(three_bytes))->pixels == grey({2, 3, 4}));
  auto near_more = image_of(5, 5, 3, {3 << 5 | 1, 0, 3 << 6 | 5, 0, 0, 0});
  CHECK((*client.decode(near_more))->pixels == grey({2, 3, 4}));
}

TEST_CASE("offset 0 of another image is its first unit") {
  glz_client_window client{1000};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  CHECK((*client.decode(image_of(1, 1, 4, {4 << 5, 0, 1})))->pixels == grey({1, 2, 3, 4}));
}

TEST_CASE("alpha comes in a second pass, with lengths of its own") {
  glz_client_window client{1000};
  // Colours: one literal repeated; alpha: two literals and three units of what was before.
  const auto made = client.decode(
      image_of(0, 0, 5, {0, 9, 8, 7, 4 << 5, 0, 0, 1, 0x10, 0x20, 1 << 5 | 1, 0, 0}, bitmap_format::rgba));
  REQUIRE(made.has_value());
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK((*made)->pixels[4 * i + 1] == std::byte{8});
    CHECK((*made)->pixels[4 * i + 3] == static_cast<std::byte>(i % 2 == 0 ? 0x10 : 0x20));
  }
  // Alpha of the other image, colours of this one.
  const auto other =
      client.decode(image_of(1, 1, 5, {0, 1, 1, 1, 4 << 5, 0, 0, 0, 0x30, 2 << 5 | 1, 0, 1}, bitmap_format::rgba));
  REQUIRE(other.has_value());
  CHECK((*other)->pixels[4 * 4] == std::byte{1});
  CHECK((*other)->pixels[4 * 4 + 3] == std::byte{0x10});
}

TEST_CASE("a match that leads out of an image is refused") {
  glz_client_window client{1000};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  CHECK(error_of(client, image_of(1, 1, 3, {0, 1, 1, 1, 2 << 5 | 1, 0, 0})) ==
        errc::codec_failed);                                                            // before the first unit
  CHECK(error_of(client, image_of(1, 1, 4, {4 << 5 | 1, 0, 1})) == errc::codec_failed); // past the last one
  CHECK(error_of(client, image_of(1, 1, 1, {1 << 5 | 4, 0, 1})) == errc::codec_failed);
  CHECK(error_of(client, image_of(1, 1, 2, {3 << 5, 0, 1})) == errc::codec_failed); // longer than this image
  CHECK(error_of(client, image_of(1, 1, 2, {7 << 5, 255, 255, 255, 255, 0, 0, 1})) == errc::codec_failed);
  CHECK(client.held_images() == 1);
}

TEST_CASE("a literal past the last unit and bytes behind it are refused") {
  glz_client_window client{1000};
  CHECK(error_of(client, image_of(0, 0, 3, four)) == errc::codec_failed);
  auto longer = four;
  longer.push_back(0);
  CHECK(error_of(client, image_of(0, 0, 4, longer)) == errc::codec_failed);
}

TEST_CASE("an image that has not arrived is waited for, one that has left is not") {
  glz_client_window client{1000};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  const auto to_2 = image_of(3, 3, 3, {3 << 5 | 1, 0, 1});
  CHECK(error_of(client, to_2) == errc::out_of_order);
  REQUIRE(client.decode(image_of(2, 0, 4, four)).has_value());
  CHECK((*client.decode(to_2))->pixels == grey({2, 3, 4}));
  CHECK(client.held_images() == 3); // 1 is missing: nothing may go yet
  REQUIRE(client.decode(image_of(1, 0, 4, four)).has_value());
  CHECK(client.held_images() == 4); // 3 says that it needs 0
  REQUIRE(client.decode(image_of(4, 1, 4, four)).has_value());
  CHECK(client.held_images() == 2);
  CHECK(error_of(client, image_of(5, 5, 3, {3 << 5 | 1, 0, 3})) == errc::codec_failed);
}

TEST_CASE("a match may not lead before the image's own head") {
  glz_client_window client{1000};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  REQUIRE(client.decode(image_of(1, 1, 4, four)).has_value());
  CHECK(error_of(client, image_of(2, 1, 3, {3 << 5 | 1, 0, 2})) == errc::codec_failed);
}

TEST_CASE("an id that was there before is refused") {
  glz_client_window client{1000};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  CHECK(error_of(client, image_of(0, 0, 4, four)) == errc::codec_failed);
  REQUIRE(client.decode(image_of(2, 0, 4, four)).has_value());
  CHECK(error_of(client, image_of(2, 0, 4, four)) == errc::codec_failed);
}

TEST_CASE("an image of another format cannot be referred to") {
  glz_client_window client{1000};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  CHECK(error_of(client, image_of(1, 1, 3, {3 << 5 | 1, 0, 1}, bitmap_format::rgb_24bit)) == errc::codec_failed);
}

TEST_CASE("no more pixels are held than the client wants to") {
  glz_client_window client{10};
  REQUIRE(client.decode(image_of(0, 0, 4, four)).has_value());
  REQUIRE(client.decode(image_of(1, 1, 4, four)).has_value());
  CHECK(error_of(client, image_of(2, 1, 4, four)) == errc::codec_failed);
  CHECK(client.held_pixels() == 8);
}

TEST_CASE("a size that the data cannot fill is refused before there is memory for it") {
  glz_client_window client{std::uint64_t{1} << 40};
  CHECK(error_of(client, image_of(0, 0, 1u << 30, four)) == errc::codec_failed);
  CHECK(error_of(client, image_of(0, 0, 0, {})) == errc::codec_failed);
}

TEST_CASE("a header that no server writes is refused") {
  const auto whole = image_of(0, 0, 4, four);
  // The first and last byte of every field; the last of the id and of the distance may be anything else that fits.
  for (const std::size_t at : {0, 3, 4, 7, 9, 12, 13, 16, 17, 20, 29}) {
    CAPTURE(at);
    auto broken = whole;
    broken[at] ^= std::byte{0x20};
    glz_client_window client{1000};
    CHECK(error_of(client, broken) == errc::codec_failed);
  }
  for (int type = 0; type < 256; ++type) {
    auto other = whole;
    other[8] = static_cast<std::byte>(type);
    glz_client_window client{1000};
    CHECK(client.decode(other).has_value() == (type == 8 || type == 24));
  }
}

TEST_CASE("data that was cut short is refused wherever it was cut, and changes nothing") {
  std::mt19937 random{2};
  for (const auto format : glz_formats) {
    auto server = window_of(10000);
    glz_client_window client{10000};
    for (const auto what : {content::text, content::text, content::photo}) {
      const auto data = glz_encode(*server.allot(picture_of(random, what, format, 31, 9)));
      const auto held = client.held_images();
      for (std::size_t size = 0; size < data.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(client.decode(data.view().first(size)).has_value());
      }
      CHECK(client.held_images() == held);
      REQUIRE(client.decode(data.view()).has_value());
    }
  }
}

TEST_CASE("damaged data does no harm") {
  std::mt19937 random{4};
  std::size_t refused = 0;
  for (int round = 0; round < 300; ++round) {
    auto server = window_of(10000);
    glz_client_window client{20000};
    for (int i = 0; i < 4; ++i) {
      const auto data = glz_encode(*server.allot(picture_of(random, content::text, glz_formats[round % 4], 17, 12)));
      pixels damaged{data.view().begin(), data.view().end()};
      for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<std::byte>(random());
      if (!client.decode(damaged).has_value()) ++refused;
      CHECK(client.held_pixels() <= 20000);
    }
  }
  CHECK(refused > 100);
}
