// SPDX-License-Identifier: BSD-3-Clause
// An agent with everything around it, for fuzz targets: a guest that takes bytes or sleeps, clients that write down
// what they hear, and tokens that are counted.
#pragma once

#include "devices/char/agent/agent.hpp"
#include "messages/defaults.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <span>
#include <vector>

namespace saffron::fuzz {

/// Aborts unless the stream is made of messages, of which the last may be cut.
inline void must_be_whole_messages(std::span<const std::byte> stream) {
  while (stream.size() >= wire::agent::message_header::wire_size) {
    const auto h = wire::decode<wire::agent::message_header>(stream);
    if (!h || h->protocol != wire::agent::protocol) std::abort();
    stream = stream.subspan(std::min<std::size_t>(stream.size(), wire::agent::message_header::wire_size + h->size));
  }
}

struct agent_table final : devices::device_queues, devices::agent_host, char_io {
  agent_table() {
    agent.connect(*this);
    agent.opened();
  }

  devices::agent agent{{}, *this};
  std::span<const std::byte> from_guest;
  std::size_t step = 100000;
  bool sleeps = false, has_failed = false;
  std::size_t queued = 0;
  std::vector<std::byte> to_guest;
  std::map<client_id, std::vector<std::byte>> heard;
  std::map<client_id, std::uint64_t> out;
  std::set<client_id> here;

  void attach(client_id c) {
    agent.attached(c);
    here.insert(c);
  }
  void detach(client_id c) {
    here.erase(c);
    out.erase(c);
    agent.detached(c);
  }
  void say(client_id c, std::span<const std::byte> bytes) {
    // A client with the protocol's window; the engine takes the tokens.
    while (!bytes.empty() && out[c] < defaults::agent_tokens) {
      const auto piece = bytes.first(std::min(bytes.size(), defaults::agent_piece));
      bytes = bytes.subspan(piece.size());
      ++out[c];
      if (!agent.from_client(c, shared_bytes::copy_of(piece), 1)) {
        detach(c);
        return;
      }
    }
  }
  void tokens_must_be_back() const {
    for (const auto& [c, n] : out)
      if (n != 0) std::abort();
  }
  void read_all() {
    while (const auto o = agent.read(*this, 1)) send(*o);
  }
  /// The guest takes what is queued, again and again while it is awake.
  void take() {
    if (std::exchange(queued, 0) != 0) agent.room();
  }
  void new_guest() {
    to_guest.clear();
    queued = 0;
    has_failed = false;
  }

  void send(const devices::outgoing& m) override {
    if (m.message.data.size() > defaults::agent_piece) std::abort();
    for (const auto c : m.recipients.value()) {
      auto& h = heard[c];
      h.insert(h.end(), m.message.data.view().begin(), m.message.data.view().end());
    }
  }
  result<void> write_client(client_id, shared_bytes, std::uint64_t) override { std::abort(); }
  void release_client_tokens(client_id c, std::uint64_t price) override {
    if (!out.contains(c)) return;
    if (out[c] < price) std::abort();
    out[c] -= price;
  }
  bool write_server(shared_bytes) override { return !sleeps; }
  bool write_server_no_token(shared_bytes b) override {
    const auto h = wire::decode<wire::agent::chunk_header>(b.view()).value();
    if (h.size > defaults::agent_piece) std::abort();
    if (h.port == wire::agent::port::client) to_guest.insert(to_guest.end(), b.view().begin() + 8, b.view().end());
    queued += b.size();
    if (queued > 2 * defaults::agent_write_window) std::abort();
    if (!sleeps) take();
    return true;
  }
  std::size_t write(std::span<const std::byte>) override { return 0; }
  std::size_t read(std::span<std::byte> room) override {
    const auto n = std::min({room.size(), from_guest.size(), step});
    std::copy_n(from_guest.begin(), n, room.begin());
    from_guest = from_guest.subspan(n);
    return n;
  }
  void guest_failed(std::string_view) override { has_failed = true; }
  void client_failed(client_id, errc) override {}
  void set_monitors(const std::vector<wire::agent::monitor>&) override {}
  void agent_connected(bool) override {}
  void agent_leads_mouse(bool) override {}
};

} // namespace saffron::fuzz
