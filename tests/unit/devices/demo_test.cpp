// SPDX-License-Identifier: BSD-3-Clause
// The demo between a VM, consoles that keep the credit until the test returns it, and the real input actor.
#include "devices/demo/demo.hpp"
#include "devices/input/input.hpp"
#include "devices/input/keyboard.hpp"
#include "messages/defaults.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>

namespace saffron::devices {
namespace {

using namespace std::chrono_literals;

constexpr key_number letter_a = 0x1e;

struct console_book {
  std::vector<draw_batch> batches;
  std::vector<cursor_state> cursors;
  /// Replies wait until the test delivers them.
  bool keeps_credit = false;
  std::vector<caf::typed_response_promise<std::uint32_t>> owed;

  void pay() {
    for (auto& promise : std::exchange(owed, {})) promise.deliver(std::uint32_t{1});
  }
};

class fake_console final : public transport::pinned_actor<console_actor> {
public:
  fake_console(caf::actor_config& config, transport::loop& home, console_book& book)
      : pinned_actor(config, home), book_(book) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](pull_display) {},
        [](const refine_display&) {},
        [](pull_cursor) {},
        [this](draw_batch& batch) {
          book_.batches.push_back(std::move(batch));
          book_.owed.push_back(make_response_promise<std::uint32_t>());
          const auto promise = book_.owed.back();
          if (!book_.keeps_credit) book_.pay();
          return promise;
        },
        [this](const cursor_state& c) { book_.cursors.push_back(c); },
        [](const attach_display&) {},
        [](const attach_cursor&) {},
        [](detach_viewer) {},
        [](const attach_feed&) {},
        [](blank) {},
        [](video_check) {},
        [](status_query) { return console_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  console_book& book_;
};

struct vm_book {
  vm_consoles answer;
  bool refuses = false;
  std::vector<source_attached> attached;
  std::vector<source_state> states;
};

class fake_vm final : public transport::pinned_actor<vm_actor> {
public:
  fake_vm(caf::actor_config& config, transport::loop& home, vm_book& book) : pinned_actor(config, home), book_(book) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](const linked&) {},
        [](client_ended) {},
        [](resize_head) {},
        [this](const source_attached& s) -> caf::result<vm_consoles> {
          book_.attached.push_back(s);
          if (book_.refuses) return caf::sec::runtime_error;
          return book_.answer;
        },
        [this](const source_state& s) { book_.states.push_back(s); },
        [](const agent_state&) {},
        [](status_query) { return vm_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  vm_book& book_;
};

class lock_listener final : public transport::pinned_actor<inputs_client_actor> {
public:
  lock_listener(caf::actor_config& config, transport::loop& home, std::vector<int>& locks)
      : pinned_actor(config, home), locks_(locks) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](lock_state l) { locks_.push_back(l.locks); },
        [](mouse_mode_changed) {},
        [](status_query) { return channel_status{}; },
        [this](disconnect) { quit(); },
    };
  }

private:
  std::vector<int>& locks_;
};

struct demo_world : tests::virtual_world {
  counters count;
  std::vector<int> locks;
  std::array<console_book, 2> screens;
  vm_book book;
  vm_actor vm = spawn<fake_vm>(loop, book);
  source_actor demo;

  demo_world() {
    for (auto& s : screens) book.answer.consoles.push_back(spawn<fake_console>(loop, s));
  }
  ~demo_world() {
    if (demo) tell(demo, shut_down{});
    for (auto& s : screens) s.owed.clear(); // a promise keeps its console alive
  }
  void start(demo_settings settings = {}) {
    settings.size = {320, 200};
    demo = make_demo(system, loop, vm, std::move(settings), count);
    track(demo);
    settle();
  }
  void press(key_number key) { tell(demo, key_input{key, true}); }
  void hover(std::uint8_t display, std::uint32_t x, std::uint32_t y) {
    tell(demo, pointer_input{pointer_position{display, x, y}});
  }
  std::vector<draw_batch>& batches() { return screens[0].batches; }
};

demo_settings quiet() {
  demo_settings s;
  s.still = true;
  return s;
}

bool starts_anew(const draw_batch& b) {
  return !b.commands.empty() && std::holds_alternative<set_surface>(b.commands.front());
}

} // namespace

TEST_CASE_FIXTURE(demo_world, "the demo attaches as a source that takes absolute positions and resizes") {
  start(quiet());
  REQUIRE(book.attached.size() == 1);
  CHECK(book.attached[0].source == demo);
  CHECK(book.attached[0].name == "demo");
  CHECK(book.attached[0].uuid == "47b10bfc-2afa-5506-a52c-cfb159e92181");
  CHECK(book.attached[0].heads == 1);
  CHECK(book.attached[0].absolute_pointer);
  CHECK(book.attached[0].resizable);
  REQUIRE(book.states.size() == 1);
  CHECK(book.states[0].state == "running");
  CHECK(book.states[0].attached);
  REQUIRE(batches().size() == 1);
  CHECK(starts_anew(batches()[0]));
  REQUIRE(screens[0].cursors.size() == 1);
  CHECK(screens[0].cursors[0].visible);
  CHECK(screens[0].cursors[0].shape);
}

TEST_CASE_FIXTURE(demo_world, "a still demo draws once, a moving one thirty times a second") {
  SUBCASE("still") {
    start(quiet());
    advance(10s);
    CHECK(batches().size() == 1);
  }
  SUBCASE("idle") {
    demo_settings s;
    s.idle = true;
    start(s);
    advance(10s);
    CHECK(batches().size() == 1);
  }
  SUBCASE("moving") {
    start();
    for (int i = 0; i < 1000; ++i) advance(1ms);
    CHECK(batches().size() >= 30);
    CHECK(batches().size() <= 32);
  }
  SUBCASE("at another rate, in full motion") {
    demo_settings s;
    s.full_motion = true;
    s.frames_per_second = 60;
    start(s);
    for (int i = 0; i < 1000; ++i) advance(1ms);
    CHECK(batches().size() >= 60);
    CHECK(batches().size() <= 62);
  }
}

TEST_CASE_FIXTURE(demo_world, "one batch is on its way, and what changes meanwhile becomes one more") {
  screens[0].keeps_credit = true;
  start();
  for (int i = 0; i < 100; ++i) advance(33ms);
  press(letter_a);
  hover(0, 10, 10);
  CHECK(batches().size() == 1);
  screens[0].pay();
  settle();
  CHECK(batches().size() == 2);
  advance(1s);
  CHECK(batches().size() == 2);
  screens[0].pay();
  settle();
  CHECK(batches().size() == 3);
}

TEST_CASE_FIXTURE(demo_world, "a key leads to a batch at once, between two frames") {
  start();
  advance(1ms);
  const auto before = batches().size();
  press(letter_a);
  CHECK(batches().size() == before + 1);
  tell(demo, key_input{letter_a, false});
  CHECK(batches().size() == before + 1);
}

TEST_CASE_FIXTURE(demo_world, "the pointer shows at once, with its cursor") {
  start(quiet());
  const auto frame = screens[0].cursors.size();
  hover(0, 60, 60); // the terminal
  CHECK(batches().size() == 2);
  hover(0, 0, 0); // the panel
  hover(0, 0, 0);
  CHECK(batches().size() == 3);
  REQUIRE(screens[0].cursors.size() == frame + 2);
  CHECK(screens[0].cursors[frame].position == point{60, 60});
  CHECK(screens[0].cursors[frame].shape->unique != screens[0].cursors[frame + 1].shape->unique);
}

TEST_CASE_FIXTURE(demo_world, "every kind of cursor can be found by moving over the screen") {
  start(quiet());
  for (std::uint32_t y = 0; y < 200; y += 10)
    for (std::uint32_t x = 0; x < 320; x += 10) hover(0, x, y);
  std::set<int> types;
  std::set<std::uint64_t> shapes;
  for (const auto& c : screens[0].cursors) {
    types.insert(c.shape->type);
    shapes.insert(c.shape->unique);
  }
  CHECK(types == std::set<int>{0, 1, 6});
  CHECK(shapes.size() == 5);
}

TEST_CASE_FIXTURE(demo_world, "a resize makes a new surface of the size asked for, if there is such a head") {
  start(quiet());
  tell(demo, resize_head{0, {641, 402}});
  REQUIRE(batches().size() == 2);
  REQUIRE(starts_anew(batches()[1]));
  CHECK(std::get<set_surface>(batches()[1].commands[0]).size == extent{641, 402});
  tell(demo, resize_head{0, {641, 402}});
  tell(demo, resize_head{1, {800, 600}});
  CHECK(batches().size() == 2);
}

TEST_CASE_FIXTURE(demo_world, "several heads have a screen each, and the keys follow the pointer") {
  auto s = quiet();
  s.heads = 2;
  start(s);
  CHECK(book.attached[0].heads == 2);
  CHECK(screens[1].batches.size() == 1);
  CHECK(screens[0].cursors.back().visible);
  CHECK_FALSE(screens[1].cursors.back().visible);
  press(letter_a);
  CHECK(screens[0].batches.size() == 2);
  CHECK(screens[1].batches.size() == 1);
  hover(1, 50, 50);
  CHECK_FALSE(screens[0].cursors.back().visible);
  CHECK(screens[1].cursors.back().visible);
  press(letter_a);
  CHECK(screens[0].batches.size() == 2);
  CHECK(screens[1].batches.size() == 3);
  hover(2, 50, 50);
  CHECK(count.input_dropped.value() == 1);
}

TEST_CASE_FIXTURE(demo_world, "a slow head does not hold up the other") {
  auto s = quiet();
  s.heads = 2;
  screens[0].keeps_credit = true;
  start(s);
  hover(1, 50, 50);
  for (int i = 0; i < 5; ++i) press(letter_a);
  CHECK(screens[0].batches.size() == 1);
  CHECK(screens[1].batches.size() == 7);
}

TEST_CASE_FIXTURE(demo_world, "locks toggle with their keys and the clients are told") {
  const auto input = make_input(system, loop, input_policy::all, count);
  track(input);
  book.answer.input = input;
  const auto client = spawn<lock_listener>(loop, locks);
  start(quiet());
  tell(input, attach_source{demo});
  tell(input, attach_inputs{1, client});
  tell(input, client_key{1, lock_keys::caps, true});
  tell(input, client_key{1, lock_keys::caps, false});
  CHECK(locks == std::vector<int>{0, devices::locks::caps});
  tell(input, client_locks{1, devices::locks::num});
  CHECK(locks == std::vector<int>{0, devices::locks::caps, devices::locks::num});
  advance(1min);
  CHECK(locks.size() == 3);
}

TEST_CASE_FIXTURE(demo_world, "a batch that is not answered in time is followed by the whole picture") {
  screens[0].keeps_credit = true;
  start(quiet());
  advance(defaults::request_timeout);
  REQUIRE(batches().size() == 2);
  CHECK(starts_anew(batches()[1]));
}

TEST_CASE_FIXTURE(demo_world, "a console that dies leaves the other head alive") {
  auto s = quiet();
  s.heads = 2;
  start(s);
  tell(book.answer.consoles[0], shut_down{});
  press(letter_a);
  press(letter_a);
  CHECK(count.sources_lost.value() == 1);
  hover(1, 50, 50);
  press(letter_a);
  CHECK(screens[1].batches.size() >= 2);
}

TEST_CASE_FIXTURE(demo_world, "a vm that refuses is asked again") {
  book.refuses = true;
  start(quiet());
  CHECK(count.sources_lost.value() == 1);
  press(letter_a);
  CHECK(batches().empty());
  book.refuses = false;
  advance(defaults::attach_backoff_max);
  CHECK(book.attached.size() == 2);
  CHECK(batches().size() == 1);
}

TEST_CASE_FIXTURE(demo_world, "the demo says that it ends, and ends with its vm") {
  start(quiet());
  bool ended = false;
  demo->attach_functor([&ended](const caf::error&) { ended = true; });
  SUBCASE("shut down") {
    tell(demo, shut_down{});
    REQUIRE(book.states.size() == 2);
    CHECK_FALSE(book.states[1].attached);
  }
  SUBCASE("the vm ends") { tell(vm, shut_down{}); }
  CHECK(ended);
}

TEST_CASE("the demo's UUID is fixed per name") {
  CHECK(demo_uuid("demo") == "47b10bfc-2afa-5506-a52c-cfb159e92181");
  CHECK(demo_uuid("other") != demo_uuid("demo"));
}

} // namespace saffron::devices
