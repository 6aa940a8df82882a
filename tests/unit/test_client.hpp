// SPDX-License-Identifier: BSD-3-Clause
// One channel of a simple SPICE client in a virtual world: links, frames, answers pings and acknowledges as the
// protocol asks, one call after the other.
#pragma once

#include "messages/wire/common.hpp"
#include "messages/wire/link.hpp"
#include "tests/unit/test_peer.hpp"

#include <functional>
#include <string>
#include <vector>

namespace saffron::tests {

struct channel_words {
  wire::channel_type type = wire::channel_type::main;
  std::uint8_t id = 0;
  /// From the main channel's INIT.
  client_id connection = 0;
  std::string password = "secret";
  wire::capability_set capabilities;
};

class test_client {
public:
  /// `finish` false: the link's result is awaited by finish_link() only.
  test_client(virtual_world& world, owned_fd fd, channel_words words, bool finish = true)
      : peer_(world, std::move(fd)) {
    wire::link_message said;
    said.connection_id = words.connection;
    said.channel_type = words.type;
    said.channel_id = words.id;
    said.common_capabilities = {wire::common_capability::auth_selection, wire::common_capability::mini_header};
    said.channel_capabilities = std::move(words.capabilities);
    peer_.write(wire::link_request(said));
    const auto header = wire::decode<wire::link_header>(peer_.read(wire::link_header::wire_size)).value();
    const auto reply = wire::decode<wire::link_reply>(peer_.read(header.size)).value();
    const auto ticket = encrypt_ticket(reply.public_key, words.password + '\0');
    wire::writer w;
    w.put(wire::auth_mechanism::spice).bytes(ticket);
    peer_.write(w.view());
    if (finish) finish_link();
  }
  void finish_link() { result_ = wire::decode<wire::link_result>(peer_.read(4)).value().error; }

  /// What the server said to the ticket.
  [[nodiscard]] wire::link_error result() const { return result_; }

  template <class M>
  void send(const M& m) {
    const auto body = wire::encode(m);
    wire::writer w;
    w.u16(M::type).u32(static_cast<std::uint32_t>(body.size())).bytes(body);
    peer_.write(w.view());
  }
  /// The next message of type M. Common ones before it are answered, others are passed to `also`.
  template <class M>
  M expect(const std::function<void(std::uint16_t, std::span<const std::byte>)>& also = {}) {
    for (;;) {
      const auto type = next();
      if (type == M::type) return wire::decode<M>(body_).value();
      if (also) also(type, body_);
    }
  }
  /// All messages that come while nothing else moves.
  void listen(const std::function<void(std::uint16_t, std::span<const std::byte>)>& to) {
    for (auto bytes = peer_.read_available(); !bytes.empty(); bytes = peer_.read_available()) {
      pending_.insert(pending_.end(), bytes.begin(), bytes.end());
      while (has_whole_message()) {
        const auto type = next();
        if (type > 100) to(type, body_);
      }
    }
  }
  /// Reads on until the server closes; true when it said a goodbye before that.
  bool closes_with_goodbye() {
    const auto rest = peer_.read_to_end();
    pending_.insert(pending_.end(), rest.begin(), rest.end());
    goodbye_ = false;
    while (has_whole_message()) take();
    return goodbye_;
  }
  [[nodiscard]] bool is_closed() { return peer_.at_end(); }
  void close() { peer_.close(); }
  [[nodiscard]] test_peer& peer() { return peer_; }

private:
  std::vector<std::byte> bytes(std::size_t n) {
    while (pending_.size() < n) {
      const auto more = peer_.read(n - pending_.size());
      pending_.insert(pending_.end(), more.begin(), more.end());
    }
    std::vector<std::byte> out{pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(n)};
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(n));
    return out;
  }
  [[nodiscard]] bool has_whole_message() const {
    if (pending_.size() < 6) return false;
    return pending_.size() >= 6 + wire::decode<wire::mini_header>(pending_).value().size;
  }
  std::uint16_t take() {
    const auto header = wire::decode<wire::mini_header>(bytes(6)).value();
    body_ = bytes(header.size);
    goodbye_ |= header.type == wire::common::to_client::disconnecting::type;
    return header.type;
  }
  // The next message, after the duties that it brings.
  std::uint16_t next() {
    const auto type = take();
    if (window_ != 0 && ++unacknowledged_ == window_) {
      unacknowledged_ = 0;
      send(wire::common::to_server::ack{});
    }
    if (type == wire::common::to_client::set_ack::type) {
      const auto asked = wire::decode<wire::common::to_client::set_ack>(body_).value();
      window_ = asked.window;
      unacknowledged_ = 0;
      send(wire::common::to_server::ack_sync{asked.generation});
    }
    if (type == wire::common::to_client::ping::type) {
      const auto asked = wire::decode<wire::common::to_client::ping>(body_).value();
      send(wire::common::to_server::pong{asked.id, asked.timestamp});
    }
    return type;
  }

  test_peer peer_;
  wire::link_error result_ = wire::link_error::error;
  std::vector<std::byte> pending_, body_;
  std::uint32_t window_ = 0, unacknowledged_ = 0;
  bool goodbye_ = false;
};

} // namespace saffron::tests
