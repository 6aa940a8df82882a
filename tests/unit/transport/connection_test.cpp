// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/transport/connection_world.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;

using connection_test = connection_world;

} // namespace

TEST_CASE_FIXTURE(connection_test,
                  "what one handler sends leaves in order, and the owner hears once that it has left") {
  auto& end = begin_plain();
  const auto drained = end.drained;
  const auto payload = shared_bytes::copy_of(noise(50000));
  act([&](auto& e) {
    for (std::uint16_t i = 0; i < 100; ++i) e.wire.send(static_cast<std::uint16_t>(200 + i), noise(i), {});
    e.wire.send(400, noise(20), std::array{payload, payload});
    CHECK(e.wire.queued() > 100000);
  });
  for (std::uint16_t i = 0; i < 100; ++i)
    CHECK(read_message() == framed_message{static_cast<std::uint16_t>(200 + i), noise(i)});
  CHECK(read_message() == framed_message{400, noise(20) + noise(50000) + noise(50000)});
  CHECK(end.drained == drained + 1);
  CHECK(end.wire.queued() == 0);
  CHECK(end.wire.messages_sent() == 101);
}

TEST_CASE_FIXTURE(connection_test, "messages of the peer arrive whole, whatever the pieces") {
  auto& end = begin_plain();
  std::vector<framed_message> sent;
  std::vector<std::byte> stream;
  std::mt19937 random{3};
  for (std::uint16_t i = 0; i < 200; ++i) {
    sent.push_back({i, noise(random() % 1001, i)});
    const auto head = wire::encode_header(wire::mini_header{i, static_cast<std::uint32_t>(sent.back().body.size())});
    stream = std::move(stream) + head + sent.back().body;
  }
  for (std::span<const std::byte> rest{stream}; !rest.empty();) {
    const auto n = std::min<std::size_t>(rest.size(), 1 + random() % 3000);
    peer->write(rest.first(n));
    if (random() % 2 == 0) settle();
    rest = rest.subspan(n);
  }
  CHECK(wait_until([&] { return end.received.size() == sent.size(); }));
  CHECK(end.received == sent);
  CHECK(end.wire.bytes_received() == stream.size());
  CHECK(counted.bytes_received.value() == stream.size());
}

TEST_CASE_FIXTURE(connection_test, "full headers carry a serial that counts every message from 1") {
  begin_plain(false);
  act([](auto& e) {
    for (std::uint16_t i = 0; i < 3; ++i) e.wire.send(static_cast<std::uint16_t>(101 + i), noise(i * 10u), {});
  });
  for (std::uint16_t i = 0; i < 3; ++i) {
    const auto bytes = peer->read(wire::full_header::wire_size);
    const auto head = wire::decode<wire::full_header>(bytes).value();
    CHECK(head == wire::full_header{i + 1u, static_cast<std::uint16_t>(101 + i), i * 10u, 0});
    CHECK(peer->read(head.size) == noise(i * 10u));
  }
}

TEST_CASE_FIXTURE(connection_test, "the bytes sent are counted, the link's result with them") {
  auto& end = begin_plain();
  act([](auto& e) { e.wire.send(101, noise(94), {}); });
  read_message();
  CHECK(end.wire.bytes_sent() == 104);
  CHECK(counted.bytes_sent.value() == 104);
}

TEST_CASE_FIXTURE(connection_test,
                  "a peer that does not read fills the outbox, and gets all of it when it reads again") {
  auto& end = begin_plain();
  const auto payload = shared_bytes::copy_of(noise(1 << 20));
  act([&](auto& e) {
    for (int i = 0; i < 30; ++i) e.wire.send(304, {}, {&payload, 1});
  });
  const auto drained = end.drained;
  CHECK(end.wire.queued() > 10u << 20);
  for (int i = 0; i < 30; ++i) CHECK(read_message().body.size() == 1 << 20);
  CHECK(wait_until([&] { return end.drained == drained + 1; }));
  CHECK(end.wire.queued() == 0);
  CHECK(end.closings == 0);
}

TEST_CASE_FIXTURE(connection_test, "a peer that lets more wait than is allowed is cut, and its owner hears it once") {
  limits.outbox = 1 << 20;
  auto& end = begin_plain();
  const auto payload = shared_bytes::copy_of(noise(100000));
  act([&](auto& e) {
    for (int i = 0; i < 50; ++i) e.wire.send(304, {}, {&payload, 1});
  });
  CHECK(end.closed == errc::too_many);
  CHECK(end.closings == 1);
  CHECK(end.wire.closed());
  act([&](auto& e) { e.wire.send(304, {}, {&payload, 1}); });
  CHECK(end.wire.queued() == 0);
  peer->read_to_end();
}

TEST_CASE_FIXTURE(connection_test, "nothing is handed over between hold and resume, nor lost or reordered") {
  auto& end = begin_plain();
  end.then = [&] { end.wire.hold(); };
  for (std::uint16_t i = 0; i < 20; ++i) write_message(i, noise(10, i));
  for (std::uint16_t i = 0; i < 20; ++i) {
    CHECK(wait_until([&] { return end.received.size() > i; }));
    CHECK(end.received.size() == i + 1u);
    CHECK(end.received.back() == framed_message{i, noise(10, i)});
    act([](auto& e) { e.wire.resume(); });
  }
  write_message(20, {});
  CHECK(wait_until([&] { return end.received.size() == 21; }));
}

TEST_CASE_FIXTURE(connection_test, "while its owner holds the connection, the peer is slowed down by its own socket") {
  auto& end = begin_plain();
  act([](auto& e) { e.wire.hold(); });
  const std::vector<std::byte> much(64 << 20);
  std::size_t taken = 0;
  for (int idle = 0; idle < 20; ++idle) {
    settle();
    if (const auto n = peer->try_write(std::span{much}.subspan(taken)); n != 0) {
      taken += n;
      idle = 0;
    }
  }
  CHECK(taken < much.size() / 2);
  CHECK(end.received.empty());
}

TEST_CASE_FIXTURE(connection_test, "a message that is too large closes the connection when its header comes") {
  auto& end = begin_plain();
  write_message(101, noise(1000));
  const auto head = wire::encode_header(wire::mini_header{102, 1001});
  peer->write(head);
  CHECK(wait_until([&] { return end.closings == 1; }));
  CHECK(end.received.size() == 1);
  CHECK(end.closed == errc::message_too_large);
  CHECK(peer->read_to_end().empty());
}

TEST_CASE_FIXTURE(connection_test, "a peer that leaves, in the middle of a message or between two, is reported once") {
  for (const bool middle : {false, true}) {
    auto& end = begin_plain();
    if (middle) peer->write(noise(3));
    peer->close();
    CHECK(wait_until([&] { return end.closings == 1; }));
    CHECK(end.closed == errc::closed_by_peer);
    act([](auto& e) { e.wire.send(101, noise(3), {}); });
    CHECK(end.closings == 1);
  }
}

TEST_CASE_FIXTURE(connection_test, "a peer that resets its connection is one that leaves") {
  auto& end = begin_plain();
  const linger now{1, 0};
  ::setsockopt(peer->descriptor(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  peer->close();
  CHECK(wait_until([&] { return end.closings == 1; }));
  CHECK(end.closed == errc::closed_by_peer);
}

TEST_CASE_FIXTURE(connection_test, "closing is silent, at once and for good") {
  auto& end = begin_plain();
  act([](auto& e) {
    e.wire.send(101, noise(3), {});
    e.wire.close();
    e.wire.send(102, noise(3), {});
    CHECK(e.wire.queued() == 0);
    e.wire.close();
  });
  CHECK(peer->read_to_end().empty());
  CHECK(end.closings == 0);
}

TEST_CASE_FIXTURE(connection_test, "an owner that closes on a message gets no other one, though they came together") {
  auto& end = begin_plain();
  end.then = [&] { end.wire.close(); };
  const auto one = wire::encode_header(wire::mini_header{101, 0});
  peer->write(std::vector<std::byte>{one.begin(), one.end()} + one + one);
  CHECK(peer->read_to_end().empty());
  CHECK(end.received.size() == 1);
}

TEST_CASE_FIXTURE(connection_test, "the end of its actor closes the connection, whatever is on the way") {
  begin_plain();
  const auto payload = shared_bytes::copy_of(noise(1 << 20));
  act([&](auto& e) {
    for (int i = 0; i < 20; ++i) e.wire.send(304, {}, {&payload, 1});
  });
  peer->write(noise(3));
  tell(handle, shut_down{});
  handle = nullptr;
  peer->read_to_end();
}

} // namespace saffron
