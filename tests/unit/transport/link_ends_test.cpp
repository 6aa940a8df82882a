// SPDX-License-Identifier: BSD-3-Clause
// The other ways in which a link ends: silence, being cut, a gate that forgets it, sockets that are none.
#include "tests/unit/transport/link_world.hpp"

#include <doctest/doctest.h>

#include <thread>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;

} // namespace

TEST_CASE_FIXTURE(link_world, "a peer that stays silent, or stops in the middle, is cut when its time is over") {
  environment.timeout = 50ms;
  test_peer silent{*this, start_plain()}, in_header{*this, start_plain()}, in_message{*this, start_plain()},
      without_ticket{*this, start_plain()};
  const auto request = wire::link_request(link_words());
  in_header.write(std::span{request}.first(10));
  in_message.write(std::span{request}.first(30));
  without_ticket.write(request);
  CHECK(wait_until([&] { return ended == 4; }));
  for (auto* peer : {&silent, &in_header, &in_message}) CHECK(peer->read_to_end().empty());
  CHECK(spoke == 2);
  CHECK(counted.links_failed.value() == 4);
}

TEST_CASE_FIXTURE(link_world, "the time for the link does not run while the gate thinks") {
  environment.timeout = 50ms;
  gate.decide = nullptr;
  test_peer peer{*this, start_plain()};
  speak_link(peer, link_words(), "secret");
  REQUIRE(wait_until([&] { return gate.pending.size() == 1; }));
  CHECK_FALSE(wait_until([&] { return ended == 1; }, 200ms));
  gate.pending[0](accepted());
  CHECK(wait_until([&] { return arrived.size() == 1; }));
}

TEST_CASE_FIXTURE(link_world, "a peer that leaves ends its link, wherever it is") {
  const auto request = wire::link_request(link_words());
  for (const std::size_t bytes : {0, 3, 20, 50}) {
    test_peer peer{*this, start_plain()};
    peer.write(std::span{request}.first(std::min(bytes, request.size())));
    settle();
  }
  CHECK(wait_until([&] { return ended == 4; }));
  CHECK(counted.links_failed.value() == 4);
}

TEST_CASE_FIXTURE(link_world, "a cut link is closed, and cutting it again or after its end does nothing") {
  test_peer peer{*this, start_plain()};
  settle();
  cut();
  CHECK(peer.read_to_end().empty());
  cut();
  CHECK(wait_until([&] { return ended == 1; }));
  cut();
  settle();
}

TEST_CASE_FIXTURE(link_world,
                  "a link whose ticket was shown is not cut any more, because the gate may count its client") {
  gate.decide = nullptr;
  test_peer peer{*this, start_plain()};
  speak_link(peer, link_words(), "secret");
  REQUIRE(wait_until([&] { return gate.pending.size() == 1; }));
  cut();
  settle();
  gate.pending[0](accepted());
  CHECK(wait_until([&] { return arrived.size() == 1; }));
  CHECK_FALSE(peer.at_end());
}

TEST_CASE_FIXTURE(link_world, "a link that the gate forgets ends") {
  gate.decide = nullptr;
  test_peer peer{*this, start_plain()};
  speak_link(peer, link_words(), "secret");
  REQUIRE(wait_until([&] { return gate.pending.size() == 1; }));
  gate.pending.clear();
  CHECK(wait_until([&] { return ended == 1; }));
  CHECK(peer.read_to_end().empty());
}

TEST_CASE_FIXTURE(link_world, "the gate may answer from another thread") {
  gate.decide = nullptr;
  test_peer peer{*this, start_plain()};
  speak_link(peer, link_words(), "secret");
  REQUIRE(wait_until([&] { return gate.pending.size() == 1; }));
  std::thread{[&] { gate.pending[0](accepted()); }}.join();
  CHECK(wait_until([&] { return arrived.size() == 1; }));
}

TEST_CASE_FIXTURE(link_world,
                  "a refused peer that closes in the moment in which we stop waiting for it ends its link once") {
  auto peer = std::make_unique<test_peer>(*this, start_plain());
  peer->write(words({0x51444552, 1, 2, 18}));
  CHECK(peer->read(194).size() == 194);
  settle();
  peer.reset();
  // The world stands still for longer than a refused link waits: both ends of the waiting are then due at once.
  std::this_thread::sleep_for(600ms);
  CHECK(wait_until([&] { return ended == 1; }));
}

TEST_CASE_FIXTURE(link_world, "a descriptor that cannot be a socket of a loop is closed") {
  const temporary_folder folder;
  const int file = ::open((folder / "file").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  transport::incoming from;
  from.family = AF_INET;
  from.descriptor = file;
  start(std::move(from));
  CHECK(wait_until([&] { return ended == 1; }));
  CHECK(::fcntl(file, F_GETFD) == -1);
}

} // namespace saffron
