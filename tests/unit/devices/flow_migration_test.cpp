// SPDX-License-Identifier: BSD-3-Clause
// Clients that move between servers, with their tokens and with what the device has not taken.
#include "tests/unit/devices/flow_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace saffron::devices {

using tests::bytes_of;
using tests::flow_world;
using tests::text_of;

namespace {

constexpr flow_settings at_once{0, 1, 1000, 500};
constexpr client_flow comes{true, 5, 1000, 10, 0, true};

device_state state_of(std::uint64_t client, std::uint64_t send, std::uint64_t write, std::string_view bytes) {
  const auto copy = bytes_of(bytes);
  return {client, send, write, {copy.view().begin(), copy.view().end()}};
}

} // namespace

TEST_CASE("restore puts tokens and bytes back") {
  flow_world from{{5, 1, 1000, 500}};
  REQUIRE(from.attach(1, 4));
  CHECK(from.client_writes(1, "done", 2).has_value());
  from.device.room = 1;
  CHECK(from.client_writes(1, "abc").has_value());
  CHECK(from.client_writes(1, "def", 2).has_value());
  from.device_says("m");
  const auto state = from.flow.save(1);
  REQUIRE(state.has_value());
  CHECK(*state == state_of(5, 3, 3, "bcdef"));

  flow_world to{{5, 1, 1000, 500}};
  to.device.incoming = "12345";
  REQUIRE(to.flow.attach_client(1, comes));
  to.flow.wakeup();
  CHECK(to.device.incoming.size() == 5); // nothing moves before
  CHECK(to.flow.take_client_tokens(1, 1) == fail{errc::out_of_order});
  CHECK(to.flow.restore(1, *state).has_value());
  CHECK(to.device.taken == "bcdef");
  CHECK(to.book.news() == "1+5 1<1 1<2 1<3 "); // 2 were free already, 3 came back with the bytes
  CHECK(to.device.incoming == "45");
  CHECK(to.flow.restore(1, *state) == fail{errc::out_of_order});
}

TEST_CASE("of several clients each takes its own bytes and tokens with it, and brings them") {
  flow_world from{at_once};
  for (client_id c = 1; c <= 3; ++c) REQUIRE(from.attach(c, c));
  from.device.room = 1;
  CHECK(from.client_writes(1, "one").has_value());
  CHECK(from.client_writes(2, "TWO").has_value());
  CHECK(from.client_writes(1, "uno", 2).has_value());
  CHECK(from.flow.write_server(bytes_of("ours")));
  CHECK(*from.flow.save(1) == state_of(7, 1, 3, "neuno"));
  CHECK(*from.flow.save(2) == state_of(9, 2, 1, "TWO"));
  CHECK(*from.flow.save(3) == state_of(10, 3, 0, ""));

  flow_world to{at_once};
  for (client_id c = 1; c <= 3; ++c) REQUIRE(to.flow.attach_client(c, comes));
  CHECK(to.flow.write_server_no_token(bytes_of("!")));
  for (client_id c = 1; c <= 3; ++c) {
    CHECK(to.device.taken.empty()); // it waits for all of them
    CHECK(to.flow.restore(c, *from.flow.save(c)).has_value());
  }
  CHECK(to.device.taken ==
        "TWOneuno!"); // the last that came is the first; what is ours was not in the middle of anything
  CHECK(to.book.news() == "2+1 1+3 ");
}

TEST_CASE("a client that leaves while the device waits for its state lets the others go on") {
  flow_world w{at_once};
  w.device.room = 0; // a device that has moved bytes refuses those who come late
  REQUIRE(w.attach(1));
  REQUIRE(w.flow.attach_client(2, comes));
  w.device.room = 10;
  CHECK(w.client_writes(1, "a").has_value());
  w.device_says("x");
  CHECK(w.device.taken.empty());
  w.flow.detach_client(2);
  CHECK(w.device.taken == "a");
  CHECK(w.book.news() == "1+1 1<x ");
}

TEST_CASE("a client that must be removed while the device waits for its state lets the others go on") {
  flow_world w{at_once};
  REQUIRE(w.attach(1));
  REQUIRE(w.flow.attach_client(2, comes));
  CHECK(w.client_writes(1, "a").has_value());
  w.send("s", 1, {2});
  REQUIRE(w.book.token_timers.size() == 1);
  w.flow.tokens_expired(2, w.book.token_timers[0].epoch);
  CHECK(w.device.taken == "a");
  CHECK(w.flow.restore(2, {}) == fail{errc::out_of_order});
}

TEST_CASE("who comes from another server is refused when bytes have moved since the start, and when it is there") {
  flow_world w{at_once};
  REQUIRE(w.attach(1));
  CHECK_FALSE(w.flow.attach_client(1, comes));
  w.device_says("x");
  CHECK_FALSE(w.flow.attach_client(2, comes));
  w.flow.stop();
  w.flow.start();
  CHECK(w.flow.attach_client(2, comes));
  flow_world written{at_once};
  CHECK(written.flow.write_server(bytes_of("x")));
  CHECK_FALSE(written.flow.attach_client(2, comes));
  CHECK_FALSE(written.flow.has_client(2));
}

TEST_CASE("a restored buffer does not cut into one that is partly written") {
  flow_world w{at_once};
  REQUIRE(w.attach(1));
  w.device.room = 2;
  CHECK(w.client_writes(1, "abcd").has_value());
  CHECK(w.client_writes(1, "ef").has_value());
  w.flow.stop();
  REQUIRE(w.flow.attach_client(2, comes));
  w.device.room = 100;
  w.flow.start();
  CHECK(w.device.taken == "ab");
  CHECK(w.flow.restore(2, state_of(9, 1, 1, "XY")).has_value());
  CHECK(w.device.taken == "abcdXYef");
}

TEST_CASE("a state that cannot be is refused and changes nothing") {
  flow_world w{{0, 1, 100, 4}};
  w.device.room = 0;
  REQUIRE(w.flow.attach_client(1, comes));
  CHECK(w.flow.restore(1, state_of(11, 0, 0, "")) == fail{errc::bad_message});
  CHECK(w.flow.restore(1, state_of(9, 0, 2, "a")) == fail{errc::bad_message});
  CHECK(w.flow.restore(1, state_of(unlimited_tokens, 0, 2, "a")) == fail{errc::bad_message});
  CHECK(w.flow.restore(1, state_of(2, 0, unlimited_tokens, "a")) == fail{errc::bad_message});
  CHECK(w.flow.restore(1, state_of(9, 0, 1, "abcde")) == fail{errc::too_many});
  CHECK(w.flow.restore(1, state_of(8, 0, 1, "abcd")).has_value());
  CHECK(w.book.news() == "1+1 "); // it was free
  w.device_takes(4);
  CHECK(w.book.news() == "1+1 ");
  CHECK(w.device.taken == "abcd");
}

TEST_CASE("restored bytes without tokens cost a self token, if there is one, and go with their client") {
  flow_world w{at_once};
  w.device.room = 0;
  REQUIRE(w.flow.attach_client(1, comes));
  REQUIRE(w.flow.attach_client(2, comes));
  CHECK(w.flow.restore(1, state_of(10, 0, 0, "abc")).has_value());
  CHECK(w.flow.restore(2, state_of(10, 0, 0, "def")).has_value());
  CHECK_FALSE(w.flow.write_server(bytes_of("x")));
  CHECK(*w.flow.save(1) == state_of(10, 0, 0, "abc"));
  CHECK(*w.flow.save(2) == state_of(10, 0, 0, "def"));
  w.flow.detach_client(1); // nothing of it was written: its bytes go, the token stays
  CHECK(w.book.news() == "self ");
  w.device_takes(100);
  CHECK(w.device.taken == "def");
  CHECK(w.book.news().empty());
}

TEST_CASE("tokens of bytes that are not there come back at once") {
  flow_world w{at_once};
  REQUIRE(w.flow.attach_client(1, comes));
  CHECK(w.flow.restore(1, state_of(6, 1, 4, "")).has_value());
  CHECK(w.book.news() == "1+4 ");
}

TEST_CASE("a reset ends the waiting for a state") {
  flow_world w{at_once};
  REQUIRE(w.flow.attach_client(1, comes));
  w.flow.add_send_tokens(1, 1);
  w.device_says("x");
  CHECK(w.book.news().empty());
  w.flow.reset();
  CHECK(w.book.news() == "1<x ");
  CHECK(w.flow.restore(1, state_of(10, 0, 0, "")) == fail{errc::out_of_order});
  CHECK(w.client_writes(1, "a").has_value());
}

TEST_CASE("a client without flow control moves with its bytes and any number of tokens") {
  flow_world w{at_once};
  client_flow free = comes;
  free.flow_control = false;
  w.device.room = 0;
  REQUIRE(w.flow.attach_client(1, free));
  CHECK(w.flow.restore(1, state_of(0xffffffff, 0xfffffffe, 3, "abc")).has_value());
  CHECK(*w.flow.save(1) == state_of(unlimited_tokens, unlimited_tokens, 3, "abc"));
  w.device_takes(3);
  CHECK(w.device.taken == "abc");
  CHECK(w.book.news().empty());
}

} // namespace saffron::devices
