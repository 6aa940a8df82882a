// SPDX-License-Identifier: BSD-3-Clause
// Calls from within calls: devices wake up while they are written, clients leave while they are told.
#include "tests/unit/devices/flow_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace saffron::devices {

using tests::bytes_of;
using tests::flow_world;

TEST_CASE("a wakeup during a write or a read loses nothing") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  w.device.room = 0;
  int opened = 0;
  w.device.in_write = [&] { // room comes in the moment in which the device says that it has none
    if (opened++ != 0) return;
    w.device.room = 100;
    w.device.incoming = "r";
    w.flow.wakeup();
  };
  CHECK(w.client_writes(1, "abc").has_value());
  CHECK(w.device.taken == "abc");
  CHECK(w.book.news() == "1+1 1<r ");
  w.device.in_write = nullptr;
  int arrivals = 3;
  w.device.in_read = [&] { // and data in the moment in which there was none
    if (arrivals-- > 0) w.device_says("s");
  };
  w.flow.wakeup();
  CHECK(w.book.news() == "1<s 1<s 1<s ");
}

TEST_CASE("a device that never stops waking up gets its turns, and so do others") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  w.device.room = 0;
  w.device.in_write = [&] { w.flow.wakeup(); };
  CHECK(w.client_writes(1, "abc").has_value());
  CHECK(w.book.continues == 1);
  CHECK(w.device.writes <= defaults::device_turn_steps);
  CHECK(w.client_writes(1, "abc").has_value());
  CHECK(w.book.continues == 1); // is asked for already
  w.device.in_write = nullptr;
  w.device_takes(100);
  CHECK(w.device.taken == "abcabc");
}

TEST_CASE("a device that always has data is read in turns") {
  flow_world w;
  REQUIRE(w.attach(1, unlimited_tokens));
  const std::string all(10 * defaults::device_turn_steps, 'x');
  w.device_says(all);
  CHECK(w.device.incoming.size() > all.size() / 2);
  CHECK(w.book.continues == 1);
  int turns = 1;
  for (; w.book.continues == turns; ++turns) w.flow.wakeup();
  CHECK(turns <= 12);
  CHECK(w.flow.bytes_read() == all.size());
  // Nor does the size of its pieces matter, or that nothing comes of them.
  w.reader.piece = defaults::device_turn_bytes / 3;
  w.device_says(std::string(2 * defaults::device_turn_bytes, 'y'));
  CHECK(w.flow.bytes_read() == all.size() + defaults::device_turn_bytes);
  CHECK(w.book.continues == turns);
}

TEST_CASE("a client that leaves while it is told something is told nothing more, and nobody else misses anything") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  REQUIRE(w.attach(2));
  REQUIRE(w.attach(3, 0));
  w.book.in_call = [&] {
    w.flow.detach_client(2);
    w.flow.detach_client(3);
  };
  w.send("a", 1, {2, 1, 3}); // client 1 is told first
  w.device_says("bc");
  CHECK(w.book.news() == "1<a 1<b 1<c ");
  CHECK(w.flow.clients() == 1);
}

TEST_CASE("whoever is told something may write, send and grant at once") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1, 1));
  int calls = 0;
  w.book.in_call = [&] {
    if (++calls > 4) return;
    CHECK(w.client_writes(1, fmt::format("{}", calls)).has_value()); // its tokens come back, which is told
    w.flow.add_send_tokens(1, 1);
    w.send("s", 0);
    w.flow.wakeup();
    CHECK(w.device.taken.empty()); // not from within, but after
  };
  w.device_says("abcdef");
  CHECK(w.device.taken == "1234");
  CHECK(w.device.incoming == "f"); // five tokens
  CHECK(w.flow.send_queue_bytes() == 0);
}

TEST_CASE("a self token that comes back may be spent at once, as often as the device takes it") {
  flow_world w{{0, 1, 1000, 500}};
  int left = 50;
  w.book.in_call = [&] {
    if (left-- > 0) CHECK(w.flow.write_server(bytes_of("m")));
  };
  CHECK(w.flow.write_server(bytes_of("m")));
  CHECK(w.device.taken.size() == 51);
}

TEST_CASE("a reset, a detach or another backend in the middle of a write leaves the books in order") {
  flow_world w{{0, 1, 1000, 500}};
  REQUIRE(w.attach(1));
  w.device.room = 2;
  w.device.in_write = [&] { w.flow.reset(); };
  CHECK(w.client_writes(1, "abc").has_value());
  CHECK(w.device.taken == "ab");
  CHECK(w.flow.write_queue_bytes() == 0);
  CHECK(w.book.news() == "1+1 ");

  w.device.room = 1;
  w.device.in_write = [&] { // what comes after the reset is not what was being written before it
    w.device.in_write = nullptr;
    w.flow.reset();
    CHECK(w.flow.write_server_no_token(bytes_of("new")));
    w.device.room = 100;
  };
  CHECK(w.client_writes(1, "xyz").has_value());
  CHECK(w.device.taken == "abxnew");
  CHECK(w.book.news() == "1+1 ");
  w.device.taken = "ab";

  w.device.room = 1;
  w.device.in_write = [&] { w.flow.detach_client(1); };
  CHECK(w.client_writes(1, "de").has_value());
  w.device.in_write = nullptr;
  w.device_takes(10);
  CHECK(w.device.taken == "abde"); // begun, so written to its end
  CHECK(w.book.news().empty());

  REQUIRE(w.attach(1));
  w.device.room = 0;
  w.device.in_write = [&] { w.flow.detach_client(1); };
  CHECK(w.client_writes(1, "fg").has_value());
  w.device.in_write = nullptr;
  w.device_takes(10);
  CHECK(w.device.taken == "abde"); // not begun, so never
  CHECK(w.flow.write_queue_bytes() == 0);

  REQUIRE(w.attach(1));
  tests::fake_device other;
  w.device.room = 1;
  w.device.in_write = [&] { w.flow.set_backend(&other); };
  CHECK(w.client_writes(1, "hi").has_value());
  CHECK(w.device.taken == "abdeh");
  CHECK(other.taken == "i");
}

TEST_CASE("a stop in the middle of a read or a write stops") {
  flow_world w;
  REQUIRE(w.attach(1));
  w.device.in_read = [&] { w.flow.stop(); };
  w.device_says("ab");
  CHECK(w.device.incoming == "b");
  CHECK(w.book.news() == "1<a "); // it was read, so it is not lost
  w.device.in_read = [&] { w.flow.set_backend(nullptr); };
  w.flow.start();
  CHECK(w.book.news() == "1<b ");
  w.device.in_read = nullptr;
  w.flow.set_backend(&w.device);
  w.device.room = 1;
  w.device.in_write = [&] { w.flow.stop(); };
  CHECK(w.client_writes(1, "cd").has_value());
  w.device.in_write = nullptr;
  w.device_takes(10);
  CHECK(w.device.taken == "c");
  w.flow.start();
  CHECK(w.device.taken == "cd");
}

} // namespace saffron::devices
