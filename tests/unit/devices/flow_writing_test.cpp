// SPDX-License-Identifier: BSD-3-Clause
// The write queue of a device: in order, in parts, within limits, and true to those who leave.
#include "tests/unit/devices/flow_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace saffron::devices {

using tests::bytes_of;
using tests::flow_world;

TEST_CASE("partial writes go on where they stopped and never mix two buffers") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  REQUIRE(w.attach(2));
  w.device.room = 0;
  CHECK(w.client_writes(1, "hello").has_value());
  CHECK(w.client_writes(2, "WORLD").has_value());
  CHECK(w.flow.write_server_no_token(bytes_of("!")));
  std::string expected;
  for (const char c : std::string{"helloWORLD!"}) {
    w.device_takes(1);
    CHECK(w.device.taken == (expected += c));
  }
  CHECK(w.book.news() == "1+1 2+1 ");
  CHECK(w.flow.write_queue_bytes() == 0);
  CHECK(w.flow.bytes_written() == 11);
}

TEST_CASE("a start goes on as long as reading makes room to write") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  w.flow.stop();
  w.device.room = 0;
  CHECK(w.client_writes(1, "abc").has_value());
  w.device.incoming = "x";
  w.device.in_read = [&] { w.device.room = 100; }; // without a word
  w.flow.start();
  CHECK(w.book.news() == "1<x 1+1 ");
  CHECK(w.device.taken == "abc");
}

TEST_CASE("a buffer of ours costs a self token, which comes back when the device has it") {
  flow_world w{{0, 2, 1000, 500}};
  w.device.room = 3;
  CHECK(w.flow.write_server(bytes_of("ab")));
  CHECK(w.book.news() == "self ");
  CHECK(w.flow.write_server(bytes_of("cd")));
  CHECK(w.flow.write_server(bytes_of("ef")));
  CHECK_FALSE(w.flow.write_server(bytes_of("gh")));
  CHECK(w.flow.write_server_no_token(bytes_of("ij")));
  CHECK(w.book.news().empty());
  w.device_takes(100);
  CHECK(w.book.news() == "self self ");
  CHECK(w.device.taken == "abcdefij");
  CHECK(w.flow.write_server(bytes_of("k")));
}

TEST_CASE("a self token is not lost when the buffer's client is destroyed mid-write") {
  // A restored buffer without tokens is of origin server and yet a client's: the one kind that can be both.
  flow_world w{{0, 1, 1000, 500}};
  w.device.room = 2;
  REQUIRE(w.flow.attach_client(1, {true, 5, 1000, 10, 10, true}));
  REQUIRE(w.flow.restore(1, {10, 10, 0, {std::byte{'a'}, std::byte{'b'}, std::byte{'c'}}}).has_value());
  CHECK(w.device.taken == "ab");
  CHECK_FALSE(w.flow.write_server(bytes_of("x")));
  w.flow.detach_client(1);
  CHECK_FALSE(w.flow.write_server(bytes_of("x")));
  w.device_takes(100);
  CHECK(w.device.taken == "abc");
  CHECK(w.book.news() == "self ");
  CHECK(w.flow.write_server(bytes_of("x")));
  // And ours, while a client comes and goes.
  w.device.room = 1;
  REQUIRE(w.attach(1));
  CHECK(w.flow.write_server(bytes_of("yz")));
  w.flow.detach_client(1);
  w.book.news();
  w.device_takes(1);
  CHECK(w.book.news() == "self ");
}

TEST_CASE("of a client that leaves only the buffer that is being written reaches the device") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  REQUIRE(w.attach(2));
  w.device.room = 2;
  CHECK(w.client_writes(1, "abcd").has_value());
  CHECK(w.client_writes(2, "EF").has_value());
  CHECK(w.client_writes(1, "ghi").has_value());
  w.flow.detach_client(1);
  CHECK(w.flow.write_queue_bytes() == 4);
  REQUIRE(w.attach(1)); // another one with its number
  CHECK(w.client_writes(1, "j").has_value());
  w.device_takes(100);
  CHECK(w.device.taken == "abcdEFj");
  CHECK(w.book.news() == "2+1 1+1 ");
}

TEST_CASE("buffers without bytes do not stick the queue") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  w.device.room = 0;
  CHECK(w.client_writes(1, "a").has_value());
  CHECK(w.client_writes(1, "", 3).has_value());
  CHECK(w.book.news() == "1+3 ");
  CHECK(w.flow.write_server({}));
  CHECK(w.book.news() == "self ");
  CHECK(w.flow.write_server_no_token({}));
  w.device_takes(1);
  CHECK(w.device.taken == "a");
  CHECK(w.book.news() == "1+1 ");
}

TEST_CASE("bytes in the write queue are limited for each client and in all") {
  flow_world w{{0, 1, 10, 6}};
  w.device.room = 0;
  REQUIRE(w.attach(1));
  REQUIRE(w.attach(2));
  CHECK(w.client_writes(1, "123456").has_value());
  CHECK(w.client_writes(1, "7") == fail{errc::too_many});
  CHECK(w.book.news() == fmt::format("1+1 1!{} ", to_string(errc::too_many)));
  CHECK(w.client_writes(2, "7890").has_value());
  CHECK_FALSE(w.flow.write_server(bytes_of("x")));
  CHECK_FALSE(w.flow.write_server_no_token(bytes_of("x")));
  CHECK(w.client_writes(2, "x") == fail{errc::too_many});
  CHECK(w.flow.write_queue_bytes() == 10);
  w.flow.detach_client(1);
  CHECK(w.flow.write_server(bytes_of("123456")));
  w.device_takes(100);
  CHECK(w.device.taken == "7890123456");
}

TEST_CASE("what the device has taken makes room for the same client") {
  flow_world w{{0, 1, 10, 6}};
  REQUIRE(w.attach(1));
  w.device.room = 4;
  CHECK(w.client_writes(1, "123456").has_value());
  CHECK(w.client_writes(1, "7890").has_value());
  CHECK(w.client_writes(1, "1") == fail{errc::too_many});
}

TEST_CASE("a device that claims to have taken or given more than there was is not believed") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  w.device.lies = true;
  CHECK(w.client_writes(1, "abc").has_value());
  CHECK(w.flow.bytes_written() == 3);
  CHECK(w.flow.write_queue_bytes() == 0);
  w.reader.piece = 4;
  w.device.in_read = [&] { w.device.lies = false; };
  w.device_says("defg");
  CHECK(w.flow.bytes_read() == 4);
}

TEST_CASE("a device that does not tell when it can take more is tried again, by the newest clock only") {
  flow_world w{{0, 1, 1000, 500}};
  w.device.tells = false;
  w.device.room = 1;
  REQUIRE(w.attach(1));
  CHECK(w.client_writes(1, "abc").has_value());
  REQUIRE(w.book.retries.size() == 1);
  CHECK(w.client_writes(1, "d").has_value()); // tries as well
  REQUIRE(w.book.retries.size() == 2);
  const auto writes = w.device.writes;
  w.flow.retry(w.book.retries[0]);
  w.flow.retry(0);
  CHECK(w.device.writes == writes);
  w.device.room = 100;
  w.flow.retry(w.book.retries[1]);
  CHECK(w.device.taken == "abcd");
  CHECK(w.book.retries.size() == 2); // nothing is left to try
  w.device.room = 0;
  CHECK(w.client_writes(1, "e").has_value());
  REQUIRE(w.book.retries.size() == 3);
  w.flow.stop();
  w.device.room = 1;
  w.flow.retry(w.book.retries[2]);
  w.flow.start();
  CHECK(w.device.taken == "abcde");
}

TEST_CASE("a reset empties the queues and gives back what was paid for them") {
  flow_world w{{5, 1, 1000, 500}};
  REQUIRE(w.attach(1, 0));
  REQUIRE(w.attach(2));
  w.device.room = 1;
  CHECK(w.client_writes(1, "ab").has_value());
  CHECK(w.client_writes(1, "c").has_value());
  CHECK(w.flow.write_server(bytes_of("d")));
  w.send("m", 1, {1});
  w.flow.reset();
  CHECK(w.book.news() == "self 1+2 ");
  CHECK(w.flow.write_queue_bytes() == 0);
  CHECK(w.flow.send_queue_bytes() == 0);
  REQUIRE(w.book.token_timers.size() == 1);
  w.flow.tokens_expired(1, w.book.token_timers[0].epoch);
  CHECK(w.flow.running());
  w.send("n"); // m had cost client 1 nothing, so it still has no token
  CHECK(w.book.news() == "2<n ");
  w.device.room = 100;
  CHECK(w.client_writes(1, "e", 10).has_value());
  CHECK(w.device.taken == "ae"); // the rest of ab is gone: the device starts anew
}

} // namespace saffron::devices
