// SPDX-License-Identifier: BSD-3-Clause
// A display channel whose client has a GLZ dictionary: what it asks for, and what it sends.
#include "actors/glz_images.hpp"
#include "messages/image/glz_decode.hpp"
#include "tests/unit/actors/display_fixture.hpp"

namespace saffron::actors {
namespace {

using wire::display::image_type;

constexpr std::int32_t window_pixels = 1 << 20;

// A few units that repeat.
picture_ptr strip_of(rect area, unsigned step) {
  auto p = std::make_shared<picture>(*strip(area));
  std::vector<std::byte> pixels(area.area() * 4);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::byte>(i % 4 == 3 ? 0 : i / 4 % 5 * step);
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

struct glz_display_test : display_test {
  glz_display_test() : display_test({display_capability::monitors_config}) { make(image_compression::glz, false); }
  void init_window(std::int32_t pixels) {
    to_server::init m;
    m.glz_dictionary_id = 3;
    m.glz_dictionary_window_size = pixels;
    init(m);
  }
  static display_update update_of(std::vector<picture_ptr> strips) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.patches.push_back({screen, std::move(strips)});
    return u;
  }
};

} // namespace

TEST_CASE_FIXTURE(glz_display_test, "a client's images arrive in the order of their ids, however they were encoded") {
  init_window(window_pixels);
  REQUIRE(joined.size() == 1);
  CHECK(joined[0] == std::pair<std::uint8_t, std::uint32_t>{3, window_pixels});
  display->update(update_of({strip_of({0, 0, 64, 16}, 1), strip_of({0, 16, 64, 32}, 2), strip_of({0, 32, 64, 48}, 3)}));
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
    CHECK(display->encoded({w.update, w.strip, encode_glz(*w.picture, jobs[i], i == 1, counted)}).has_value());
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
    make(image_compression::glz, false);
    init_window(pixels);
    display->update(update_of({strip_of(screen, 1)}));
    REQUIRE(wishes.size() == 1);
    CHECK(wishes[0].form == image_form::lz);
    wishes.clear();
    out.forget();
  }
  peer_capabilities = wire::capability_set{};
  make(image_compression::glz, false);
  init_window(window_pixels);
  display->update(update_of({strip_of(screen, 1)}));
  REQUIRE(wishes.size() == 1);
  CHECK(wishes[0].form == image_form::lz);
  CHECK(joined.empty());
}

} // namespace saffron::actors
