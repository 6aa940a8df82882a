// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/console_state.hpp"

#include <doctest/doctest.h>

#include <optional>

namespace saffron::devices {
namespace {

using namespace std::chrono_literals;

constexpr rect video{100, 60, 300, 180}, text{0, 300, 50, 310};

/// A console on which something plays, and a viewer who takes videos or not.
struct cinema {
  explicit cinema(video_policy policy = video_policy::filter) : console(0, counts, 100, settings_of(policy)) {
    REQUIRE(console.set_size({640, 480}).has_value());
    console.attach_display(1, [this](display_update u) { got = std::move(u); });
  }
  static picture_settings settings_of(video_policy policy) {
    picture_settings settings;
    settings.video = policy;
    return settings;
  }
  /// A frame of small steps, another one each time.
  void frame(bool gradual = true) {
    now += 33ms;
    ++number;
    for (auto y = video.top; y < video.bottom; ++y)
      for (auto x = video.left; x < video.right; ++x) {
        const auto value = gradual ? 2 * x + y + number : (x / 3 + y / 5 + number) % 2 * 255;
        const auto pixel = console.row(static_cast<std::uint32_t>(y)).subspan(static_cast<std::size_t>(x) * 4, 4);
        std::fill(pixel.begin(), pixel.end(), static_cast<std::byte>(value));
      }
    console.touched(video);
    console.flush(now);
  }
  void play(int frames, bool gradual = true) {
    for (int i = 0; i < frames; ++i) frame(gradual);
  }
  display_update pull(bool takes_video) {
    got.reset();
    console.pull_display(1, 10'000'000, takes_video);
    REQUIRE(got.has_value());
    return *got;
  }

  counters counts;
  console_state console;
  console_state::time_point now = console_state::time_point{} + 1h;
  int number = 0;
  std::optional<display_update> got;
};

} // namespace

TEST_CASE("what plays comes as a frame of its own to who takes videos, and as a patch to who does not") {
  cinema c;
  (void)c.pull(true);
  c.play(20);
  const auto update = c.pull(true);
  REQUIRE(update.videos.size() == 1);
  CHECK(update.videos[0].area == video);
  REQUIRE(update.frames.size() == 1);
  CHECK(update.frames[0].of == update.videos[0]);
  CHECK(update.frames[0].shown->area == video);
  CHECK(update.frames[0].shown->gradual);
  CHECK(update.patches.empty());

  c.frame();
  const auto plain = c.pull(false);
  CHECK(plain.frames.empty());
  CHECK(plain.videos.empty());
  REQUIRE(plain.patches.size() == 1);
  CHECK(plain.patches[0].area == video);
}

TEST_CASE("a late viewer gets the newest frame, once, and the rest of the screen as patches") {
  cinema c;
  (void)c.pull(true);
  c.play(30);
  c.console.draw(fill{text, 0xffffff});
  c.console.touched(text);
  c.play(10);
  const auto update = c.pull(true);
  CHECK(update.frames.size() == 1);
  REQUIRE(update.patches.size() == 1);
  CHECK(update.patches[0].area == text);
  CHECK(update.damage_pixels == 0);
}

TEST_CASE("two viewers in step share the picture of a frame") {
  cinema c;
  std::optional<display_update> other;
  c.console.attach_display(2, [&](display_update u) { other = std::move(u); });
  c.console.pull_display(2, 10'000'000, true);
  (void)c.pull(true);
  c.play(20);
  const auto first = c.pull(true);
  c.console.pull_display(2, 10'000'000, true);
  REQUIRE(other->frames.size() == 1);
  CHECK(other->frames[0].shown == first.frames.at(0).shown);
}

TEST_CASE("a new viewer sees the whole screen first, whatever plays") {
  cinema c;
  c.play(25);
  const auto first = c.pull(true);
  CHECK(first.frames.empty());
  REQUIRE(first.patches.size() == 1);
  CHECK(first.patches[0].area == rect{0, 0, 640, 480});
}

TEST_CASE("who waits is told when a video has ended, though nothing is drawn") {
  cinema c;
  (void)c.pull(true);
  c.play(20);
  REQUIRE(c.pull(true).videos.size() == 1);
  c.got.reset();
  c.console.pull_display(1, 10'000'000, true);
  CHECK_FALSE(c.got.has_value());
  CHECK(c.console.end_videos(c.now) == c.now + 300ms);
  CHECK(c.console.end_videos(c.now + 300ms) == console_state::time_point::max());
  c.console.flush(c.now + 300ms);
  REQUIRE(c.got.has_value());
  CHECK(c.got->videos.empty());
  CHECK(c.got->frames.empty());
  CHECK(c.got->patches.empty());
}

TEST_CASE("text that scrolls is no video, unless everything that moves is one") {
  cinema filter;
  filter.play(40, false);
  CHECK(filter.pull(true).videos.empty());
  filter.frame(false);
  CHECK(filter.pull(true).videos.empty());
  cinema all{video_policy::all};
  (void)all.pull(true);
  all.play(40, false);
  CHECK(all.pull(true).videos.size() == 1);
  cinema off{video_policy::off};
  (void)off.pull(true);
  off.play(40);
  CHECK(off.pull(true).videos.empty());
}

TEST_CASE("a new surface has no videos, and viewers are told") {
  cinema c;
  (void)c.pull(true);
  c.play(20);
  REQUIRE(c.pull(true).videos.size() == 1);
  REQUIRE(c.console.set_size({400, 300}).has_value());
  CHECK(c.pull(true).videos.empty());
}

TEST_CASE("areas that a viewer wants again come behind what is newer") {
  cinema c;
  (void)c.pull(false);
  c.console.refine_display(1, std::vector<rect>{{0, 0, 100, 50}, {600, 400, 700, 500}, {900, 900, 950, 950}});
  const auto update = c.pull(false);
  REQUIRE(update.patches.size() == 2);
  CHECK(update.patches[0].area == rect{0, 0, 100, 50});
  CHECK(update.patches[1].area == rect{600, 400, 640, 480});       // the part on the surface
  c.console.refine_display(99, std::vector<rect>{{0, 0, 10, 10}}); // nobody
}

} // namespace saffron::devices
