// SPDX-License-Identifier: BSD-3-Clause
// The logic alone: no actor, no socket, no clock.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "tablet_channel.hpp"
#include "tablet_client.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace saffron;

namespace {

struct tablet_fixture : transport::message_sink {
  void send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes>) override {
    if (type == tablet::tokens::type) granted.push_back(wire::decode<tablet::tokens>(head).value().count);
  }
  using message_sink::send;
  std::size_t queued() const override { return 0; }
  result<void> pen(tablet::pen p) { return channel.receive(tablet::pen::type, wire::encode(p)); }

  std::vector<std::uint32_t> granted;
  std::vector<std::uint64_t> attached;
  std::string written;
  errc left = errc::none;
  tablet::tablet_channel channel{
      {*this, [] { return actors::steady_time{}; }, {}, 20},
      {[this](client_flow f) { attached.push_back(f.client_tokens); },
       [this](const shared_bytes& b) { written.append(reinterpret_cast<const char*>(b.data()), b.size()); },
       [this](errc e) { left = e; }}};
};

} // namespace

TEST_CASE("the wire is what the documents say") {
  CHECK(wire::encode(tablet::pen{1, 2, 0x1234}) ==
        std::vector{std::byte{1}, std::byte{0}, std::byte{2}, std::byte{0}, std::byte{0x34}, std::byte{0x12}});
}

TEST_CASE_FIXTURE(tablet_fixture, "the window opens when the port answers, and pens become lines") {
  channel.start();
  CHECK(attached == std::vector<std::uint64_t>{8});
  CHECK(granted.empty());
  channel.attached({errc::none, true});
  CHECK(granted == std::vector<std::uint32_t>{8});
  CHECK(pen({10, 20, 512}));
  CHECK(written == "pen 10 20 512\n");
  channel.granted({1});
  CHECK(granted.back() == 1);
}

TEST_CASE_FIXTURE(tablet_fixture, "a port in use, a pen too short and words of another channel end it") {
  channel.attached({errc::device_in_use, false});
  CHECK(left == errc::device_in_use);
  const std::vector<std::byte> half(3);
  CHECK(channel.receive(tablet::pen::type, half).error() == errc::bad_message);
  CHECK(channel.receive(102, half).error() == errc::unknown_message);
  CHECK(written.empty());
}

TEST_CASE("a number or a name can be registered once") {
  actors::extensions e;
  CHECK(tablet::add_to(e));
  CHECK_FALSE(tablet::add_to(e));
}
