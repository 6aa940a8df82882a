// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/console.hpp"
#include "devices/display/feed.hpp"
#include "messages/actors.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/devices/model_client.hpp"
#include "tests/unit/virtual_world.hpp"

#include <asio/post.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace saffron::devices {
namespace {

using draws = std::vector<draw_command>;

// Displays and cursors as the console sees them; what they were told is kept outside of them.
class display_stub final : public transport::pinned_actor<display_client_actor> {
public:
  display_stub(caf::actor_config& config, transport::loop& home, tests::model_client& client)
      : pinned_actor(config, home), client_(client) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const display_update& u) { client_.apply(u); },
        [](const encoded&) {},
        [](const encoded_video&) {},
        [](mend_due) {},
        [](status_query) { return channel_status{}; },
        [this](const disconnect&) { quit(); },
    };
  }

private:
  tests::model_client& client_;
};

class cursor_stub final : public transport::pinned_actor<cursor_client_actor> {
public:
  cursor_stub(caf::actor_config& config, transport::loop& home, std::vector<cursor_state>& told)
      : pinned_actor(config, home), told_(told) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const cursor_update& u) { told_.push_back(u.state); },
        [](const mouse_mode_changed&) {},
        [](status_query) { return channel_status{}; },
        [this](const disconnect&) { quit(); },
    };
  }

private:
  std::vector<cursor_state>& told_;
};

// Draws on the canvas from completions of the console's loop, as a feed that reads a socket does.
struct drawing_feed : console_feed, std::enable_shared_from_this<drawing_feed> {
  canvas* on = nullptr;
  transport::activation* actor = nullptr;
  int reads = 0, stops = 0;

  void start(canvas& c, transport::activation& a) override {
    on = &c;
    actor = &a;
  }
  void before_read(rect) override { ++reads; }
  void stop() override { ++stops; }
  template <class F>
  void complete(F body) {
    asio::post(actor->home().io(), transport::completion(*actor, [self = shared_from_this(), body] {
                 if (self->stops == 0) body(*self->on);
               }));
  }
};

struct console_world : tests::virtual_world {
  tests::captured_log log;
  counters counts;
  console_actor console = track(make_console(system, loop, 0, counts));
  tests::model_client screen;
  display_client_actor display = spawn<display_stub>(loop, screen);

  void pull(viewer_id viewer = 1) { tell(console, pull_display{viewer, 1'000'000}); }
  console_status status() { return ask<console_status>(console, status_query{}); }
  // The display shows everything and waits for more.
  void in_step(extent size) {
    REQUIRE(ask<std::uint32_t>(console, draw_batch{draws{set_surface{size}}}) == 1);
    tell(console, attach_display{1, display});
    pull();
    pull();
    REQUIRE(screen.updates == 1);
  }
};

} // namespace

TEST_CASE_FIXTURE(console_world, "a batch is answered with its credit and reaches a waiting display as one update") {
  in_step({40, 30});
  const draw_batch batch{draws{fill{{0, 0, 20, 20}, 5}, fill{{20, 0, 40, 20}, 6}, fill{{90, 90, 95, 95}, 7}}};
  CHECK(ask<std::uint32_t>(console, batch) == 3);
  CHECK(screen.updates == 2);
  CHECK(screen.operations == 2);
  CHECK(screen.screen.at(0, 0) == 5);
  CHECK(screen.screen.at(39, 19) == 6);
  CHECK(counts.guest_commands_dropped.value() == 1);
}

TEST_CASE_FIXTURE(console_world, "a display that does not pull gets nothing, and then everything at once") {
  in_step({40, 30});
  tell(console, draw_batch{draws{fill{{0, 0, 20, 20}, 1}}}); // spends the pull
  for (std::uint32_t i = 2; i < 10; ++i) tell(console, draw_batch{draws{fill{{0, 0, 20, 20}, i}}});
  CHECK(screen.updates == 2);
  pull();
  CHECK(screen.updates == 3);
  CHECK(screen.screen.at(19, 19) == 9);
}

TEST_CASE_FIXTURE(console_world, "what a feed draws in one completion is one update when the completion is done") {
  in_step({40, 30});
  const auto feed = std::make_shared<drawing_feed>();
  tell(console, attach_feed{feed});
  feed->complete([](canvas& c) {
    for (std::uint32_t y = 0; y < 30; ++y) {
      c.row(y)[0] = std::byte{9};
      c.touched({0, static_cast<std::int32_t>(y), 1, static_cast<std::int32_t>(y) + 1});
    }
  });
  settle();
  CHECK(screen.updates == 2);
  CHECK(screen.screen.at(0, 29) == 9);
  CHECK(feed->reads == 1);
}

TEST_CASE_FIXTURE(console_world, "a new feed stops the one before, and the end of the console stops the last") {
  in_step({40, 30});
  const auto first = std::make_shared<drawing_feed>();
  const auto second = std::make_shared<drawing_feed>();
  tell(console, attach_feed{first});
  tell(console, attach_feed{second});
  CHECK(first->stops == 1);
  CHECK(second->stops == 0);
  tell(console, shut_down{});
  CHECK(second->stops == 1);
  second->complete([](canvas&) { FAIL("the console has ended"); });
  settle();
}

TEST_CASE_FIXTURE(console_world, "an exception in a feed ends the console and stops the feed") {
  const auto feed = std::make_shared<drawing_feed>();
  tell(console, attach_feed{feed});
  feed->complete([](canvas&) { throw std::runtime_error("a feed that fails"); });
  settle();
  CHECK(feed->stops == 1);
  CHECK_THROWS(status());
  REQUIRE(log.lines().size() == 1);
  CHECK(log.lines()[0].find("a feed that fails") != std::string::npos);
}

TEST_CASE_FIXTURE(console_world, "a display that dies is forgotten, the others go on") {
  in_step({40, 30});
  tests::model_client other;
  const auto second = spawn<display_stub>(loop, other);
  tell(console, attach_display{2, second});
  pull(2);
  pull(2);
  REQUIRE(status().viewers == 2);
  tell(display, disconnect{});
  CHECK(status().viewers == 1);
  tell(console, draw_batch{draws{fill{{0, 0, 20, 20}, 1}}});
  CHECK(other.updates == 2);
  tell(console, detach_viewer{2});
  CHECK(status().viewers == 0);
}

TEST_CASE_FIXTURE(console_world, "a display may detach and attach again under another number") {
  in_step({40, 30});
  tell(console, detach_viewer{1});
  tell(console, attach_display{9, display});
  CHECK(status().viewers == 1);
  tell(display, disconnect{});
  CHECK(status().viewers == 0);
}

TEST_CASE_FIXTURE(console_world, "a cursor client takes the latest state when it asks") {
  std::vector<cursor_state> told;
  const auto cursor = spawn<cursor_stub>(loop, told);
  tell(console, attach_cursor{5, cursor});
  tell(console, pull_cursor{5});
  REQUIRE(told.size() == 1);
  cursor_state state;
  for (int i = 1; i <= 3; ++i) {
    state.position = {i, i};
    caf::anon_send(console, state);
  }
  settle();
  CHECK(told.size() == 1);
  tell(console, pull_cursor{5});
  REQUIRE(told.size() == 2);
  CHECK(told[1].position == point{3, 3});
  tell(console, pull_cursor{5});
  CHECK(told.size() == 2);
  tell(console, blank{});
  REQUIRE(told.size() == 3);
  CHECK(told[2].generation == 1);
}

TEST_CASE_FIXTURE(console_world, "a source that is gone leaves a black screen of the same size") {
  in_step({40, 30});
  tell(console, draw_batch{draws{fill{{0, 0, 40, 30}, 0xffffff}}});
  pull();
  tell(console, blank{});
  CHECK(screen.screen.at(20, 20) == 0);
  CHECK(screen.epoch == 1);
  CHECK(status().width == 40);
}

} // namespace saffron::devices
