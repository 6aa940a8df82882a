// SPDX-License-Identifier: BSD-3-Clause
// Tokens of both directions, and the queues of who has none.
#include "tests/unit/devices/flow_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace saffron::devices {

using tests::bytes_of;
using tests::flow_world;

TEST_CASE("messages that arrive while the device is stopped are kept and written at start") {
  flow_world w;
  REQUIRE(w.attach(1));
  w.flow.stop();
  CHECK(w.client_writes(1, "one,").has_value());
  CHECK(w.client_writes(1, "two").has_value());
  w.device_says("x");
  CHECK(w.device.taken.empty());
  CHECK(w.book.news().empty());
  CHECK(w.flow.write_queue_bytes() == 7);
  w.flow.start();
  CHECK(w.device.taken == "one,two");
  CHECK(w.book.news() == "1<x ");
  CHECK(w.flow.bytes_written() == 7);
  CHECK(w.flow.bytes_read() == 1);
}

TEST_CASE("no backend is like being stopped") {
  flow_world w;
  REQUIRE(w.attach(1));
  w.flow.set_backend(nullptr);
  CHECK(w.flow.running());
  CHECK(w.client_writes(1, "kept").has_value());
  w.flow.wakeup();
  w.flow.set_backend(&w.device);
  CHECK(w.device.taken == "kept");
}

TEST_CASE("client tokens are not ignored") {
  flow_world w;
  REQUIRE(w.attach(1, 2));
  w.device_says("abc");
  CHECK(w.book.news() == "1<a 1<b ");
  CHECK(w.device.incoming == "c"); // not even read
  w.flow.add_send_tokens(1, 1);
  CHECK(w.book.news() == "1<c ");
  w.flow.set_send_tokens(1, 1);
  w.device_says("de");
  CHECK(w.book.news() == "1<d ");
  w.flow.add_send_tokens(1, unlimited_tokens - 1);
  w.flow.add_send_tokens(1, unlimited_tokens); // saturates
  w.device_says("fg");
  CHECK(w.book.news() == "1<e 1<f 1<g ");
}

TEST_CASE("client tokens come back in bunches when the device has taken what they paid for") {
  flow_world w;
  REQUIRE(w.attach(1));
  for (int i = 0; i < 4; ++i) CHECK(w.client_writes(1, "m").has_value());
  CHECK(w.book.news().empty());
  CHECK(w.client_writes(1, "m").has_value());
  CHECK(w.book.news() == "1+5 ");
  w.device.room = 0;
  for (int i = 0; i < 10; ++i) CHECK(w.client_writes(1, "n").has_value());
  CHECK(w.book.news().empty());
  w.device_takes(7);
  CHECK(w.book.news() == "1+5 ");
  w.device_takes(3);
  CHECK(w.book.news() == "1+5 ");
}

TEST_CASE("with interval 0 every token comes back at once, and a window below the interval when it is empty") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  CHECK(w.client_writes(1, "a", 3).has_value());
  CHECK(w.client_writes(1, "b", 0).has_value());
  CHECK(w.book.news() == "1+3 ");
  flow_world narrow{{5, 1, 1000, 500}};
  REQUIRE(narrow.flow.attach_client(1, {true, 5, 1000, 2, 10, false}));
  CHECK(narrow.client_writes(1, "a").has_value());
  CHECK(narrow.book.news().empty());
  CHECK(narrow.client_writes(1, "b").has_value());
  CHECK(narrow.book.news() == "1+2 ");
}

TEST_CASE("a client that writes without a token is to be removed, and nothing is taken") {
  flow_world w;
  w.device.room = 0;
  REQUIRE(w.attach(1));
  for (int i = 0; i < 10; ++i) CHECK(w.client_writes(1, "m").has_value());
  CHECK(w.client_writes(1, "m") == fail{errc::token_violation});
  CHECK(w.book.news() == fmt::format("1!{} ", to_string(errc::token_violation)));
  CHECK(w.client_writes(1, "m") == fail{errc::out_of_order}); // one recommendation is enough
  CHECK(w.book.news().empty());
}

TEST_CASE("a price is paid when it is taken, not when the device has the bytes") {
  flow_world w{{0, 1, 1000, 500}};
  w.device.room = 0;
  REQUIRE(w.attach(1));
  CHECK(w.flow.take_client_tokens(1, 7).has_value());
  CHECK(w.flow.take_client_tokens(1, 3).has_value());
  w.flow.release_client_tokens(1, 4);
  CHECK(w.book.news() == "1+4 ");
  w.flow.release_client_tokens(1, 100); // more than was taken does not come back
  CHECK(w.book.news() == "1+6 ");
  CHECK(w.flow.take_client_tokens(1, 11) == fail{errc::token_violation});
}

TEST_CASE("a slow client overflows and is removed while the other receives everything") {
  flow_world w;
  REQUIRE(w.attach(1, 1000));
  REQUIRE(w.attach(2, 3));
  w.device_says("abcdefgh");
  CHECK(w.book.news() == "1<a 2<a 1<b 2<b 1<c 2<c 1<d 1<e 1<f 1<g 1<h ");
  CHECK(w.flow.send_queue_bytes() == 5);
  w.device_says("i");
  CHECK(w.book.news() == fmt::format("1<i 2!{} ", to_string(errc::send_queue_overflow)));
  CHECK(w.flow.send_queue_bytes() == 0);
  w.device_says("jklmnop");
  CHECK(w.book.news() == "1<j 1<k 1<l 1<m 1<n 1<o 1<p ");
}

TEST_CASE("bytes that wait for a client are limited too, and an empty message waits like any other") {
  flow_world w;
  REQUIRE(w.flow.attach_client(1, {true, 100, 8, 10, 0, false}));
  w.send("12345678");
  w.send("");
  CHECK(w.book.news().empty());
  w.send("9");
  CHECK(w.book.news() == fmt::format("1!{} ", to_string(errc::send_queue_overflow)));
}

TEST_CASE("what waits for tokens is sent in order when they come, and before what is read then") {
  flow_world w;
  REQUIRE(w.attach(1, 0));
  REQUIRE(w.attach(2, 4));
  w.device_says("abcdef");
  CHECK(w.book.news() == "2<a 2<b 2<c 2<d ");
  w.flow.add_send_tokens(1, 3);
  CHECK(w.book.news() == "1<a 1<b 1<c ");
  w.flow.add_send_tokens(1, 2);
  CHECK(w.book.news() == "1<d 1<e ");
  CHECK(w.flow.send_queue_bytes() == 1); // e is there for client 2, which has no token
}

TEST_CASE("30 s without tokens removes") {
  flow_world w;
  REQUIRE(w.attach(1, 0));
  w.send("a");
  w.send("b");
  REQUIRE(w.book.token_timers.size() == 1); // one for a client, however much waits
  const auto timer = w.book.token_timers[0];
  CHECK(timer.client == 1);
  w.flow.add_send_tokens(1, 0); // nothing is nothing
  w.flow.set_send_tokens(1, 0);
  w.flow.tokens_expired(timer.client, timer.epoch);
  CHECK(w.book.news() == fmt::format("1!{} ", to_string(errc::timed_out)));
  w.flow.tokens_expired(timer.client, timer.epoch);
  w.flow.add_send_tokens(1, 10);
  CHECK(w.book.news().empty());
}

TEST_CASE("a late timer never fires") {
  flow_world w;
  REQUIRE(w.attach(1, 0));
  w.send("a");
  w.send("b");
  w.flow.add_send_tokens(1, 1); // b waits on, with a new 30 s
  REQUIRE(w.book.token_timers.size() == 2);
  w.flow.tokens_expired(1, w.book.token_timers[0].epoch);
  w.flow.add_send_tokens(1, 1); // nothing waits
  w.flow.tokens_expired(1, w.book.token_timers[1].epoch);
  w.flow.tokens_expired(1, 0);
  CHECK(w.book.news() == "1<a 1<b ");
  w.send("c");
  w.flow.detach_client(1);
  REQUIRE(w.attach(1, 0)); // another one with the same number
  w.send("d");
  REQUIRE(w.book.token_timers.size() == 4);
  w.flow.tokens_expired(1, w.book.token_timers[2].epoch);
  w.flow.tokens_expired(7, 1);
  CHECK(w.book.news().empty());
  w.flow.tokens_expired(1, w.book.token_timers[3].epoch);
  CHECK(w.book.news() == fmt::format("1!{} ", to_string(errc::timed_out)));
}

TEST_CASE("a message waits until its whole price is there, and nothing is read behind it") {
  flow_world w;
  w.reader.bytes_cost = true;
  w.reader.piece = 4;
  REQUIRE(w.attach(1, 3));
  w.send("12345", 5);
  w.send("6"); // in order, although it could be paid
  w.device_says("abcdef");
  CHECK(w.book.news().empty());
  w.flow.add_send_tokens(1, 1);
  CHECK(w.book.news().empty());
  w.flow.add_send_tokens(1, 5);
  CHECK(w.book.news() == "1<12345 1<6 1<abc ");
  CHECK(w.device.incoming == "def");
}

TEST_CASE("the reader may spend what the richest client whom it concerns has") {
  flow_world w;
  REQUIRE(w.attach(1, 7));
  REQUIRE(w.attach(2, 9));
  REQUIRE(w.attach(3, 100));
  w.reader.not_concerned = {3};
  w.reader.recipients = {{2, 2, 99}};
  w.device_says("ab");
  CHECK(w.reader.last_budget == 7);
  CHECK(w.book.news() == "2<a 2<b ");
  w.reader.not_concerned = {1, 2, 3};
  w.device_says("c");
  CHECK(w.device.incoming == "c");
}

TEST_CASE("who takes no more of a message that has begun does not keep the others waiting for ever") {
  flow_world w;
  REQUIRE(w.attach(1, 0));
  REQUIRE(w.attach(2, 9));
  w.reader.not_concerned = {2};
  w.device_says("a");
  CHECK(w.book.token_timers.empty()); // nothing has begun: who is served next is open
  w.reader.middle = true;
  w.device_says("b");
  w.device_says("c");
  REQUIRE(w.book.token_timers.size() == 1);
  CHECK(w.book.token_timers[0].client == 1);
  w.flow.tokens_expired(1, w.book.token_timers[0].epoch);
  CHECK(w.book.news() == "1!timed out ");
  w.flow.detach_client(1);
  w.reader.not_concerned = {};
  w.device_says("d");
  CHECK(w.book.news() == "2<a 2<b 2<c 2<d ");
}

TEST_CASE("tokens in time end the pressure on who takes no more") {
  flow_world w;
  REQUIRE(w.attach(1, 0));
  REQUIRE(w.attach(2, 9));
  w.reader.not_concerned = {2};
  w.reader.middle = true;
  w.reader.recipients = {{1}};
  w.device_says("a");
  REQUIRE(w.book.token_timers.size() == 1);
  w.flow.add_send_tokens(1, 5);
  w.flow.tokens_expired(1, w.book.token_timers[0].epoch);
  CHECK(w.book.news() == "1<a ");
}

TEST_CASE("a client without flow control always receives, writes, and gets no tokens") {
  flow_world w;
  REQUIRE(w.flow.attach_client(1, {false, 0, 0, 0, 0, false}));
  w.device_says("abc");
  CHECK(w.reader.last_budget == unlimited_tokens);
  for (int i = 0; i < 30; ++i) CHECK(w.client_writes(1, "m").has_value());
  CHECK(w.book.news() == "1<a 1<b 1<c ");
  CHECK(w.device.taken.size() == 30);
}

TEST_CASE("what is read without any client is thrown away") {
  flow_world w;
  w.device_says("abc");
  CHECK(w.device.incoming.empty());
  CHECK(w.reader.last_budget == unlimited_tokens);
  REQUIRE(w.attach(1, 0));
  w.device_says("def");
  CHECK(w.device.incoming == "def");
  w.flow.detach_client(1);
  CHECK(w.device.incoming.empty());
  CHECK(w.book.news().empty());
}

TEST_CASE("tokens of a client that never started are ignored") {
  flow_world w;
  w.flow.add_send_tokens(1, 10);
  w.flow.set_send_tokens(1, 10);
  w.flow.release_client_tokens(1, 10);
  w.flow.detach_client(1);
  CHECK(w.flow.take_client_tokens(1, 1) == fail{errc::out_of_order});
  CHECK(w.flow.write_client(1, bytes_of("x"), 1) == fail{errc::out_of_order});
  CHECK_FALSE(w.flow.save(1).has_value());
  CHECK(w.flow.restore(1, {}) == fail{errc::out_of_order});
  CHECK(w.book.news().empty());
  REQUIRE(w.attach(1, 1));
  CHECK_FALSE(w.attach(1, 1));
  CHECK(w.flow.clients() == 1);
  w.device_says("ab");
  CHECK(w.book.news() == "1<a ");
}

TEST_CASE("a condemned client gets no service and holds nobody up") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1, 100));
  REQUIRE(w.attach(2, 1));
  w.device.room = 1;
  CHECK(w.client_writes(1, "ab").has_value());
  CHECK(w.flow.take_client_tokens(1, 99) == fail{errc::token_violation});
  CHECK_FALSE(w.book.news().empty());
  w.device_says("xyz");
  CHECK(w.book.news() == "2<x "); // its hundred tokens do not count
  CHECK(w.flow.take_client_tokens(1, 1) == fail{errc::out_of_order});
  CHECK(w.flow.write_client(1, bytes_of("c"), 1) == fail{errc::out_of_order});
  w.send("s", 0);
  w.flow.add_send_tokens(1, 5);
  CHECK(w.book.news() == "2<s ");
  w.device_takes(100);
  CHECK(w.device.taken == "ab"); // what was accepted before is its due
  CHECK(w.book.news().empty());
}

} // namespace saffron::devices
