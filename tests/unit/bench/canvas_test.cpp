// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/canvas.hpp"
#include "bench/load/display_view.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/lz4.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace saffron::load;
using namespace saffron::wire::display;
using saffron::errc;
using saffron::extent;
using saffron::point;
using saffron::rect;
namespace wire = saffron::wire;
namespace tc = saffron::wire::display::to_client;

namespace {

constexpr std::uint32_t width = 8, height = 6;

draw_base base_of(rect box, std::vector<rect> clip = {}) {
  draw_base base;
  base.box = box;
  base.clip.type = clip.empty() ? clip_type::none : clip_type::rects;
  base.clip.rects = std::move(clip);
  return base;
}

canvas new_canvas() {
  canvas c;
  tc::surface_create create;
  create.width = width;
  create.height = height;
  create.flags = surface_flags::primary;
  c.apply(create);
  return c;
}

tc::draw_fill fill_of(std::uint32_t color, rect box, std::vector<rect> clip = {}) {
  tc::draw_fill fill;
  fill.base = base_of(box, std::move(clip));
  fill.brush = solid_brush{color};
  return fill;
}

/// Every pixel of a `w` times `h` image different.
std::vector<std::uint32_t> ramp(std::uint32_t w, std::uint32_t h) {
  std::vector<std::uint32_t> pixels(std::size_t{w} * h);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = 0x112200 + static_cast<std::uint32_t>(i);
  return pixels;
}

/// The whole image to its place.
tc::draw_copy copy_of(image from, point to) {
  tc::draw_copy copy;
  const auto w = static_cast<std::int32_t>(from.width), h = static_cast<std::int32_t>(from.height);
  copy.base = base_of({to.x, to.y, to.x + w, to.y + h});
  copy.source_area = {0, 0, w, h};
  copy.source = std::move(from);
  return copy;
}

image raw_image(std::span<const std::byte> data, std::uint32_t w, std::uint32_t h, bitmap_format format,
                std::uint32_t stride, std::uint8_t flags = bitmap_flags::top_down) {
  image i;
  i.width = w;
  i.height = h;
  bitmap b;
  b.format = format;
  b.flags = flags;
  b.x = w;
  b.y = h;
  b.stride = stride;
  b.data = data;
  i.body = b;
  return i;
}

std::uint32_t pixel(const canvas& c, std::int32_t x, std::int32_t y) { return *c.primary()->at(x, y) & 0xffffff; }

} // namespace

TEST_CASE("the checksum is FNV-1a over the visible bytes") {
  surface one{{1, 1}, {0xff636261}}; // "abc", and an X that does not count
  CHECK(checksum(one) == 0xe71fa2190541574b);
  one.pixels[0] = 0x00636261;
  CHECK(checksum(one) == 0xe71fa2190541574b);
  CHECK(checksum(surface{}) == 0xcbf29ce484222325);
}

TEST_CASE("fills respect box, clip and surface") {
  auto c = new_canvas();
  c.apply(fill_of(0x0000ff, {-3, -3, 100, 100}));
  c.apply(fill_of(0x00ff00, {0, 0, 4, 4}, {{1, 1, 2, 2}, {3, 3, 50, 50}}));
  CHECK(pixel(c, 0, 0) == 0x0000ff);
  CHECK(pixel(c, 1, 1) == 0x00ff00);
  CHECK(pixel(c, 3, 3) == 0x00ff00);
  CHECK(pixel(c, 4, 4) == 0x0000ff);
  CHECK(c.undecoded().empty());
}

TEST_CASE("raw bitmaps of 32 bits arrive whichever way their rows go") {
  const auto pixels = ramp(4, 3);
  for (const bool top_down : {true, false}) {
    auto c = new_canvas();
    c.apply(copy_of(raw_image(std::as_bytes(std::span{pixels}), 4, 3, bitmap_format::rgb_32bit, 16,
                              top_down ? bitmap_flags::top_down : std::uint8_t{0}),
                    {2, 1}));
    for (int y = 0; y < 3; ++y)
      for (int x = 0; x < 4; ++x)
        CHECK(pixel(c, 2 + x, 1 + y) == pixels[static_cast<std::size_t>((top_down ? y : 2 - y) * 4 + x)]);
    CHECK(pixel(c, 1, 1) == 0);
  }
}

TEST_CASE("24 and 16 bits become 32, with padded rows") {
  const std::uint8_t bgr[]{1, 2, 3, 4, 5, 6, 0, 0};
  auto c = new_canvas();
  c.apply(copy_of(raw_image(std::as_bytes(std::span{bgr}), 2, 1, bitmap_format::rgb_24bit, 8), {0, 0}));
  CHECK(pixel(c, 0, 0) == 0x030201);
  CHECK(pixel(c, 1, 0) == 0x060504);
  const std::uint16_t x555[]{0x7fff, 0x8000 | 16 << 10, 0, 0};
  c.apply(copy_of(raw_image(std::as_bytes(std::span{x555}), 2, 1, bitmap_format::rgb_16bit, 8), {0, 0}));
  CHECK(pixel(c, 0, 0) == 0xffffff);
  CHECK(pixel(c, 1, 0) == 0x840000);
}

TEST_CASE("LZ4 images decode, and broken ones are named") {
  const auto pixels = ramp(width, height);
  const auto block = saffron::image::lz4_block(std::as_bytes(std::span{pixels}));
  std::vector<std::byte> data{saffron::image::lz4_header.begin(), saffron::image::lz4_header.end()};
  data.insert(data.end(), block.view().begin(), block.view().end());
  image i;
  i.width = width;
  i.height = height;
  i.body = lz4_image{data};
  auto c = new_canvas();
  c.apply(copy_of(i, {0, 0}));
  CHECK(c.primary()->pixels == pixels);

  data[0] = std::byte{0}; // bottom up
  c.apply(copy_of(i, {0, 0}));
  CHECK(pixel(c, 0, 0) == pixels[(height - 1) * width]);

  data.pop_back();
  i.body = lz4_image{data};
  c.apply(copy_of(i, {0, 0}));
  CHECK(c.undecoded().at("malformed lz4") == 1);
}

TEST_CASE("a part of an image can be drawn, and no more than there is of it") {
  const auto pixels = ramp(4, 4);
  auto copy = copy_of(raw_image(std::as_bytes(std::span{pixels}), 4, 4, bitmap_format::rgb_32bit, 16), {0, 0});
  copy.base.box = {1, 1, 3, 3};
  copy.source_area = {2, 2, 4, 4};
  auto c = new_canvas();
  c.apply(copy);
  CHECK(pixel(c, 1, 1) == pixels[2 * 4 + 2]);
  CHECK(pixel(c, 2, 2) == pixels[3 * 4 + 3]);
  copy.source_area = {3, 3, 5, 5}; // reaches beyond the image
  c.apply(copy);
  CHECK(pixel(c, 1, 1) == pixels[3 * 4 + 3]);
  CHECK(pixel(c, 2, 2) == pixels[3 * 4 + 3]); // as before
}

TEST_CASE("copy_bits scrolls although source and destination overlap") {
  const auto pixels = ramp(width, height);
  for (const auto& [dx, dy] : {std::pair{0, 2}, std::pair{0, -2}, std::pair{3, 1}, std::pair{-3, 0}}) {
    auto c = new_canvas();
    c.apply(copy_of(raw_image(std::as_bytes(std::span{pixels}), width, height, bitmap_format::rgb_32bit, width * 4),
                    {0, 0}));
    tc::copy_bits scroll;
    scroll.base = base_of(whole(extent{width, height}));
    scroll.source_position = {dx, dy};
    c.apply(scroll);
    for (int y = 0; y < static_cast<int>(height); ++y)
      for (int x = 0; x < static_cast<int>(width); ++x) {
        const auto sx = x + dx, sy = y + dy;
        const bool inside = sx >= 0 && sy >= 0 && sx < static_cast<int>(width) && sy < static_cast<int>(height);
        CHECK(pixel(c, x, y) == pixels[static_cast<std::size_t>(inside ? sy * 8 + sx : y * 8 + x)]);
      }
  }
}

TEST_CASE("the image cache gives back what it was told to keep") {
  const auto pixels = ramp(4, 3);
  auto kept = raw_image(std::as_bytes(std::span{pixels}), 4, 3, bitmap_format::rgb_32bit, 16);
  kept.id = 77;
  kept.flags = image_flags::cache_me;
  auto c = new_canvas();
  c.apply(copy_of(kept, {0, 0}));
  image again;
  again.id = 77;
  again.width = 4;
  again.height = 3;
  again.body = cached_image{};
  c.apply(copy_of(again, {4, 3}));
  CHECK(pixel(c, 7, 5) == pixels.back());
  tc::inval_list forget;
  forget.resources.push_back({resource_type::pixmap, 77});
  c.apply(forget);
  c.apply(copy_of(again, {0, 0}));
  CHECK(c.undecoded().at("image not in the cache") == 1);
}

TEST_CASE("what is not drawn is counted by name") {
  auto c = new_canvas();
  c.apply(tc::draw_text{});
  image glz;
  glz.width = glz.height = 1;
  glz.body = glz_rgb_image{};
  image quic;
  quic.width = quic.height = 1;
  quic.body = quic_image{};
  c.apply(copy_of(glz, {0, 0}));
  c.apply(copy_of(quic, {0, 0}));
  auto exclusive = fill_of(0, {0, 0, 1, 1});
  exclusive.rop_descriptor = ropd::op_xor;
  c.apply(exclusive);
  auto nowhere = fill_of(0, {0, 0, 1, 1});
  nowhere.base.surface_id = 9;
  c.apply(nowhere);
  tc::copy_bits wild;
  wild.base = base_of({-2147483647, 0, 2147483647, 5});
  wild.source_position = {2147483647, -2147483647};
  c.apply(wild);
  const std::map<std::string, std::uint64_t> expected{{"message 311", 1},        {"image glz_rgb", 1},
                                                      {"malformed quic", 1},     {"rop 0x40", 1},
                                                      {"draw on no surface", 1}, {"coordinates", 1}};
  CHECK(c.undecoded() == expected);
}

TEST_CASE("differences are measured where something was drawn") {
  auto c = new_canvas();
  c.apply(fill_of(0x102030, whole(extent{width, height})));
  const auto before = cut(*c.primary(), {2, 2, 100, 100});
  CHECK(before.area == rect{2, 2, 8, 6});
  c.apply(fill_of(0x132030, {0, 0, 4, 4})); // red by 3
  CHECK(mean_difference(*c.primary(), before, {0, 0, 4, 4}) == doctest::Approx(1.0));
  CHECK(mean_difference(*c.primary(), before, {4, 4, 8, 6}) == 0);
  CHECK(mean_difference(*c.primary(), before, {0, 0, 2, 2}) == 0); // not watched
  CHECK(mean_difference(*c.primary(), cutout{}, {0, 0, 8, 6}) == 0);
}

TEST_CASE("a view that decodes a place only draws what touches it") {
  display_view view{display_view::decoding::watched, {0, 0, 2, 2}};
  const auto apply = [&view](const tc::message& m) {
    const auto body = tc::encode_any(m);
    view.apply({tc::type_of(m), static_cast<std::uint32_t>(body.size()), 0, 1, body});
  };
  tc::surface_create create;
  create.width = width;
  create.height = height;
  create.flags = surface_flags::primary;
  apply(create);
  apply(fill_of(0x111111, {1, 1, 4, 4}));
  apply(fill_of(0x222222, {3, 3, 8, 6}));
  REQUIRE(view.pixels() != nullptr);
  CHECK(*view.pixels()->primary()->at(3, 3) == 0x111111);
}

TEST_CASE("a frame of a video is drawn where the video is, inside of its clip") {
  const std::vector<std::uint32_t> grey(8 * 6, 0x808080);
  const saffron::image::bitmap_view source{
      saffron::image::bitmap_format::rgb_32bit, 8, 6, 32, true, std::as_bytes(std::span{grey})};
  const auto jpeg = saffron::image::jpeg_encode(source, 90);
  REQUIRE(jpeg);
  auto c = new_canvas();
  tc::stream_create create;
  create.stream_id = 3;
  create.destination = {0, 0, 8, 6};
  create.clip = {clip_type::rects, {{0, 0, 4, 6}}};
  c.apply(create);
  c.apply(tc::stream_data{.stream_id = 3, .multi_media_time = 1, .data = jpeg->view()});
  const auto whole = cutout{{0, 0, 8, 6}, std::vector<std::uint32_t>(8 * 6)};
  CHECK(mean_difference(*c.primary(), whole, {0, 0, 4, 6}) == doctest::Approx(0x80).epsilon(0.02));
  CHECK(mean_difference(*c.primary(), whole, {4, 0, 8, 6}) == 0);
  c.apply(tc::stream_clip{.stream_id = 3, .clip = {}});
  c.apply(tc::stream_data{.stream_id = 3, .multi_media_time = 2, .data = jpeg->view()});
  CHECK(mean_difference(*c.primary(), whole, {4, 0, 8, 6}) == doctest::Approx(0x80).epsilon(0.02));
  CHECK(c.undecoded().empty());

  c.apply(tc::stream_data{.stream_id = 3, .multi_media_time = 3, .data = jpeg->view().first(20)});
  create.codec = video_codec::vp8;
  c.apply(create);
  c.apply(tc::stream_data{.stream_id = 3, .multi_media_time = 4, .data = jpeg->view()});
  CHECK(c.undecoded() == std::map<std::string, std::uint64_t>{{"malformed mjpeg", 1}, {"video vp8", 1}});
  c.apply(tc::stream_destroy{.stream_id = 3});
  c.apply(tc::stream_data{.stream_id = 3, .multi_media_time = 5, .data = jpeg->view()});
  CHECK(c.undecoded().size() == 2);
}

TEST_CASE("a picture file is read as it was written") {
  auto c = new_canvas();
  c.apply(fill_of(0x123456, {1, 1, 5, 5}));
  const auto file = std::filesystem::temp_directory_path() / "saffron_bench_canvas_test.ppm";
  REQUIRE(write_ppm(file, *c.primary()));
  const auto back = read_ppm(file);
  std::filesystem::remove(file);
  CHECK(back.size == c.primary()->size);
  CHECK(differing_pixels(back, *c.primary()) == 0);
  c.apply(fill_of(0, {1, 1, 2, 3}));
  CHECK(differing_pixels(back, *c.primary()) == 2);
  CHECK(differing_pixels(back, surface{}) == std::size_t{width} * height);
  CHECK(read_ppm("/nonexistent").pixels.empty());
}

TEST_CASE("a display view sees draws, full frames and violations") {
  display_view view{display_view::decoding::none};
  const auto apply = [&view](const tc::message& m) {
    const auto body = tc::encode_any(m);
    return view.apply({tc::type_of(m), static_cast<std::uint32_t>(body.size()), 0, 1, body});
  };
  tc::surface_create create;
  create.width = width;
  create.height = height;
  create.flags = surface_flags::primary;
  CHECK(!apply(create).drew);
  CHECK(!view.full_frame());
  const auto half = apply(fill_of(0, {0, 0, 8, 3}));
  CHECK(half.drew);
  CHECK(half.on_primary);
  CHECK(half.pixels == 24);
  CHECK(!view.full_frame());
  apply(fill_of(0, {0, 3, 8, 99}));
  CHECK(view.full_frame());
  CHECK(view.primary_size() == extent{width, height});

  auto nowhere = fill_of(0, {0, 0, 1, 1});
  nowhere.base.surface_id = 5;
  CHECK(apply(nowhere).violation == errc::out_of_order);
  CHECK(view.apply(message_view{9999, 0, 0, 1, {}}).violation == errc::unknown_message);
  const auto cut = tc::encode_any(fill_of(0, {0, 0, 1, 1}));
  const auto part = std::span{cut}.first(cut.size() - 3);
  CHECK(view.apply({tc::draw_fill::type, static_cast<std::uint32_t>(part.size()), 0, 1, part}).violation ==
        errc::bad_message);
}

TEST_CASE("a skimmed draw still says where it drew") {
  const auto pixels = ramp(64, 64);
  display_view view{display_view::decoding::none};
  tc::surface_create create;
  create.width = create.height = 64;
  create.flags = surface_flags::primary;
  const auto surface_body = wire::encode(create);
  view.apply({tc::surface_create::type, static_cast<std::uint32_t>(surface_body.size()), 0, 1, surface_body});
  const auto body =
      wire::encode(copy_of(raw_image(std::as_bytes(std::span{pixels}), 64, 64, bitmap_format::rgb_32bit, 256), {0, 0}));
  const auto change =
      view.apply({tc::draw_copy::type, static_cast<std::uint32_t>(body.size()), 0, 2, std::span{body}.first(4096)});
  CHECK(change.violation == errc::none);
  CHECK(change.pixels == 64 * 64);
  CHECK(view.full_frame());
}
