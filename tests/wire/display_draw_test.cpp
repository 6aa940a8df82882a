// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/display.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::display;
using namespace saffron::wire::display::to_client;
using test::hex;
using test::view;

namespace {

// Pieces of 21, 18, 13 and 16 bytes, and what they mean.
const std::string base_hex = "01 00 00 00  03 00 00 00 02 00 00 00 05 00 00 00 04 00 00 00  00 # base, no clip\n";
const draw_base base{.surface_id = 1, .box{.left = 2, .top = 3, .right = 4, .bottom = 5}};
const std::string cached_hex = "07 00 00 00 00 00 00 00 67 00 08 00 00 00 09 00 00 00 # cached image 7, 8 x 9\n";
const image cached{.id = 7, .width = 8, .height = 9, .body = cached_image{}};
const std::string no_mask_hex = "00 00 00 00 00 00 00 00 00 00 00 00 00 # no mask\n";
const std::string area_hex = "01 00 00 00 00 00 00 00 03 00 00 00 02 00 00 00 # area\n";
const rect area{.left = 0, .top = 1, .right = 2, .bottom = 3};

// A bit mask of one row, at 5, 6: the mask's fixed part with the image's place, and the image of 37 bytes.
std::string mask_at(const char* place) { return std::string{"01 05 00 00 00 06 00 00 00 "} + place + " 00 00 00\n"; }
const std::string mask_image_hex = "00 00 00 00 00 00 00 00 00 00 08 00 00 00 01 00 00 00 # bitmap 8 x 1\n"
                                   "01 04 08 00 00 00 01 00 00 00 01 00 00 00 00 00 00 00  # 1 bit, top down\n"
                                   "6d\n";
const mask stencil{
    .flags = mask_flags::invers,
    .position{5, 6},
    .bitmap = image{.width = 8,
                    .height = 1,
                    .body = bitmap{.format = bitmap_format::le_1bit,
                                   .flags = bitmap_flags::top_down,
                                   .x = 8,
                                   .y = 1,
                                   .stride = 1,
                                   .data = view("m")}},
};
const std::string lz4_hex = "0a 00 00 00 00 00 00 00 6d 00 02 00 00 00 01 00 00 00 03 00 00 00 6c 7a 34 # LZ4\n";
const image lz4{.id = 10, .width = 2, .height = 1, .body = lz4_image{view("lz4")}};

const std::vector<test::golden<message>> table{
    {copy_bits{.base = base, .source_position{10, -11}}, base_hex + "0a 00 00 00 f5 ff ff ff", {}},
    {copy_bits{.base{
         .surface_id = 1, .box{.left = 2, .top = 3, .right = 4, .bottom = 5}, .clip{clip_type::rects, {area, area}}}},
     "01 00 00 00  03 00 00 00 02 00 00 00 05 00 00 00 04 00 00 00\n"
     "01 02 00 00 00 # clipped to two rectangles\n" +
         area_hex + area_hex + "00 00 00 00 00 00 00 00",
     {}},

    {draw_fill{.base = base, .brush = solid_brush{0x00ff8040}, .rop_descriptor = ropd::op_xor},
     base_hex + "01 40 80 ff 00 # solid\n 40 00 # xor\n" + no_mask_hex,
     {}},
    {draw_fill{.base = base, .brush = pattern_brush{cached, {1, 2}}, .mask = stencil},
     base_hex + "02 31 00 00 00 01 00 00 00 02 00 00 00 # pattern at 49\n 08 00\n" + mask_at("43") + cached_hex +
         mask_image_hex,
     {}},

    {draw_opaque{.base = base,
                 .source = lz4,
                 .source_area = area,
                 .brush = solid_brush{1},
                 .rop_descriptor = ropd::op_and,
                 .scale_mode = image_scale_mode::nearest},
     base_hex + "3e 00 00 00 # source at 62\n" + area_hex + "01 01 00 00 00 # solid\n 20 00 01 # and, nearest\n" +
         no_mask_hex + lz4_hex,
     {}},

    {draw_copy{.base = base, .source = lz4, .source_area = area, .mask = stencil},
     base_hex + "5e 00 00 00 # source at 94\n" + area_hex + "08 00 00 # put, interpolate\n" + mask_at("39") +
         mask_image_hex + lz4_hex,
     {}},
    {draw_blend{.base = base, .source = lz4, .source_area = area, .rop_descriptor = ropd::op_or},
     base_hex + "39 00 00 00 # source at 57\n" + area_hex + "10 00 00 # or, interpolate\n" + no_mask_hex + lz4_hex,
     {}},

    {draw_blackness{.base = base, .mask = stencil}, base_hex + mask_at("22") + mask_image_hex, {}},
    {draw_whiteness{.base = base}, base_hex + no_mask_hex, {}},
    {draw_invers{.base = base}, base_hex + no_mask_hex, {}},

    {draw_rop3{.base = base, .source = lz4, .source_area = area, .rop3 = 0xca},
     base_hex + "39 00 00 00 # source at 57\n" + area_hex + "00 # no brush\n ca 00 # function, interpolate\n" +
         no_mask_hex + lz4_hex,
     {}},

    {draw_stroke{.base = base,
                 .path{{path_flags::begin | path_flags::end, {{16, 32}, {48, 64}}}, {path_flags::close, {}}},
                 .line{.flags = line_flags::start_with_gap | line_flags::styled, .style{{80, 96}}},
                 .brush = solid_brush{2},
                 .fore_mode = 8,
                 .back_mode = 16},
     base_hex + "28 00 00 00              # path at 40\n"
                "0c 02 46 00 00 00        # styled with a gap first, two lengths at 70\n"
                "01 02 00 00 00           # solid\n"
                "08 00 10 00              # modes\n"
                "02 00 00 00              # two segments\n"
                "03 02 00 00 00           # begin and end, two points\n"
                "10 00 00 00 20 00 00 00 30 00 00 00 40 00 00 00\n"
                "08 00 00 00 00           # close, none\n"
                "50 00 00 00 60 00 00 00  # style",
     {}},
    {draw_stroke{.base = base, .path{}, .brush = solid_brush{2}},
     base_hex + "23 00 00 00 # path at 35\n 00 01 02 00 00 00 00 00 00 00\n 00 00 00 00 # no segment",
     {}},

    {draw_text{.base = base,
               .text{.flags = string_flags::raster_a4 | string_flags::raster_top_down,
                     .glyphs{{{1, 2}, {3, 4}, 3, 2, view("abcd")}, {{5, 6}, {7, 8}, 0, 0, {}}}},
               .back_area = area,
               .fore_brush = solid_brush{1},
               .back_brush = pattern_brush{cached, {0, 0}},
               .fore_mode = 8,
               .back_mode = 16},
     base_hex + "3f 00 00 00           # string at 63\n" + area_hex +
         "01 01 00 00 00                                   # solid\n"
         "02 6e 00 00 00 00 00 00 00 00 00 00 00           # pattern at 110\n"
         "08 00 10 00                                      # modes\n"
         "02 00 0a                                         # two glyphs, A4, top down\n"
         "01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00  # position, origin\n"
         "03 00 02 00 61 62 63 64                          # 3 x 2: two rows of two bytes\n"
         "05 00 00 00 06 00 00 00 07 00 00 00 08 00 00 00\n"
         "00 00 00 00\n" +
         cached_hex,
     {}},

    {draw_transparent{.base = base, .source = lz4, .source_area = area, .source_color = 0x1f, .true_color = 0xf8},
     base_hex + "31 00 00 00 # source at 49\n" + area_hex + "1f 00 00 00 f8 00 00 00 # colours\n" + lz4_hex,
     {}},

    {draw_alpha_blend{
         .base = base, .flags = alpha_flags::src_surface_has_alpha, .alpha = 128, .source = lz4, .source_area = area},
     base_hex + "02 80 # flags, alpha\n 2b 00 00 00 # source at 43\n" + area_hex + lz4_hex,
     {}},

    {draw_composite{.base = base, .flags = 3, .source = lz4, .source_origin{1, 2}, .mask_origin{-3, 4}},
     base_hex + "03 00 00 00 # over\n 25 00 00 00 # source at 37\n 01 00 02 00 fd ff 04 00 # origins\n" + lz4_hex,
     {}},
    {draw_composite{.base = base,
                    .flags = 3 | composite_flags::has_mask | composite_flags::has_src_transform |
                             composite_flags::has_mask_transform,
                    .source = lz4,
                    .mask = cached,
                    .source_transform{{1, 2, 3, 4, 5, 6}},
                    .mask_transform{{7, 8, 9, 10, 11, 12}}},
     base_hex +
         "03 00 38 00              # over, with all\n"
         "6b 00 00 00 59 00 00 00  # source at 107, mask at 89\n"
         "01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 05 00 00 00 06 00 00 00\n"
         "07 00 00 00 08 00 00 00 09 00 00 00 0a 00 00 00 0b 00 00 00 0c 00 00 00\n"
         "00 00 00 00 00 00 00 00\n" +
         cached_hex + lz4_hex,
     {}},
};

} // namespace

TEST_CASE("draw messages are as the protocol says") {
  constexpr std::size_t draw_messages = 14; // the others are in display_test.cpp
  CHECK(test::check_golden(table, decode_any) == draw_messages);
}

TEST_CASE("an unknown clip or brush is refused, as nobody knows how long it is") {
  auto body = encode(draw_fill{.base = base, .brush = solid_brush{1}});
  REQUIRE(decode<draw_fill>(body).has_value());
  body[20] = std::byte{2};
  CHECK_FALSE(decode<draw_fill>(body).has_value());
  body[20] = std::byte{0};
  body[21] = std::byte{3};
  CHECK_FALSE(decode<draw_fill>(body).has_value());
}

TEST_CASE("counts that cannot fit are refused") {
  CHECK_FALSE(decode<draw_whiteness>(hex("01 00 00 00  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
                                         "01 ff ff ff ff # so many clip rectangles"))
                  .has_value());
  CHECK_FALSE(decode<draw_stroke>(hex(base_hex + "23 00 00 00 00 01 02 00 00 00 00 00 00 00 ff ff ff ff")).has_value());
  CHECK_FALSE(decode<draw_stroke>(hex(base_hex + "23 00 00 00 00 01 02 00 00 00 00 00 00 00\n"
                                                 "01 00 00 00 01 ff ff ff 1f # one segment of so many points"))
                  .has_value());
}

TEST_CASE("glyphs of no known depth are refused") {
  const draw_text message{.base = base, .text{.flags = string_flags::raster_a8, .glyphs{{{}, {}, 1, 1, view("a")}}}};
  auto body = encode(message);
  REQUIRE(decode<draw_text>(body) == message);
  const std::size_t flags = body.size() - 1 - 20 - 1;
  REQUIRE(body[flags] == std::byte{string_flags::raster_a8});
  body[flags] = std::byte{string_flags::raster_top_down};
  CHECK_FALSE(decode<draw_text>(body).has_value());
}

TEST_CASE("a style without lengths is a null pointer") {
  const draw_stroke message{.base = base, .line{.flags = line_flags::styled, .style{std::vector<std::int32_t>{}}}};
  const auto body = encode(message);
  CHECK(decode<draw_stroke>(body) == message);
  CHECK(hex("08 00 00 00 00 00") == std::vector(body.begin() + 25, body.begin() + 31));
}

TEST_CASE("flags of a composite follow what is there") {
  const draw_composite message{.base = base, .flags = composite_flags::has_mask | 1, .source = cached};
  const auto decoded = decode<draw_composite>(encode(message));
  REQUIRE(decoded.has_value());
  CHECK(decoded->flags == 1);
  CHECK_FALSE(decoded->mask.has_value());
}
