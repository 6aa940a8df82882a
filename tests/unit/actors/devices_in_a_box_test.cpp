// SPDX-License-Identifier: BSD-3-Clause
// What a user and a VM's char devices have of each other, through every actor and a real socket.
#include "tests/unit/actors/device_world.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;
namespace port = wire::port;
namespace port_to_client = wire::port::to_client;
namespace main_to_client = wire::main_channel::to_client;

struct port_box : device_world {
  void start() { add_vm_with({offer(char_device_kind::port, echo, "org.saffron.echo.0")}); }
  static port_to_client::init introduce(test_client& c) { return c.expect<port_to_client::init>(); }
  source_record& vm() { return records["web01"]; }
  // What the VM offers now.
  void announce(std::vector<char_device_offer> offers) {
    auto said = vm().offers;
    said.source = vm().source;
    said.char_devices = std::move(offers);
    caf::anon_send(vms["web01"], said);
    settle();
  }

  std::shared_ptr<test_backend> echo = std::make_shared<test_backend>();
};

std::vector<channel_key> keys(const main_to_client::channels_list& list) {
  std::vector<channel_key> out;
  for (const auto& c : list.channels) out.push_back({static_cast<std::uint8_t>(c.type), c.id});
  return out;
}

} // namespace

TEST_CASE_FIXTURE(port_box, "a port is listed, introduces itself, and carries bytes both ways") {
  start();
  session s{*this};
  CHECK(std::ranges::count(keys(s.list), channel_key{10, 0}) == 1);
  CHECK_FALSE(echo->in_use);
  auto c = s.open(channel_type::port);
  CHECK(introduce(*c).name == "org.saffron.echo.0");
  CHECK(echo->in_use);
  say(*c, "hello");
  CHECK(wait_until([&] { return echo->taken == "hello"; }));
  echo->say("world");
  CHECK(wait_until([&, all = std::string{}]() mutable { return (all += heard(*c)) == "world"; }));
  c->close();
  CHECK(wait_until([&] { return !echo->in_use; }));
}

TEST_CASE_FIXTURE(port_box, "a second client is told that the port is in use, and the first one goes on") {
  start();
  session one{*this}, two{*this};
  auto first = one.open(channel_type::port);
  introduce(*first);
  auto second = two.open(channel_type::port);
  const auto told = two.main->expect<wire::common::to_client::notify>();
  CHECK(told.text == "port org.saffron.echo.0 cannot be opened: another client uses the device");
  CHECK(closes(*second));
  say(*first, "still here");
  CHECK(wait_until([&] { return echo->taken == "still here"; }));
}

TEST_CASE_FIXTURE(port_box, "a device stops and starts with its VM, and nothing is lost") {
  start();
  session s{*this};
  auto c = s.open(channel_type::port);
  introduce(*c);
  tell(vms["web01"], source_state{"paused", true, false});
  say(*c, "to the guest");
  echo->say("from the guest");
  advance(1s);
  CHECK(echo->taken.empty());
  CHECK(heard(*c).empty());
  tell(vms["web01"], source_state{"running", true, true});
  CHECK(wait_until([&] { return echo->taken == "to the guest"; }));
  CHECK(wait_until([&, all = std::string{}]() mutable { return (all += heard(*c)) == "from the guest"; }));
}

TEST_CASE_FIXTURE(port_box, "a port that goes and comes back keeps its client") {
  start();
  session s{*this};
  auto c = s.open(channel_type::port);
  introduce(*c);
  CHECK(c->expect<port_to_client::event>().code == port::event_code::opened);
  announce({});
  CHECK(c->expect<port_to_client::event>().code == port::event_code::closed);
  CHECK(echo->stopped);
  const auto next = std::make_shared<test_backend>();
  announce({offer(char_device_kind::port, next, "org.saffron.echo.0")});
  CHECK(c->expect<port_to_client::event>().code == port::event_code::opened);
  say(*c, "again");
  CHECK(wait_until([&] { return next->taken == "again"; }));
}

TEST_CASE_FIXTURE(port_box, "the same offer once more changes nothing") {
  start();
  session s{*this};
  auto c = s.open(channel_type::port);
  introduce(*c);
  announce({offer(char_device_kind::port, echo, "org.saffron.echo.0")});
  CHECK_FALSE(echo->stopped);
  CHECK(echo->uses == 1);
}

TEST_CASE_FIXTURE(port_box, "a device that is plugged in later is announced") {
  start();
  session s{*this};
  const auto usb = std::make_shared<test_backend>();
  announce({offer(char_device_kind::port, echo, "org.saffron.echo.0"), offer(char_device_kind::usbredir, usb),
            offer(char_device_kind::usbredir, std::make_shared<test_backend>())});
  CHECK(keys(s.main->expect<main_to_client::channels_list>()) == std::vector<channel_key>{{9, 0}, {9, 1}});
  auto c = s.open(channel_type::usbredir);
  CHECK(wait_until([&] { return usb->in_use; }));
  announce({}); // a USB device that is gone takes its channel with it
  CHECK(closes(*c));
  const auto anew = std::make_shared<test_backend>();
  announce({offer(char_device_kind::usbredir, anew)});
  CHECK(keys(s.main->expect<main_to_client::channels_list>()) == std::vector<channel_key>{{9, 0}});
}

TEST_CASE_FIXTURE(port_box, "a guest that takes nothing costs its client a window and no more") {
  start();
  echo->room = 0;
  session s{*this};
  auto c = s.open(channel_type::port);
  introduce(*c);
  const std::string megabyte(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 3; ++i) say(*c, megabyte);
  settle();
  advance(1s);
  const auto all = status().vms.at(0).devices;
  REQUIRE(all.size() == 2);
  CHECK(all[1].name == "org.saffron.echo.0");
  CHECK(all[1].write_queue_bytes == defaults::stream_window);
  echo->take(std::size_t{64} << 20);
  CHECK(wait_until([&] { return echo->taken.size() == 3 * megabyte.size(); }));
}

TEST_CASE_FIXTURE(port_box, "a client that ends takes what it had queued along, and the device goes on") {
  start();
  echo->room = 3;
  session one{*this}, two{*this};
  auto c = one.open(channel_type::port);
  introduce(*c);
  say(*c, "partly written");
  say(*c, "never written");
  CHECK(wait_until([&] { return echo->taken == "par"; }));
  c->close();
  CHECK(wait_until([&] { return !echo->in_use; }));
  echo->take(1000);
  auto next = two.open(channel_type::port);
  introduce(*next);
  say(*next, "next");
  CHECK(wait_until([&] { return echo->taken.ends_with("next"); }));
  CHECK(echo->taken.find("never") == std::string::npos);
}

} // namespace saffron
