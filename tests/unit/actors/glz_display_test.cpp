// SPDX-License-Identifier: BSD-3-Clause
// A display channel whose client has a GLZ dictionary: what it asks for, and what it sends.
#include "actors/display_channel.hpp"
#include "actors/encoder.hpp"
#include "actors/glz_images.hpp"
#include "messages/image/glz_decode.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;
using wire::display_capability;
using wire::display::image_type;

constexpr std::int32_t window_pixels = 1 << 20;

picture_ptr strip(std::uint64_t id, rect area) {
  auto p = std::make_shared<picture>();
  p->id = id;
  p->area = area;
  std::vector<std::byte> pixels(area.area() * 4);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::byte>(i % 4 == 3 ? 0 : i / 4 % 5 * id);
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

struct glz_display_test : tests::channel_fixture {
  struct wish {
    picture_ptr picture;
    image_form form = image_form::raw;
    std::uint32_t update = 0, strip = 0;
  };

  void make(image_compression compression, wire::capability_set peer = {display_capability::monitors_config}) {
    const display_ports ports{
        [] {},
        [this](std::size_t, bool) { ++pulls; },
        [this](const picture_ptr& p, image_form form, std::uint32_t u, std::uint32_t n) {
          wishes.push_back({p, form, u, n});
        },
        {[](const video_frame&, const video_coding&, std::uint64_t, std::uint32_t, std::uint32_t) {},
         [](std::uint32_t) {}},
        [](const std::vector<rect>&) {},
        [](std::chrono::milliseconds) {},
        &counted,
        [this](std::uint8_t dictionary, std::uint32_t pixels) { joined.emplace_back(dictionary, pixels); }};
    settings.compression = compression;
    display = std::make_unique<display_channel>(context(), ports, display_peer{std::move(peer)}, settings);
    display->start();
    skip_start();
    drain(*display);
  }
  void init(std::int32_t pixels) {
    to_server::init m;
    m.glz_dictionary_id = 3;
    m.glz_dictionary_window_size = pixels;
    CHECK(receive(*display, m));
    out.next<to_client::inval_all_palettes>();
    drain(*display);
    REQUIRE(pulls == 1);
  }
  static display_update update_of(std::vector<picture_ptr> strips) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.patches.push_back({{0, 0, 64, 48}, std::move(strips)});
    return u;
  }

  std::unique_ptr<display_channel> display;
  picture_settings settings;
  std::vector<wish> wishes;
  std::vector<std::pair<std::uint8_t, std::uint32_t>> joined;
  std::size_t pulls = 0;
  counters counted;
};

} // namespace

TEST_CASE_FIXTURE(glz_display_test, "a client's images arrive in the order of their ids, however they were encoded") {
  make(image_compression::glz);
  init(window_pixels);
  REQUIRE(joined.size() == 1);
  CHECK(joined[0] == std::pair<std::uint8_t, std::uint32_t>{3, window_pixels});
  display->update(update_of({strip(1, {0, 0, 64, 16}), strip(2, {0, 16, 64, 32}), strip(3, {0, 32, 64, 48})}));
  REQUIRE(wishes.size() == 3);
  image::glz_window window{window_pixels, nullptr};
  std::vector<image::glz_job> jobs;
  for (const auto& w : wishes) {
    CHECK(w.form == image_form::glz);
    jobs.push_back(*window.allot(for_window(*w.picture, 0)));
  }
  for (const std::size_t i : {2, 0, 1}) {
    CHECK(out.all<to_client::draw_copy>().empty());
    const auto& w = wishes[i];
    display->encoded({w.update, w.strip, encode_glz(*w.picture, jobs[i], i == 1, counted)});
  }
  const auto sent = out.all<to_client::draw_copy>();
  REQUIRE(sent.size() == 3);
  for (const std::size_t i : {0, 2}) CHECK(wire::display::type_of(sent[i].source) == image_type::glz_rgb);
  CHECK(counted.images_glz.value() == 3);
  CHECK(display->report().lossy_pixels == 0);
  CHECK(display->report().codec == "glz");
}

TEST_CASE_FIXTURE(glz_display_test, "a client without a window, with one that is too large, or in a browser gets LZ") {
  for (const auto pixels : {0, -1, (1 << 25) + 1}) {
    make(image_compression::glz);
    pulls = 0;
    init(pixels);
    display->update(update_of({strip(1, {0, 0, 64, 48})}));
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].form == image_form::lz);
    wishes.clear();
    out.forget();
  }
  make(image_compression::glz, {});
  pulls = 0;
  init(window_pixels);
  display->update(update_of({strip(1, {0, 0, 64, 48})}));
  REQUIRE(wishes.size() == 1);
  CHECK(wishes[0].form == image_form::lz);
  CHECK(joined.empty());
}

} // namespace saffron::actors
