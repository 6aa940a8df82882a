// SPDX-License-Identifier: BSD-3-Clause
#include "actors/cursor_channel.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

namespace to_client = wire::cursor::to_client;
namespace flags = wire::cursor::cursor_flags;
using wire::point16;

cursor_shape_ptr shape(std::uint64_t unique, std::uint16_t width = 2) {
  auto s = std::make_shared<cursor_shape>();
  s->unique = unique;
  s->width = width;
  s->height = 1;
  s->hot_x = 1;
  s->pixels = shared_bytes::copy_of(std::vector<std::byte>(width * 4u, static_cast<std::byte>(unique)));
  return s;
}

struct cursor_test : tests::channel_fixture {
  explicit cursor_test(mouse_mode mode = mouse_mode::server)
      : cursor(
            context(), [this] { ++pulls; }, mode) {
    cursor.start();
    skip_start();
    drain(cursor);
  }
  void show(const cursor_state& next) {
    cursor.update(next);
    drain(cursor);
  }

  std::size_t pulls = 0;
  cursor_channel cursor;
  cursor_state state{shape(1), {10, 20}};
};

struct client_mode_test : cursor_test {
  client_mode_test() : cursor_test(mouse_mode::client) {}
};

} // namespace

TEST_CASE_FIXTURE(cursor_test, "the first state is the INIT, with everything") {
  CHECK(pulls == 1);
  state.trail_length = 3;
  state.trail_frequency = 4;
  show(state);
  const auto init = out.next<to_client::init>();
  CHECK(init.position == point16{10, 20});
  CHECK(init.trail_length == 3);
  CHECK(init.trail_frequency == 4);
  CHECK(init.visible);
  CHECK(init.shape.flags == flags::cache_me);
  CHECK(init.shape.unique == 1);
  CHECK(init.shape.width == 2);
  CHECK(init.shape.hot_spot_x == 1);
  CHECK(init.shape.data.size() == 8);
  CHECK(out.empty());
  CHECK(pulls == 2);
}

TEST_CASE_FIXTURE(cursor_test, "a console without a shape has an INIT without one") {
  show({});
  const auto init = out.next<to_client::init>();
  CHECK(init.shape.flags == flags::none);
  CHECK(init.visible);
}

TEST_CASE_FIXTURE(cursor_test, "a shape that the peer has is named, one without a key is sent each time") {
  show(state);
  state.shape = shape(2);
  show(state);
  state.shape = shape(1);
  show(state);
  out.next<to_client::init>();
  CHECK(out.next<to_client::set>().shape.flags == flags::cache_me);
  const auto known = out.next<to_client::set>();
  CHECK(known.shape.flags == flags::from_cache);
  CHECK(known.shape.unique == 1);
  CHECK(known.shape.data.empty());
  for (int i = 0; i < 2; ++i) {
    state.shape = shape(0);
    show(state);
    const auto set = out.next<to_client::set>();
    CHECK(set.shape.flags == 0);
    CHECK(set.shape.data.size() == 8);
  }
}

TEST_CASE_FIXTURE(cursor_test, "moving, hiding and showing are small messages") {
  show(state);
  out.next<to_client::init>();
  state.position = {-5, 40000};
  show(state);
  CHECK(out.next<to_client::move>().position == point16{-5, 32767});
  state.visible = false;
  show(state);
  out.next<to_client::hide>();
  state.position = {1, 1}; // moved while nobody sees it
  show(state);
  CHECK(out.empty());
  state.visible = true;
  show(state);
  CHECK(out.next<to_client::move>().position == point16{1, 1});
  state.trail_length = 2;
  state.trail_frequency = 5;
  show(state);
  CHECK(out.next<to_client::trail>() == to_client::trail{2, 5});
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(client_mode_test,
                  "in client mode the client moves its cursor itself, and is told only when it appears") {
  show(state);
  out.next<to_client::init>();
  state.position = {50, 50};
  show(state);
  CHECK(out.empty());
  state.visible = false;
  show(state);
  out.next<to_client::hide>();
  state.visible = true;
  show(state);
  out.next<to_client::move>();
  cursor.mouse_mode_changed(mouse_mode::server);
  state.position = {60, 60};
  show(state);
  CHECK(out.next<to_client::move>().position == point16{60, 60});
}

TEST_CASE_FIXTURE(cursor_test, "a new generation makes the peer forget everything") {
  show(state);
  out.next<to_client::init>();
  ++state.generation;
  show(state);
  out.next<to_client::inval_all>();
  out.next<to_client::reset>();
  CHECK(out.next<to_client::init>().shape.flags == flags::cache_me); // the same shape, sent again
}

TEST_CASE_FIXTURE(cursor_test,
                  "the next state is asked for when the last has left, or at once when nothing had to be sent") {
  CHECK(pulls == 1);
  cursor.update(state);
  CHECK(pulls == 1);
  drain(cursor);
  CHECK(pulls == 2);
  cursor.update(state); // as before
  CHECK(pulls == 3);
  drain(cursor);
  CHECK(pulls == 3);
}

TEST_CASE_FIXTURE(cursor_test, "a client has nothing to say on this channel") {
  CHECK(cursor.receive(101, {}).error() == errc::unknown_message);
}

TEST_CASE_FIXTURE(cursor_test, "the peer is told which shape it may forget") {
  show(state);
  for (std::uint64_t i = 2; i <= 256; ++i) {
    state.shape = shape(i);
    show(state);
  }
  CHECK(out.all<to_client::inval_one>().empty());
  state.shape = shape(1); // still known, and now the newest
  show(state);
  CHECK(out.next<to_client::set>().shape.flags == flags::from_cache);
  state.shape = shape(999);
  show(state);
  CHECK(out.next<to_client::inval_one>().unique == 2);
  CHECK(out.next<to_client::set>().shape.unique == 999);
}

TEST_CASE("the cache of shapes holds the 256 that were used last") {
  shape_cache cache;
  for (std::uint64_t i = 1; i <= 256; ++i) {
    const auto a = cache.use(i);
    CHECK_FALSE(a.known);
    CHECK_FALSE(a.evicted);
  }
  CHECK(cache.use(1).known);
  CHECK(cache.use(300).evicted == 2);
  CHECK(cache.use(1).known);
  CHECK_FALSE(cache.use(2).known);
  cache.clear();
  CHECK_FALSE(cache.use(1).known);
  CHECK_FALSE(cache.use(2).evicted);
}

} // namespace saffron::actors
