// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/console_state.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/devices/console_viewer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <limits>
#include <memory>
#include <vector>

namespace saffron::devices {
namespace {

using tests::dice;
using tests::no_actor;
using tests::picture_of;
using tests::random_pixels;
using tests::viewer;
using tests::write_and_touch;

constexpr std::size_t everything = 1'000'000'000;

struct console_fixture {
  tests::captured_log log;
  counters counts;
  console_state console{3, counts};
  viewer one, two;

  // Both viewers show the first picture and wait.
  void in_step(extent size) {
    REQUIRE(console.set_size(size).has_value());
    one.attach(console, 1);
    two.attach(console, 2);
    for (int i = 0; i < 2; ++i) {
      one.pull(console, 1, everything);
      two.pull(console, 2, everything);
    }
    REQUIRE(one.waiting);
    REQUIRE(two.waiting);
  }
};

} // namespace

TEST_CASE_FIXTURE(console_fixture, "a copy asks the feed for its source first") {
  struct watched_feed : console_feed {
    std::vector<rect> reads;
    void start(devices::canvas&, transport::activation&) override {}
    void before_read(rect area) override { reads.push_back(area); }
    void stop() override {}
  };
  const auto feed = std::make_shared<watched_feed>();
  no_actor actor;
  in_step({100, 100});
  console.attach_feed(feed, actor);
  console.draw(copy_bits{{-5, 10, 20, 30}, {35, 50}});
  CHECK(feed->reads == std::vector<rect>{{40, 50, 60, 70}});
}

TEST_CASE_FIXTURE(console_fixture, "viewers wait until there is a surface, and the first update is all of it") {
  one.attach(console, 1);
  one.pull(console, 1, 0);
  console.flush();
  CHECK(one.waiting);
  CHECK(console.set_size({300, 200}).has_value());
  CHECK(one.waiting); // collected until the end of the message
  console.flush();
  CHECK(!one.waiting);
  CHECK(one.client.screen.size == extent{300, 200});
  CHECK(one.client.damage_pixels == 0);
}

TEST_CASE_FIXTURE(console_fixture, "a batch of draws is one update for each waiting viewer") {
  in_step({100, 100});
  (void)console.apply(
      draw_batch{{fill{{0, 0, 50, 50}, 1}, fill{{50, 50, 100, 100}, 2}, copy_bits{{0, 50, 50, 100}, {0, 0}}}});
  CHECK(one.waiting);
  console.flush();
  CHECK(one.client.updates == 2);
  CHECK(one.client.operations == 3);
  CHECK(one.client.patch_pixels == 100 * 100);
  CHECK(two.client.screen == picture_of(console));
  console.flush();
  CHECK(one.client.updates == 2);
}

TEST_CASE_FIXTURE(console_fixture, "two viewers share the pictures") {
  std::array<display_update, 2> got;
  REQUIRE(console.set_size({640, 480}).has_value());
  for (std::size_t i = 0; i < 2; ++i) {
    console.attach_display(i, [&got, i](display_update u) { got[i] = std::move(u); });
    console.pull_display(i, everything);
  }
  REQUIRE(got[0].patches.size() == 1);
  CHECK(got[0].patches[0].strips.size() > 1);
  CHECK(got[0].patches[0].strips == got[1].patches[0].strips);
  CHECK(console.status().kept_bytes == 640 * 480 * 4);
  console.draw(fill{{0, 0, 640, 480}, 0});
  CHECK(console.status().kept_bytes == 0);
}

TEST_CASE_FIXTURE(console_fixture, "what one update left over is answered at the next pull, without a new draw") {
  in_step({100, 100});
  two.waiting = false;
  dice d{5};
  write_and_touch(d, console, {0, 0, 100, 100});
  two.pull(console, 2, 100 * 30 * 4);
  CHECK(two.client.damage_pixels == 70 * 100);
  CHECK(console.status().damage_pixels == 100 * 100); // the other one has not got anything yet
  two.pull(console, 2, 100 * 30 * 4);
  CHECK(two.client.damage_pixels == 40 * 100);
  console.flush();
  CHECK(one.client.screen == picture_of(console));
}

TEST_CASE_FIXTURE(console_fixture, "a viewer that never pulls costs a region and nothing else") {
  in_step({1000, 800});
  console.attach_display(7, [](const display_update&) { FAIL("never asked"); });
  dice d{6};
  for (int i = 0; i < 20'000; ++i) console.draw(fill{d.area({1000, 800}), d.color()});
  console.flush();
  CHECK(counts.damage_collapses.value() >= 1);
  CHECK(console.status().damage_pixels == 800'000);
  CHECK(console.status().viewers == 3);
  console.detach(7);
  CHECK(console.status().viewers == 2);
}

TEST_CASE_FIXTURE(console_fixture, "malformed commands are dropped and counted, and cost no credit") {
  in_step({100, 100});
  constexpr auto least = std::numeric_limits<std::int32_t>::min();
  constexpr auto most = std::numeric_limits<std::int32_t>::max();
  const auto before = picture_of(console);
  const draw_batch batch{{
      fill{{5, 5, 5, 9}, 1},
      fill{{100, 0, 200, 50}, 1},
      fill{{most, most, least, least}, 1},
      copy_bits{{0, 0, 10, 10}, {95, 200}},
      copy_bits{{0, 0, 10, 10}, {most, least}},
      put_pixels{{0, 0, 10, 10}, shared_bytes::make(399).first},
      put_pixels{{0, 0, 10, 10}, {}},
      put_pixels{{least, least, most, most}, {}},
      put_pixels{{0, 0, 0, 10}, {}},
      set_surface{{0, 10}},
      set_surface{{100'000, 10}},
  }};
  log.clear();
  CHECK(console.apply(batch) == 11);
  CHECK(counts.guest_commands_dropped.value() == 11);
  (void)console.apply(batch);
  CHECK(log.lines().size() == 1); // a guest must not fill the log
  console.flush();
  CHECK(one.waiting);
  CHECK(picture_of(console) == before);
}

TEST_CASE_FIXTURE(console_fixture, "commands that lie partly outside are clipped") {
  in_step({100, 100});
  dice d{8};
  const auto pixels = random_pixels(d, {-10, 90, 20, 120});
  (void)console.apply(draw_batch{{fill{{-50, -50, 10, 10}, 0xff123456}, pixels}});
  console.flush();
  auto shown = picture_of(console);
  CHECK(shown.at(9, 9) == 0x123456);
  CHECK(shown.at(10, 9) == 0);
  std::uint32_t corner = 0;
  std::memcpy(&corner, pixels.pixels.data() + (5 * 30 + 10) * 4, 4);
  CHECK(shown.at(0, 95) == corner);
  CHECK(one.client.screen == shown);
  CHECK(counts.guest_commands_dropped.value() == 0);
}

TEST_CASE_FIXTURE(console_fixture, "a refused size leaves the old surface") {
  in_step({10, 10});
  CHECK(console.set_size({0, 0}).error() == errc::bad_setting);
  console.flush();
  CHECK(console.size() == extent{10, 10});
  CHECK(one.waiting);
  CHECK(console.set_size({10, 10}).has_value()); // the same size starts anew
  console.flush();
  CHECK(one.client.epoch == 2);
}

TEST_CASE_FIXTURE(console_fixture, "a cursor viewer takes the latest state only") {
  REQUIRE(console.set_size({10, 10}).has_value());
  std::vector<cursor_state> got;
  console.attach_cursor(9, [&](const cursor_update& u) { got.push_back(u.state); });
  console.pull_cursor(9);
  REQUIRE(got.size() == 1); // everything, at once
  CHECK(got[0].shape == nullptr);
  cursor_state s;
  for (int i = 1; i <= 5; ++i) {
    s.position = {i, i};
    console.set_cursor(s);
    console.flush();
  }
  CHECK(got.size() == 1);
  console.pull_cursor(9);
  REQUIRE(got.size() == 2);
  CHECK(got[1].position == point{5, 5});
  console.pull_cursor(9);
  console.set_cursor(s);
  console.flush();
  console.draw(fill{whole(console.size()), 1});
  console.flush();
  CHECK(got.size() == 2); // nothing is different with the cursor
  s.shape = std::make_shared<cursor_shape>();
  console.set_cursor(s);
  console.flush();
  CHECK(got.size() == 3);
}

TEST_CASE_FIXTURE(console_fixture, "a blank console is black, has no cursor, keeps its size and drops cached shapes") {
  in_step({50, 40});
  cursor_state s;
  s.shape = std::make_shared<cursor_shape>();
  s.generation = 4;
  console.set_cursor(s);
  console.draw(fill{{0, 0, 50, 40}, 0xffffff});
  console.blank();
  console.flush();
  CHECK(console.cursor().shape == nullptr);
  CHECK(console.cursor().generation == 5);
  CHECK(one.client.epoch == 1);
  CHECK(one.client.screen == picture_of(console));
  CHECK(one.client.screen.at(3, 3) == 0);
  s.generation = 0; // a new source counts anew
  console.set_cursor(s);
  CHECK(console.cursor().generation == 5);
}

TEST_CASE_FIXTURE(console_fixture, "a console tells how it is") {
  in_step({50, 40});
  console.draw(fill{{0, 0, 10, 10}, 1});
  const auto s = console.status();
  CHECK(s.id == 3);
  CHECK(s.width == 50);
  CHECK(s.height == 40);
  CHECK(s.viewers == 2);
  CHECK(s.draws == 1);
  CHECK(s.damage_pixels == 100);
}

} // namespace saffron::devices
