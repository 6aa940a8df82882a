// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/actors/display_fixture.hpp"

namespace saffron::actors {
namespace {

struct plain_display_test : display_test {
  plain_display_test() : display_test(wire::capability_set{}) {}
};

} // namespace

TEST_CASE_FIXTURE(display_test,
                  "nothing is asked of the console before the client's INIT, and a second INIT is refused") {
  CHECK(pulls.empty());
  CHECK(attached == 0);
  init();
  CHECK(attached == 1);
  CHECK(receive(*display, to_server::init{}).error() == errc::out_of_order);
}

TEST_CASE_FIXTURE(display_test, "the first picture comes with its surface and its monitor, and then may be shown") {
  init();
  const auto first = picture_of(screen);
  display->update(first);
  CHECK(out.types() == std::vector<std::uint16_t>{to_client::surface_create::type, to_client::monitors_config::type});
  encode_all();
  const auto surface = out.next<to_client::surface_create>();
  CHECK(surface.surface_id == 0);
  CHECK(surface.width == 64);
  CHECK(surface.height == 48);
  CHECK(surface.format == wire::display::surface_format::xrgb_32bit);
  CHECK(surface.flags == wire::display::surface_flags::primary);
  const auto monitors = out.next<to_client::monitors_config>();
  CHECK(monitors.max_allowed == 1);
  REQUIRE(monitors.heads.size() == 1);
  CHECK(monitors.heads[0].width == 64);
  CHECK(monitors.heads[0].height == 48);
  const auto copy = out.next<to_client::draw_copy>();
  CHECK(copy.base.box == screen);
  CHECK(copy.source_area == screen);
  CHECK(copy.source.width == 64);
  CHECK(copy.source.height == 48);
  const auto* lz4 = std::get_if<wire::display::lz4_image>(&copy.source.body);
  REQUIRE(lz4 != nullptr);
  CHECK(image::lz4_decode(lz4->data, 64 * 48 * 4).value() == pixels_of(first.patches[0]));
  out.next<to_client::mark>();
  next_mark();
  CHECK(display->report().codec == "lz4");
}

TEST_CASE_FIXTURE(plain_display_test, "a client without capabilities gets raw rows, top row first, and no monitors") {
  init();
  const auto first = picture_of(screen);
  display->update(first);
  out.next<to_client::surface_create>();
  const auto copy = out.next<to_client::draw_copy>();
  const auto* raw = std::get_if<wire::display::bitmap>(&copy.source.body);
  REQUIRE(raw != nullptr);
  CHECK(raw->flags == wire::display::bitmap_flags::top_down);
  CHECK(raw->format == wire::display::bitmap_format::rgb_32bit);
  CHECK(raw->stride == 256);
  CHECK(std::vector<std::byte>{raw->data.begin(), raw->data.end()} == pixels_of(first.patches[0]));
  out.next<to_client::mark>();
  next_mark();
  CHECK(wishes.empty());
  CHECK(display->report().codec == "raw");
}

TEST_CASE_FIXTURE(display_test, "operations come before pictures, and MARK comes once for a surface") {
  init();
  auto u = picture_of({0, 0, 8, 8});
  u.operations = {fill{{1, 2, 3, 4}, 0x112233}, copy_bits{{10, 10, 20, 20}, {5, 6}}};
  u.damage_pixels = 77;
  display->update(u);
  encode_all();
  out.next<to_client::surface_create>();
  out.next<to_client::monitors_config>();
  const auto filled = out.next<to_client::draw_fill>();
  CHECK(filled.base.box == rect{1, 2, 3, 4});
  CHECK(std::get<wire::display::solid_brush>(filled.brush).color == 0x112233);
  CHECK(filled.rop_descriptor == wire::display::ropd::op_put);
  const auto moved = out.next<to_client::copy_bits>();
  CHECK(moved.base.box == rect{10, 10, 20, 20});
  CHECK(moved.source_position == point{5, 6});
  out.next<to_client::draw_copy>();
  out.next<to_client::mark>();
  next_mark();
  CHECK(display->report().damage_pixels == 77);

  drain(*display);
  display->update(picture_of({0, 0, 8, 8}));
  encode_all();
  CHECK(out.all<to_client::mark>().empty());
}

TEST_CASE_FIXTURE(display_test, "another epoch is another surface") {
  init();
  display->update(picture_of(screen));
  encode_all();
  out.forget();
  drain(*display);
  auto u = picture_of({0, 0, 32, 24});
  u.epoch = 2;
  u.size = {32, 24};
  display->update(u);
  encode_all();
  CHECK(out.next<to_client::surface_destroy>().surface_id == 0);
  CHECK(out.next<to_client::surface_create>().width == 32);
  CHECK(out.next<to_client::monitors_config>().heads[0].height == 24);
  out.next<to_client::draw_copy>();
  out.next<to_client::mark>();
}

TEST_CASE_FIXTURE(display_test, "an update waits for the last of its strips, in whatever order they come") {
  init();
  display->update(picture_of(screen));
  REQUIRE(wishes.size() == 2);
  out.forget();
  const auto first = wishes[0], second = wishes[1];
  const auto block_of = [this](const wish& w) { return encode_strip(*w.picture, image_form::lz4, counted); };
  CHECK(display->encoded({second.update, second.strip, block_of(second)}).has_value());
  CHECK(display->encoded({second.update, second.strip, block_of(second)}).has_value());   // twice
  CHECK(display->encoded({second.update + 1, first.strip, block_of(first)}).has_value()); // another update
  CHECK(display->encoded({second.update, 7, block_of(first)}).has_value());               // no such strip
  CHECK(out.empty());
  CHECK(display->encoded({first.update, first.strip, block_of(first)}).has_value());
  const auto copy = out.next<to_client::draw_copy>();
  auto expected = std::vector<std::byte>{first.picture->pixels.view().begin(), first.picture->pixels.view().end()};
  expected.insert(expected.end(), second.picture->pixels.view().begin(), second.picture->pixels.view().end());
  CHECK(image::lz4_decode(std::get<wire::display::lz4_image>(copy.source.body).data, 64 * 48 * 4).value() == expected);
  out.forget();
  CHECK(display->encoded({first.update, first.strip, block_of(first)}).has_value()); // late: the update is over
  CHECK(out.empty());
  CHECK(display->encoded({first.update, first.strip, std::nullopt}).error() ==
        errc::actor_failed); // that is never late
}

TEST_CASE_FIXTURE(display_test, "what LZ4 does not make smaller travels raw") {
  init();
  const auto u = picture_of(screen, true);
  display->update(u);
  encode_all();
  out.next<to_client::surface_create>();
  out.next<to_client::monitors_config>();
  const auto copy = out.next<to_client::draw_copy>();
  const auto* raw = std::get_if<wire::display::bitmap>(&copy.source.body);
  REQUIRE(raw != nullptr);
  CHECK(std::vector<std::byte>{raw->data.begin(), raw->data.end()} == pixels_of(u.patches[0]));
  CHECK(display->report().codec == "raw");
}

TEST_CASE_FIXTURE(display_test, "the form is the operator's, but a client's wish comes first") {
  const auto form = [this] {
    init();
    display->update(picture_of(screen));
    encode_all();
    return display->report().codec;
  };
  CHECK(form() == "lz4");
  make(image_compression::automatic, true); // over this host's own unix socket packing costs more than it saves
  CHECK(form() == "raw");
  for (const auto& [compression, name] : {std::pair{image_compression::lz4, "lz4"},
                                          {image_compression::off, "raw"},
                                          {image_compression::lz, "lz"},
                                          {image_compression::quic, "quic"},
                                          {image_compression::auto_lz, "lz"}}) {
    make(compression, true);
    CHECK(form() == name);
  }
  const auto wishing = [&](image_compression policy, bool local, wished form_wished) {
    make(policy, local);
    CHECK(receive(*display, to_server::preferred_compression{form_wished}));
    return form();
  };
  CHECK(wishing(image_compression::automatic, false, wished::off) == "raw");
  CHECK(wishing(image_compression::off, true, wished::lz4) == "lz4");
  CHECK(wishing(image_compression::automatic, false, wished::quic) == "quic");
  CHECK(wishing(image_compression::automatic, false, wished{200}) == "lz4"); // unknown: nothing changes
}

TEST_CASE_FIXTURE(display_test, "strips of forms that cannot be joined are images of their own") {
  make(image_compression::quic, false);
  init();
  display->update(picture_of(screen));
  encode_all();
  CHECK(out.all<to_client::draw_copy>().size() == 2);
}

TEST_CASE_FIXTURE(display_test, "a slow client gets a gradual picture with loss at once, and without when it rests") {
  make(image_compression::automatic, false, 100e3);
  init();
  const auto photo = [this] {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.patches.push_back({screen, {slope(screen)}});
    return u;
  };
  display->update(photo());
  encode_all();
  const auto sent = out.all<to_client::draw_copy>();
  REQUIRE(sent.size() == 1);
  CHECK(wire::display::type_of(sent[0].source) == wire::display::image_type::jpeg);
  CHECK(display->report().lossy_pixels == 64 * 48);
  REQUIRE(mend_scheduled);

  display->mend(); // too soon: it was new when the clock started
  CHECK(refined.empty());
  drain(*display);
  display->mend();
  REQUIRE(refined == std::vector<std::vector<rect>>{{screen}});
  display->update(photo());
  encode_all();
  const auto again = out.all<to_client::draw_copy>();
  REQUIRE(again.size() == 1);
  CHECK(wire::display::type_of(again[0].source) == wire::display::image_type::quic);
  CHECK(display->report().lossy_pixels == 0);
  mend_scheduled = false;
  display->mend();
  CHECK(refined.size() == 1);
  CHECK_FALSE(mend_scheduled);
}

TEST_CASE_FIXTURE(display_test, "one update is asked for at a time, and the next when the last has left") {
  init();
  drain(*display);
  CHECK(pulls.size() == 1);
  display->update(picture_of(screen));
  drain(*display); // the surface has left, the picture is with the encoders
  CHECK(pulls.size() == 1);
  encode_all();
  CHECK(pulls.size() == 1);
  drain(*display);
  CHECK(pulls.size() == 2);
}

TEST_CASE_FIXTURE(display_test, "an update that needs no message is followed by the next pull at once") {
  init();
  display->update(picture_of(screen));
  encode_all();
  drain(*display);
  REQUIRE(pulls.size() == 2);
  display_update nothing;
  nothing.epoch = 1;
  nothing.size = {64, 48};
  display->update(nothing);
  CHECK(pulls.size() == 3);
}

TEST_CASE_FIXTURE(display_test, "a client that does not acknowledge gets no more updates until it does") {
  init();
  for (int i = 0; pulls.size() < 100 && i < 100; ++i) {
    if (pulls.size() == static_cast<std::size_t>(i)) break;
    display->update(picture_of(screen));
    encode_all();
    drain(*display);
  }
  const auto before = pulls.size();
  CHECK(before >= 10); // two windows of 20 messages, at least two for an update, less what came with the first
  CHECK(before <= 21);
  drain(*display);
  CHECK(pulls.size() == before);
  acknowledge();
  CHECK(pulls.size() == before + 1);
}

TEST_CASE_FIXTURE(display_test, "a client is asked for as much as its line takes, within the limits") {
  init();
  CHECK(pulls.back() == 1024 * 1024); // before anything is known
  const auto transfer = [this](std::chrono::microseconds duration) {
    acknowledge();
    display_update u;
    u.epoch = 1;
    u.size = {1024, 1024};
    u.patches.push_back({{0, 0, 1024, 1024}, {strip({0, 0, 1024, 1024}, true)}});
    display->update(u);
    encode_all();
    drain(*display);
    time += duration;
    answer_marks();
    return pulls.back();
  };
  for (int i = 0; i < 30; ++i) transfer(4s); // 1 MiB/s
  CHECK(pulls.back() < 4096 * 1024);
  for (int i = 0; i < 60; ++i) transfer(40ms); // 100 MiB/s for 33 ms and the way there and back
  CHECK(pulls.back() > 3 * 1024 * 1024);
  CHECK(pulls.back() < 8 * 1024 * 1024);
  for (int i = 0; i < 60; ++i) transfer(1ms);
  CHECK(pulls.back() == defaults::pull_bytes_max);
}

TEST_CASE_FIXTURE(display_test, "nothing is asked for while as much is on the way as the line takes") {
  init();
  display_update u;
  u.epoch = 1;
  u.size = {1024, 1024};
  u.patches.push_back({{0, 0, 1024, 1024}, {strip({0, 0, 1024, 1024}, true)}});
  display->update(u); // 4 MiB of noise, which nothing makes smaller
  encode_all();
  drain(*display);
  CHECK(pulls.size() == 1);
  drain(*display);
  CHECK(pulls.size() == 1);
  time += 100ms;
  answer_marks();
  CHECK(pulls.size() == 2);
}

TEST_CASE_FIXTURE(display_test, "a guest's picture travels in its own format, in order with what was drawn around it") {
  init();
  display->update(picture_of(screen));
  encode_all();
  drain(*display);
  out.forget();
  image::bitmap pixels;
  pixels.format = image::bitmap_format::indexed_8bit;
  pixels.width = pixels.height = 16;
  pixels.top_down = false;
  pixels.pixels.resize(256);
  auto colors = std::make_shared<wire::display::palette>();
  colors->entries = {0xff0000, 0x00ff00};
  display_update u;
  u.epoch = 1;
  u.size = {64, 48};
  u.operations = {fill{{0, 0, 8, 8}, 1}, draw_image{{5, 6}, make_picture(pixels.view(), colors).value()},
                  fill{{0, 0, 9, 9}, 2}};
  display->update(u);
  encode_all();
  out.next<to_client::draw_fill>();
  const auto copy = out.next<to_client::draw_copy>();
  CHECK(copy.base.box == rect{5, 6, 21, 22});
  const auto* indexed = std::get_if<wire::display::lz_plt_image>(&copy.source.body);
  REQUIRE(indexed != nullptr);
  CHECK(std::get<wire::display::palette>(indexed->palette).entries == colors->entries);
  CHECK(image::decode_image(copy.source, 256).has_value());
  CHECK(out.next<to_client::draw_fill>().brush == wire::display::any_brush{wire::display::solid_brush{2}});
  CHECK(counted.guest_pictures.value() == 1);
}

TEST_CASE_FIXTURE(display_test, "a palette that the client has stays behind, and the oldest of too many is forgotten") {
  init();
  const auto draw = [this](std::uint32_t color) {
    image::bitmap pixels;
    pixels.format = image::bitmap_format::indexed_8bit;
    pixels.width = pixels.height = 2;
    pixels.pixels.resize(4);
    auto colors = std::make_shared<wire::display::palette>();
    colors->entries = {color};
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{{5, 6}, make_picture(pixels.view(), colors).value()}};
    out.forget();
    display->update(u);
    encode_all();
    drain(*display);
  };
  const auto palette_sent = [this] {
    return std::get<wire::display::bitmap>(out.skip_to<to_client::draw_copy>().source.body).palette;
  };
  draw(1);
  const auto first = std::get<wire::display::palette>(palette_sent());
  draw(1);
  CHECK(palette_sent() == wire::display::any_palette{wire::display::cached_palette{first.unique}});
  CHECK(counted.palette_cache_hits.value() == 1);
  for (std::uint32_t color = 2; color < palette_cache::most_palettes + 2; ++color) draw(color);
  CHECK(out.next<to_client::inval_palette>().id == first.unique);
  CHECK(std::get<wire::display::palette>(palette_sent()).entries.size() == 1);
}

TEST_CASE_FIXTURE(display_test, "a guest's picture that the client has is its id alone, and needs no encoder") {
  make(image_compression::quic, false);
  init(100'000);
  const auto picture = strip({0, 0, 32, 32}, true);
  const auto draw = [&](point position) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{position, picture}};
    out.forget();
    display->update(u);
  };
  draw({0, 0});
  CHECK(wishes.size() == 1);
  encode_all();
  const auto first = out.skip_to<to_client::draw_copy>().source;
  CHECK(first.flags == wire::display::image_flags::cache_me);
  draw({7, 8});
  CHECK(wishes.empty());
  const auto again = out.next<to_client::draw_copy>();
  CHECK(again.base.box == rect{7, 8, 39, 40});
  CHECK(again.source.id == first.id);
  CHECK(again.source.body == wire::display::image_body{wire::display::cached_image{}});
  CHECK(again.source.width == 32);
  CHECK(counted.pixmap_cache_hits.value() == 1);
  CHECK(display->report().lossy_pixels == 0);
}

TEST_CASE_FIXTURE(display_test, "a screen that comes back is its id, too, where bytes are dear") {
  const auto times_sent = [this](image_compression compression) {
    make(compression, false);
    init(100'000);
    const auto before = counted.pixmap_cache_hits.value();
    for (int round = 0; round < 4; ++round) {
      display_update u;
      u.epoch = 1;
      u.size = {64, 48};
      u.patches.push_back({screen, {noise(screen)}});
      display->update(u);
      encode_all();
    }
    return 4 - (counted.pixmap_cache_hits.value() - before);
  };
  CHECK(times_sent(image_compression::quic) == 2); // once like everything, once to be kept
  CHECK(times_sent(image_compression::off) == 4);
}

TEST_CASE_FIXTURE(display_test, "what makes room for another picture is invalidated before it") {
  make(image_compression::quic, false);
  init(4 * 32 * 32);
  std::vector<std::uint64_t> ids;
  for (int n = 0; n < 5; ++n) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{{0, 0}, strip({0, 0, 32, 32}, true)}};
    out.forget();
    display->update(u);
    encode_all();
    if (n == 4) {
      const auto evicted = out.next<to_client::inval_list>().resources;
      CHECK(evicted == std::vector<wire::display::resource>{{wire::display::resource_type::pixmap, ids[0]}});
    }
    ids.push_back(out.skip_to<to_client::draw_copy>().source.id);
  }
}

TEST_CASE_FIXTURE(plain_display_test, "a browser's client is told to keep nothing, whatever cache it names") {
  make(image_compression::quic, false);
  init(100'000);
  const auto picture = strip({0, 0, 32, 32}, true);
  for (int round = 0; round < 3; ++round) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{{0, 0}, picture}};
    out.forget();
    display->update(u);
    encode_all();
    const auto sent = out.skip_to<to_client::draw_copy>().source;
    CHECK(sent.flags == 0);
    CHECK(wire::display::type_of(sent) != wire::display::image_type::from_cache);
  }
}

TEST_CASE_FIXTURE(display_test, "messages about streams are taken, a scanout's end and nonsense are not") {
  CHECK(receive(*display, to_server::stream_report{}));
  CHECK(receive(*display, to_server::preferred_video_codec_type{}));
  CHECK(receive(*display, to_server::gl_draw_done{}).error() == errc::out_of_order);
  CHECK(display->receive(199, {}).error() == errc::unknown_message);
  CHECK(display->receive(to_server::init::type, std::vector<std::byte>(5)).error() == errc::bad_message);
}

} // namespace saffron::actors
