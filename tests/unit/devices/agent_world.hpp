// SPDX-License-Identifier: BSD-3-Clause
// An agent between a guest and clients that are all written down here. The guest takes what is queued at once, or when
// it is told to; the clients have tokens without end.
#pragma once

#include "devices/char/agent/agent.hpp"
#include "messages/defaults.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace saffron::devices {

namespace wa = wire::agent;
using wa::message_type;
using bytes = std::vector<std::byte>;

inline bytes text(std::string_view from) {
  const auto view = std::as_bytes(std::span{from});
  return {view.begin(), view.end()};
}
inline void append(bytes& to, std::span<const std::byte> more) { to.insert(to.end(), more.begin(), more.end()); }

/// A message as its reader sees it.
struct seen {
  message_type type = message_type::mouse_state;
  bytes body;
  friend bool operator==(const seen&, const seen&) = default;
};

/// The messages of a stream, which must be whole but for the last one.
inline std::vector<seen> messages_of(std::span<const std::byte> stream) {
  std::vector<seen> out;
  while (stream.size() >= wa::message_header::wire_size) {
    const auto h = wire::decode<wa::message_header>(stream).value();
    REQUIRE(h.protocol == wa::protocol);
    const auto rest = stream.subspan(wa::message_header::wire_size);
    if (rest.size() < h.size) break;
    out.push_back({h.type, bytes(rest.begin(), rest.begin() + h.size)});
    stream = rest.subspan(h.size);
  }
  return out;
}

/// Everything of one type, or its number.
inline std::vector<bytes> bodies(const std::vector<seen>& messages, message_type type) {
  std::vector<bytes> out;
  for (const auto& m : messages)
    if (m.type == type) out.push_back(m.body);
  return out;
}

struct agent_world : device_queues, agent_host, char_io {
  agent_policy policy;
  std::unique_ptr<agent> a;
  std::mt19937 random{1};

  // -- the guest
  bool takes_at_once = true, queue_full = false;
  std::size_t self_tokens = 1;
  bool returns_self_token = true;
  std::vector<bytes> queued;
  /// What the guest took, by port, without chunk headers.
  bytes to_guest, to_guest_server;
  bytes from_guest;
  /// The most that one read of the guest gives.
  std::size_t read_limit = 100000;

  // -- clients
  std::map<client_id, bytes> to_client;
  std::map<client_id, std::uint64_t> tokens;
  std::map<client_id, errc> failed;

  // -- host
  std::vector<std::string> guest_failures;
  std::vector<std::vector<wa::monitor>> resized;
  std::string said;

  void send(const outgoing& m) override {
    CHECK(m.message.data.size() <= defaults::agent_piece);
    REQUIRE(m.recipients);
    for (const auto c : *m.recipients) append(to_client[c], m.message.data.view());
  }
  result<void> write_client(client_id, shared_bytes, std::uint64_t) override {
    FAIL("buffers of clients are dropped with them");
    return {};
  }
  void release_client_tokens(client_id c, std::uint64_t price) override { tokens[c] += price; }
  bool write_server(shared_bytes b) override {
    if (queue_full || self_tokens == 0) return false;
    --self_tokens;
    queue(b);
    if (!returns_self_token) return true;
    ++self_tokens;
    a->self_token_freed();
    return true;
  }
  bool write_server_no_token(shared_bytes b) override {
    if (queue_full) return false;
    queue(b);
    return true;
  }
  void queue(const shared_bytes& b) {
    queued.emplace_back(b.view().begin(), b.view().end());
    if (takes_at_once) take_all();
  }
  /// The guest takes what is queued.
  void take_all() {
    for (const auto& buffer : std::exchange(queued, {})) {
      std::span<const std::byte> rest{buffer};
      while (!rest.empty()) {
        const auto h = wire::decode<wa::chunk_header>(rest).value();
        CHECK(h.size <= defaults::agent_piece);
        rest = rest.subspan(wa::chunk_header::wire_size);
        REQUIRE(rest.size() >= h.size);
        append(h.port == wa::port::client ? to_guest : to_guest_server, rest.first(h.size));
        rest = rest.subspan(h.size);
      }
    }
    a->room();
  }
  void take_until_quiet() {
    while (!queued.empty()) take_all();
  }

  std::size_t write(std::span<const std::byte>) override { return 0; }
  std::size_t read(std::span<std::byte> room) override {
    const auto n = std::min({room.size(), from_guest.size(), read_limit});
    std::copy_n(from_guest.begin(), n, room.begin());
    from_guest.erase(from_guest.begin(), from_guest.begin() + static_cast<std::ptrdiff_t>(n));
    return n;
  }

  void guest_failed(std::string_view why) override { guest_failures.emplace_back(why); }
  void client_failed(client_id c, errc reason) override { failed[c] = reason; }
  void set_monitors(const std::vector<wa::monitor>& m) override { resized.push_back(m); }
  void agent_connected(bool c) override { said += c ? "+agent " : "-agent "; }
  void agent_leads_mouse(bool l) override { said += l ? "+mouse " : "-mouse "; }

  /// An agent with a guest and these clients.
  void start(std::initializer_list<client_id> clients = {}) {
    make();
    a->opened();
    for (const auto c : clients) a->attached(c);
  }
  void make() {
    a = std::make_unique<agent>(policy, *this);
    a->connect(*this);
  }
  /// A client's bytes in pieces of at most `limit`; 0 for random ones. Its tokens must come back.
  void say(client_id c, std::span<const std::byte> stream, std::size_t limit = defaults::agent_piece) {
    while (!stream.empty()) {
      const auto n = std::min(stream.size(), limit != 0 ? limit : 1 + random() % 200);
      REQUIRE(a->from_client(c, shared_bytes::copy_of(stream.first(n)), 1));
      stream = stream.subspan(n);
    }
  }
  void say(client_id c, message_type type, std::span<const std::byte> body) { say(c, wa::with_header(type, body)); }
  void say(client_id c, const wa::message& m) { say(c, wa::encode_whole(m)); }

  /// The guest's bytes in chunks of at most `limit`.
  void guest_says(std::span<const std::byte> stream, std::size_t limit = defaults::agent_piece) {
    while (!stream.empty()) {
      const auto part = stream.first(std::min(stream.size(), limit != 0 ? limit : 1 + random() % 300));
      append(from_guest, chunks(wa::port::client, part).view());
      stream = stream.subspan(part.size());
    }
    read_all();
  }
  void guest_says(message_type type, std::span<const std::byte> body) { guest_says(wa::with_header(type, body)); }
  void guest_says(const wa::message& m) { guest_says(wa::encode_whole(m)); }
  void read_all() {
    while (const auto o = a->read(*this, 1)) send(*o);
  }

  /// What has arrived since the last look.
  std::vector<seen> heard_by(client_id c) { return messages_of(std::exchange(to_client[c], {})); }
  std::vector<seen> heard_by_guest() { return messages_of(std::exchange(to_guest, {})); }
  std::vector<seen> heard_by_guest_server() { return messages_of(std::exchange(to_guest_server, {})); }

  /// Guest and clients announce these capabilities.
  void announce(std::initializer_list<client_id> clients, const wire::capability_set& capabilities) {
    guest_says(wa::announce_capabilities{0, capabilities});
    for (const auto c : clients) say(c, wa::announce_capabilities{0, capabilities});
    for (const auto c : clients) to_client[c].clear();
    to_guest.clear();
  }
};

template <class M>
bytes clip(const M& m, bool selections = true) {
  wire::writer w;
  wa::write(w, m, selections);
  return w.release();
}
inline bytes clip_data(std::uint8_t selection, wa::clipboard_type type, std::string_view data) {
  auto out = clip(wa::clipboard_head{selection, type});
  append(out, text(data));
  return out;
}

inline const wire::capability_set clipboard_capabilities{
    wa::capability::mouse_state, wa::capability::clipboard_by_demand, wa::capability::clipboard_selection};

/// A type that nobody knows: it passes through.
inline constexpr auto other = static_cast<message_type>(0x1234);

} // namespace saffron::devices
