// SPDX-License-Identifier: BSD-3-Clause
// An actor that owns a connection and writes down what it is told, and its peer.
#pragma once

#include "messages/wire/header.hpp"
#include "tests/unit/transport/link_world.hpp"
#include "transport/connection.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <random>

namespace saffron::tests {

struct framed_message {
  std::uint16_t type = 0;
  std::vector<std::byte> body;
  friend bool operator==(const framed_message&, const framed_message&) = default;
};

using owner_actor = actor_handle<void(shut_down)>;

class connection_end final : public transport::pinned_actor<owner_actor>, public transport::connection_owner {
public:
  connection_end(caf::actor_config& config, transport::loop& home, std::shared_ptr<transport::accepted_link> link,
                 counters& counted, transport::connection::limits limits)
      : pinned_actor(config, home), wire(*link, *this, *this, counted, limits) {}
  void on_exit() override { wire.close(); }

  void on_message(std::uint16_t type, std::span<const std::byte> body) override {
    received.push_back({type, {body.begin(), body.end()}});
    if (then) then();
  }
  void on_drained() override { ++drained; }
  void on_closed(errc reason) override {
    ++closings;
    closed = reason;
  }

  transport::connection wire;
  std::vector<framed_message> received;
  std::function<void()> then;
  std::size_t drained = 0, closings = 0;
  errc closed = errc::none;

protected:
  behavior_type make_behavior() override {
    return {[this](shut_down) { quit(); }};
  }
};

struct connection_world : link_world {
  std::shared_ptr<transport::accepted_link> link_over(owned_fd server, bool mini) {
    wire::link_message said;
    if (mini) said.common_capabilities = link_words().common_capabilities;
    return std::make_shared<transport::accepted_link>(transport::detached_stream{AF_INET, server.release(), nullptr},
                                                      std::move(said), false, "peer");
  }
  /// The connection on loop 0 starts, the peer reads the link's result.
  connection_end& begin(std::shared_ptr<transport::accepted_link> link) {
    handle = spawn<connection_end>(loop, std::move(link), counted, limits);
    settle();
    owner = dynamic_cast<connection_end*>(caf::actor_cast<caf::abstract_actor*>(handle));
    act([](auto& e) { e.wire.start(); });
    CHECK(peer->read(4) == words({0}));
    return *owner;
  }
  connection_end& begin_plain(bool mini = true) {
    auto [client, server] = loopback_pair();
    peer = std::make_unique<test_peer>(*this, std::move(client));
    return begin(link_over(std::move(server), mini));
  }
  /// Runs as the owner would: inside its activation, on its loop.
  void act(const std::function<void(connection_end&)>& body) {
    asio::post(loop.io(), [this, body] { owner->run([&] { body(*owner); }); });
    settle();
  }

  void write_message(std::uint16_t type, std::span<const std::byte> body) {
    const auto head = wire::encode_header(wire::mini_header{type, static_cast<std::uint32_t>(body.size())});
    peer->write(std::vector<std::byte>{head.begin(), head.end()} + body);
  }
  framed_message read_message() {
    const auto bytes = peer->read(wire::mini_header::wire_size);
    const auto head = wire::decode<wire::mini_header>(bytes).value();
    return {head.type, peer->read(head.size)};
  }

  std::unique_ptr<test_peer> peer;
  owner_actor handle;
  connection_end* owner = nullptr;
  transport::connection::limits limits{1000, 100 << 20};
};

inline std::vector<std::byte> noise(std::size_t n, std::uint32_t seed = 1) {
  std::mt19937 random{seed};
  std::vector<std::byte> out(n);
  for (auto& b : out) b = static_cast<std::byte>(random());
  return out;
}

} // namespace saffron::tests
