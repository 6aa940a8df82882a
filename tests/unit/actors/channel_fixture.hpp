// SPDX-License-Identifier: BSD-3-Clause
// The logic of a channel between a sink that writes down what is sent and a clock that a test moves.
#pragma once

#include "actors/channel.hpp"
#include "messages/wire/common.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <span>
#include <vector>

namespace saffron::tests {

class fake_sink final : public transport::message_sink {
public:
  using message_sink::send;
  void send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes> payload) override {
    message m{type, {head.begin(), head.end()}};
    for (const auto& part : payload) m.body.insert(m.body.end(), part.view().begin(), part.view().end());
    waiting_ += m.body.size() + 6;
    sent_.push_back(std::move(m));
  }
  [[nodiscard]] std::size_t queued() const override { return waiting_; }

  /// Everything has reached the kernel.
  void drain() { waiting_ = 0; }
  /// The next message, which must be an M. Its views stay valid.
  template <class M>
  M next() {
    REQUIRE_FALSE(sent_.empty());
    read_.push_back(std::move(sent_.front()));
    sent_.pop_front();
    REQUIRE(read_.back().type == M::type);
    const auto decoded = wire::decode<M>(read_.back().body);
    REQUIRE(decoded);
    return *decoded;
  }
  /// The next M; what was sent before it is forgotten.
  template <class M>
  M skip_to() {
    while (!sent_.empty() && sent_.front().type != M::type) sent_.pop_front();
    return next<M>();
  }
  /// All messages of this type that were sent since the last call; the others are forgotten.
  template <class M>
  std::vector<M> all() {
    std::vector<M> out;
    while (!sent_.empty()) {
      if (sent_.front().type == M::type)
        out.push_back(next<M>());
      else
        sent_.pop_front();
    }
    return out;
  }
  [[nodiscard]] std::vector<std::uint16_t> types() const {
    std::vector<std::uint16_t> out;
    for (const auto& m : sent_) out.push_back(m.type);
    return out;
  }
  [[nodiscard]] bool empty() const { return sent_.empty(); }
  void forget() { sent_.clear(); }

private:
  struct message {
    std::uint16_t type = 0;
    std::vector<std::byte> body;
  };
  std::deque<message> sent_, read_;
  std::size_t waiting_ = 0;
};

struct channel_fixture {
  [[nodiscard]] actors::channel_context context(std::uint32_t window = defaults::ack_window) {
    return {out, [this] { return time; }, {}, window};
  }
  /// The socket takes all that was sent.
  void drain(actors::channel& c) {
    out.drain();
    c.drained();
  }
  template <class M>
  result<void> receive(actors::channel& c, const M& m) {
    return c.receive(M::type, wire::encode(m));
  }
  /// Swallows SET_ACK and the first PING, which every channel sends.
  wire::common::to_client::ping skip_start() {
    CHECK(out.next<wire::common::to_client::set_ack>().generation == 1);
    const auto pings = out.all<wire::common::to_client::ping>();
    REQUIRE_FALSE(pings.empty());
    return pings.back();
  }

  fake_sink out;
  actors::steady_time time = actors::steady_time{} + std::chrono::hours{1};
};

} // namespace saffron::tests
