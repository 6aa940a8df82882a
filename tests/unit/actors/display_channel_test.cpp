// SPDX-License-Identifier: BSD-3-Clause
#include "actors/display_channel.hpp"
#include "messages/image/lz4.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

#include <random>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;
namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;
using wire::display_capability;
using wire::display::image_compression;

// Random pixels, which no encoder makes smaller, or all the same.
picture_ptr strip(rect area, bool random = false) {
  static std::uint64_t id = 0;
  auto p = std::make_shared<picture>();
  p->id = ++id;
  p->area = area;
  std::vector<std::byte> pixels(area.area() * 4);
  std::mt19937 numbers{static_cast<std::uint32_t>(id)};
  for (auto& b : pixels) b = static_cast<std::byte>(random ? numbers() : id);
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

std::vector<std::byte> pixels_of(const patch& p) {
  std::vector<std::byte> out;
  for (const auto& s : p.strips) out.insert(out.end(), s->pixels.view().begin(), s->pixels.view().end());
  return out;
}

struct display_test : tests::channel_fixture {
  struct wish {
    picture_ptr picture;
    std::uint32_t update = 0, strip = 0;
  };

  explicit display_test(wire::capability_set peer = {display_capability::lz4_compression,
                                                     display_capability::monitors_config})
      : peer_capabilities(std::move(peer)) {
    make(compression_policy::automatic, false);
  }
  void make(compression_policy policy, bool local) {
    out.forget();
    pulls.clear();
    attached = 0;
    const display_ports ports{[this] { ++attached; }, [this](std::size_t bytes) { pulls.push_back(bytes); },
                              [this](const picture_ptr& p, image_form form, std::uint32_t u, std::uint32_t s) {
                                CHECK(form == image_form::lz4);
                                wishes.push_back({p, u, s});
                              }};
    display = std::make_unique<display_channel>(context(), ports, peer_capabilities, policy, local);
    display->start();
    skip_start();
    drain(*display);
  }
  // The client's first message, and what the channel answers.
  void init() {
    CHECK(receive(*display, to_server::init{}));
    out.next<to_client::inval_all_palettes>();
    drain(*display);
    REQUIRE(pulls.size() == 1);
  }
  void encode_all() {
    for (const auto& w : std::exchange(wishes, {}))
      display->encoded({w.update, w.strip, image::lz4_block(w.picture->pixels.view())});
  }
  void acknowledge() {
    CHECK(receive(*display, wire::common::to_server::ack_sync{1}));
    CHECK(receive(*display, wire::common::to_server::ack{}));
  }
  static display_update picture_of(rect area, bool random = false) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    const auto middle = (area.top + area.bottom) / 2;
    u.patches.push_back({area,
                         {strip({area.left, area.top, area.right, middle}, random),
                          strip({area.left, middle, area.right, area.bottom}, random)}});
    return u;
  }

  wire::capability_set peer_capabilities;
  std::unique_ptr<display_channel> display;
  std::size_t attached = 0;
  std::vector<std::size_t> pulls;
  std::vector<wish> wishes;
};

struct plain_display_test : display_test {
  plain_display_test() : display_test(wire::capability_set{}) {}
};

constexpr rect screen{0, 0, 64, 48};

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
  CHECK(out.empty());
  CHECK(display->codec() == "lz4");
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
  CHECK(out.empty());
  CHECK(wishes.empty());
  CHECK(display->codec() == "raw");
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
  CHECK(out.empty());
  CHECK(display->damage_pixels() == 77);

  drain(*display);
  display->update(picture_of({0, 0, 8, 8}));
  encode_all();
  CHECK(out.types() == std::vector<std::uint16_t>{to_client::draw_copy::type});
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
  display->encoded({second.update, second.strip, image::lz4_block(second.picture->pixels.view())});
  display->encoded({second.update, second.strip, image::lz4_block(second.picture->pixels.view())});   // twice
  display->encoded({second.update + 1, first.strip, image::lz4_block(first.picture->pixels.view())}); // another update
  display->encoded({second.update, 7, image::lz4_block(first.picture->pixels.view())});               // no such strip
  CHECK(out.empty());
  display->encoded({first.update, first.strip, image::lz4_block(first.picture->pixels.view())});
  const auto copy = out.next<to_client::draw_copy>();
  auto expected = std::vector<std::byte>{first.picture->pixels.view().begin(), first.picture->pixels.view().end()};
  expected.insert(expected.end(), second.picture->pixels.view().begin(), second.picture->pixels.view().end());
  CHECK(image::lz4_decode(std::get<wire::display::lz4_image>(copy.source.body).data, 64 * 48 * 4).value() == expected);
  out.forget();
  display->encoded({first.update, first.strip, {}}); // late: the update is over
  CHECK(out.empty());
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
  CHECK(display->codec() == "raw");
}

TEST_CASE_FIXTURE(display_test, "the form is the policy's, but a client's wish comes first") {
  const auto form = [this] {
    init();
    display->update(picture_of(screen));
    encode_all();
    return display->codec();
  };
  CHECK(form() == "lz4");
  make(compression_policy::automatic, true); // over this host's own unix socket packing costs more than it saves
  CHECK(form() == "raw");
  make(compression_policy::lz4, true);
  CHECK(form() == "lz4");
  make(compression_policy::off, false);
  CHECK(form() == "raw");

  const auto wished = [&](compression_policy policy, bool local, image_compression form_wished) {
    make(policy, local);
    CHECK(receive(*display, to_server::preferred_compression{form_wished}));
    return form();
  };
  CHECK(wished(compression_policy::automatic, false, image_compression::off) == "raw");
  CHECK(wished(compression_policy::off, true, image_compression::lz4) == "lz4");
  CHECK(wished(compression_policy::automatic, false, image_compression::glz) == "lz4");
  CHECK(wished(compression_policy::automatic, false, image_compression{200}) == "lz4");
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
  CHECK(before >= 30); // two windows of 20 messages, less what came with the first
  CHECK(before <= 41);
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
    time += duration;
    drain(*display);
    return pulls.back();
  };
  for (int i = 0; i < 30; ++i) transfer(4s); // 1 MiB/s
  CHECK(pulls.back() == defaults::pull_bytes_min);
  for (int i = 0; i < 60; ++i) transfer(40ms); // 100 MiB/s for 33 ms
  CHECK(pulls.back() == doctest::Approx(0.033 * 100 * 1024 * 1024).epsilon(0.05));
  for (int i = 0; i < 60; ++i) transfer(1ms);
  CHECK(pulls.back() == defaults::pull_bytes_max);
}

TEST_CASE_FIXTURE(display_test, "messages about streams are taken, a scanout's end and nonsense are not") {
  CHECK(receive(*display, to_server::stream_report{}));
  CHECK(receive(*display, to_server::preferred_video_codec_type{}));
  CHECK(receive(*display, to_server::gl_draw_done{}).error() == errc::out_of_order);
  CHECK(display->receive(199, {}).error() == errc::unknown_message);
  CHECK(display->receive(to_server::init::type, std::vector<std::byte>(5)).error() == errc::bad_message);
}

} // namespace saffron::actors
