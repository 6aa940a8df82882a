// SPDX-License-Identifier: BSD-3-Clause
// Every type of image, as the source of a DRAW_COPY.
#include "messages/wire/display.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::display;
using display::to_client::draw_copy;
using test::hex;
using test::view;

namespace {

/// The fixed part of a DRAW_COPY whose image is at `place`, one byte of hex.
std::string copy_to(const char* place) {
  return std::string{"00 00 00 00                                      # surface 0\n"
                     "02 00 00 00 01 00 00 00 04 00 00 00 03 00 00 00  # box: top, left, bottom, right\n"
                     "00                                               # no clip\n"} +
         place +
         " 00 00 00                                               # source\n"
         "00 00 00 00 00 00 00 00 02 00 00 00 02 00 00 00  # its area\n"
         "08 00 00                                         # put, interpolate\n"
         "00 00 00 00 00 00 00 00 00 00 00 00 00           # no mask\n";
}

/// A descriptor of this type: id, type, flags, 2 x 2 pixels.
std::string descriptor(const char* type, const char* flags = "00") {
  return std::string{"08 07 06 05 04 03 02 01 "} + type + " " + flags + " 02 00 00 00 02 00 00 00\n";
}

draw_copy copy_of(image_body body, std::uint8_t flags = 0) {
  return {.base{.surface_id = 0, .box{.left = 1, .top = 2, .right = 3, .bottom = 4}},
          .source{.id = 0x0102030405060708, .flags = flags, .width = 2, .height = 2, .body = std::move(body)},
          .source_area{.left = 0, .top = 0, .right = 2, .bottom = 2}};
}

bool refused(const std::string& text) { return !decode<draw_copy>(hex(text)).has_value(); }

const std::string palette_hex = "09 00 00 00 00 00 00 00  # unique\n"
                                "02 00                    # two entries\n"
                                "00 00 00 00 ff ff ff 00  # black, white\n";
const palette two_colours{.unique = 9, .entries{0, 0xffffff}};

} // namespace

TEST_CASE("every image type is as the protocol says") {
  const std::vector<test::golden<draw_copy>> table{
      {copy_of(bitmap{.format = bitmap_format::rgb_32bit,
                      .flags = bitmap_flags::top_down,
                      .x = 2,
                      .y = 2,
                      .stride = 8,
                      .data = view("0123456789abcdef")},
               image_flags::cache_me),
       copy_to("39") + descriptor("00", "01") +
           "08 04 02 00 00 00 02 00 00 00 08 00 00 00  # 32 bit, top down, x, y, stride\n"
           "00 00 00 00                                # no palette\n"
           "30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66",
       {}},
      {copy_of(bitmap{.format = bitmap_format::be_1bit,
                      .flags = bitmap_flags::palette_cache_me,
                      .x = 2,
                      .y = 2,
                      .stride = 1,
                      .palette = two_colours,
                      .data = view("ab")}),
       copy_to("4b") + palette_hex + descriptor("00") +
           "02 01 02 00 00 00 02 00 00 00 01 00 00 00  # 1 bit, cache palette, x, y, stride\n"
           "39 00 00 00                                # palette at 57\n"
           "61 62",
       {}},
      {copy_of(bitmap{.format = bitmap_format::indexed_8bit,
                      .flags = bitmap_flags::palette_from_cache,
                      .x = 2,
                      .y = 2,
                      .stride = 2,
                      .palette = cached_palette{9},
                      .data = view("abcd")}),
       copy_to("39") + descriptor("00") +
           "05 02 02 00 00 00 02 00 00 00 02 00 00 00  # 8 bit, cached palette, x, y, stride\n"
           "09 00 00 00 00 00 00 00                    # palette id\n"
           "61 62 63 64",
       {}},
      {copy_of(quic_image{view("quic")}), copy_to("39") + descriptor("01") + "04 00 00 00 71 75 69 63", {}},
      {copy_of(lz_plt_image{.flags = bitmap_flags::palette_cache_me, .palette = two_colours, .data = view("lz")}),
       copy_to("4b") + palette_hex + descriptor("64") +
           "01 02 00 00 00  # cache palette, two bytes\n 39 00 00 00 # palette at 57\n 6c 7a",
       {}},
      {copy_of(
           lz_plt_image{.flags = bitmap_flags::palette_from_cache, .palette = cached_palette{9}, .data = view("lz")}),
       copy_to("39") + descriptor("64") +
           "02 02 00 00 00  # cached palette, two bytes\n 09 00 00 00 00 00 00 00 # its id\n 6c 7a",
       {}},
      {copy_of(lz_rgb_image{view("lz")}), copy_to("39") + descriptor("65") + "02 00 00 00 6c 7a", {}},
      {copy_of(glz_rgb_image{view("glz")}), copy_to("39") + descriptor("66") + "03 00 00 00 67 6c 7a", {}},
      {copy_of(cached_image{}), copy_to("39") + descriptor("67"), {}},
      {copy_of(surface_image{.surface_id = 5}), copy_to("39") + descriptor("68") + "05 00 00 00", {}},
      {copy_of(jpeg_image{view("jpeg")}), copy_to("39") + descriptor("69") + "04 00 00 00 6a 70 65 67", {}},
      {copy_of(cached_lossless_image{}), copy_to("39") + descriptor("6a"), {}},
      {copy_of(zlib_glz_rgb_image{.glz_data_size = 99, .data = view("z")}),
       copy_to("39") + descriptor("6b") + "63 00 00 00 01 00 00 00 7a",
       {}},
      {copy_of(jpeg_alpha_image{.flags = jpeg_alpha_flags::top_down, .jpeg_size = 2, .data = view("jpa")}),
       copy_to("39") + descriptor("6c") + "01 02 00 00 00 03 00 00 00 6a 70 61",
       {}},
      {copy_of(lz4_image{view("lz4")}, image_flags::high_bits_set),
       copy_to("39") + descriptor("6d", "02") + "03 00 00 00 6c 7a 34",
       {}},
  };
  std::set<std::size_t> bodies;
  for (const auto& g : table) {
    CAPTURE(static_cast<int>(type_of(g.expected.source)));
    test::check_golden(
        g, [](std::span<const std::byte> body) { return decode<draw_copy>(body); },
        [](const draw_copy& m) { return encode(m); });
    test::check_head(g.expected);
    bodies.insert(g.expected.source.body.index());
  }
  CHECK(bodies.size() == std::variant_size_v<image_body>);
}

TEST_CASE("an image may stand before the pointer that leads to it") {
  // The descriptor of a cached image overlaps the fixed part: the pointer leads to the box.
  const auto message = decode<draw_copy>(hex(copy_to("04")));
  CHECK_FALSE(message.has_value()); // type 3 there
  auto body = hex(copy_to("04"));
  body[4 + 8] = std::byte{103};
  REQUIRE(decode<draw_copy>(body).has_value());
  CHECK(type_of(decode<draw_copy>(body)->source) == image_type::from_cache);
}

TEST_CASE("an image that is null, outside or of an unknown type is refused") {
  CHECK(refused(copy_to("00") + descriptor("67")));
  CHECK(refused(copy_to("3a") + descriptor("67")));
  CHECK(refused(copy_to("ff") + descriptor("67")));
  CHECK(refused(copy_to("39") + descriptor("02")));
  CHECK(refused(copy_to("39") + descriptor("63")));
  CHECK(refused(copy_to("39") + descriptor("6e")));
}

TEST_CASE("a bitmap whose rows overflow is refused") {
  const auto with_size = [](const char* y_and_stride) {
    return copy_to("39") + descriptor("00") + "08 04 01 00 00 00 " + y_and_stride + " 00 00 00 00 61 62 63 64";
  };
  CHECK_FALSE(refused(with_size("01 00 00 00 04 00 00 00")));
  CHECK(refused(with_size("01 00 00 00 05 00 00 00")));
  CHECK(refused(with_size("ff ff ff ff ff ff ff ff")));
  CHECK(refused(with_size("00 00 00 80 02 00 00 00"))); // 2^32
  CHECK(refused(with_size("00 00 01 00 00 00 01 00"))); // 2^32
}

TEST_CASE("a palette that does not fit is refused, and takes no memory") {
  const auto with_palette = [](const char* offset, const char* count) {
    return copy_to("4b") + "09 00 00 00 00 00 00 00 " + count + " 00 00 00 00 00 00 00 00" + descriptor("64") +
           "00 01 00 00 00 " + offset + " 61";
  };
  CHECK_FALSE(refused(with_palette("39 00 00 00", "02 00")));
  CHECK(refused(with_palette("39 00 00 00", "ff ff")));
  CHECK(refused(with_palette("ff ff ff 7f", "02 00")));
  CHECK(refused(with_palette("00 00 00 00", "02 00"))); // LZ_PLT needs one
}

TEST_CASE("a JPEG with alpha cannot hold more JPEG than data") {
  CHECK(refused(copy_to("39") + descriptor("6c") + "01 04 00 00 00 03 00 00 00 6a 70 61"));
}

TEST_CASE("the flag for a cached palette follows the palette") {
  auto message = copy_of(bitmap{.flags = bitmap_flags::palette_from_cache, .palette = two_colours});
  const auto inside = encode(message);
  const auto decoded = decode<draw_copy>(inside);
  REQUIRE(decoded.has_value());
  CHECK(std::get<bitmap>(decoded->source.body).flags == 0);
  CHECK(std::get<bitmap>(decoded->source.body).palette == any_palette{two_colours});
}
