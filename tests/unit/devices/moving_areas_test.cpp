// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/moving_areas.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

using namespace std::chrono_literals;

constexpr rect video{100, 100, 420, 280};

struct screen {
  explicit screen(const motion_rules& rules = {}) : areas(rules) {}

  /// So many frames of a rectangle, at this pace.
  void play(rect area, int frames, std::chrono::milliseconds each = 33ms, bool gradual = true) {
    for (int i = 0; i < frames; ++i) {
      now += each;
      areas.drawn(area, now, [gradual] { return gradual; });
    }
  }
  [[nodiscard]] std::size_t moving() const { return areas.moving().size(); }

  moving_areas areas;
  moving_areas::time_point now = moving_areas::time_point{} + 1h;
};

} // namespace

TEST_CASE("the twentieth frame of the same rectangle makes a video") {
  screen s;
  s.play(video, 19);
  CHECK(s.moving() == 0);
  s.play(video, 1);
  REQUIRE(s.moving() == 1);
  CHECK(s.areas.moving().front().area == video);
}

TEST_CASE("frames that come too seldom are none, and counting starts anew") {
  screen s;
  s.play(video, 40, 250ms);
  CHECK(s.moving() == 0);
  s.now += 201ms;
  s.play(video, 19);
  s.now += 201ms;
  s.play(video, 19);
  CHECK(s.moving() == 0);
}

TEST_CASE("small rectangles, such as carets and clocks, never are") {
  screen s;
  s.play({0, 0, 95, 96}, 100);
  CHECK(s.moving() == 0);
}

TEST_CASE("what is never gradual is a text that scrolls, what is now and then is a video") {
  screen s;
  s.play(video, 90, 33ms, false);
  CHECK(s.moving() == 0);
  screen t;
  for (int i = 0; i < 25; ++i) t.play(video, 1, 33ms, i % 5 == 0);
  CHECK(t.moving() == 1);
}

TEST_CASE("all moving rectangles are videos when the rules ask for no gradual frames") {
  screen s{motion_rules{.gradual_one_in = 0}};
  s.play(video, 20, 33ms, false);
  CHECK(s.moving() == 1);
}

TEST_CASE("a video goes on with larger frames and with a pause, and ends when it rests for a third of a second") {
  screen s;
  s.play(video, 20);
  s.play({90, 90, 430, 300}, 5, 290ms);
  CHECK_FALSE(s.areas.expire(s.now));
  CHECK(s.moving() == 1);
  CHECK(s.areas.next_end() == s.now + 300ms);
  CHECK_FALSE(s.areas.expire(s.now + 299ms));
  CHECK(s.areas.expire(s.now + 300ms));
  CHECK(s.moving() == 0);
  CHECK(s.areas.next_end() == moving_areas::time_point::max());
}

TEST_CASE("two videos side by side are two, one over the other is none") {
  screen s;
  const rect beside{500, 100, 700, 300}, over{200, 200, 600, 400};
  for (int i = 0; i < 20; ++i) {
    s.play(video, 1, 10ms);
    s.play(beside, 1, 10ms);
  }
  CHECK(s.moving() == 2);
  s.play(over, 40, 10ms);
  CHECK(s.moving() == 2);
  CHECK(s.areas.moving()[0].id != s.areas.moving()[1].id);
}

TEST_CASE("a video that has only paused needs few frames to be one again, in a row, and has a new number") {
  screen s;
  s.play(video, 20);
  const auto first = s.areas.moving().front().id;
  s.now += 2s;
  CHECK(s.areas.expire(s.now));
  s.play(video, 4);
  s.play(video, 4, 250ms);
  CHECK(s.moving() == 0);
  s.play(video, 5);
  REQUIRE(s.moving() == 1);
  CHECK(s.areas.moving().front().id != first);
}

TEST_CASE(
    "a slow video, if the rules take it for one, does not end between its frames, and never needs more of them again") {
  screen s{motion_rules{.frames = 3, .gap = 1s}};
  s.play(video, 3, 900ms);
  CHECK(s.moving() == 1);
  CHECK(s.areas.next_end() == s.now + 1s);
  s.now += 1s;
  CHECK(s.areas.expire(s.now));
  s.play(video, 3, 900ms);
  CHECK(s.moving() == 1);
}

TEST_CASE("a video that has rested for long is forgotten") {
  screen s;
  s.play(video, 20);
  s.now += 4s;
  CHECK(s.areas.expire(s.now));
  s.play(video, 19);
  CHECK(s.moving() == 0);
  s.play(video, 1);
  CHECK(s.moving() == 1);
}

TEST_CASE("a video that paused must still be gradual now and then") {
  screen s;
  s.play(video, 20);
  s.now += 1s;
  CHECK(s.areas.expire(s.now));
  s.play(video, 40, 33ms, false);
  CHECK(s.moving() == 0);
}

TEST_CASE("any number of rectangles that change all the time costs no more than a few") {
  screen s;
  for (int i = 0; i < 10'000; ++i) s.play(rect{i, i, i + 200, i + 200}, 1, 1ms);
  CHECK(s.moving() == 0);
  s.play(video, 20);
  CHECK(s.moving() == 1);
}

TEST_CASE("a screen has no more videos than the rules allow") {
  screen s;
  for (int i = 0; i < 12; ++i) s.play(rect{i * 200, 0, i * 200 + 150, 150}, 20, 2ms);
  CHECK(s.moving() == 8);
}

} // namespace saffron::devices
