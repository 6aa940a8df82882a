// SPDX-License-Identifier: BSD-3-Clause
// Everything that a link needs but a registry: keys, offers, a gate that a test answers for, an actor that takes
// streams.
#pragma once

#include "tests/unit/test_peer.hpp"
#include "transport/link.hpp"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace saffron::tests {

/// Answers at once with what `decide` says; without it, when the test calls one of `pending`.
class fake_gate final : public transport::gate {
public:
  void authorize(saffron::authorize question, std::function<void(link_verdict)> answer) override {
    questions.push_back(std::move(question));
    if (decide)
      answer(decide(questions.back()));
    else
      pending.push_back(std::move(answer));
  }

  std::vector<saffron::authorize> questions;
  std::function<link_verdict(const saffron::authorize&)> decide;
  std::deque<std::function<void(link_verdict)>> pending;
};

class link_collector final : public transport::pinned_actor<link_sink> {
public:
  link_collector(caf::actor_config& config, transport::loop& home, std::vector<linked>& into)
      : pinned_actor(config, home), into_(into) {}
  const char* name() const override { return "link_collector"; }

protected:
  behavior_type make_behavior() override {
    return {[this](linked& l) { into_.push_back(std::move(l)); }};
  }

private:
  std::vector<linked>& into_;
};

/// One key for all tests of a process: making one takes time, and tickets do not care.
inline transport::ticket_key_ptr shared_ticket_key() {
  static const auto key = transport::ticket_key::make();
  return key;
}

struct link_world : virtual_world {
  link_world() {
    for (std::size_t i = 0; i < loops.count(); ++i)
      environment.keys.emplace_back(shared_ticket_key(), 1, 1u << 30, [](const auto&) {});
    gate.decide = [this](const auto&) { return accepted(); };
  }
  ~link_world() {
    gate.pending.clear();
    arrived.clear();
    if (!wait_until([this] { return ended == started; })) std::abort(); // a link outlives its test
  }

  link_verdict accepted() { return {errc::none, 1, sink, 4711}; }

  /// Starts a link on loop 0; the client's end is returned.
  owned_fd start_plain(transport::tls_context tls = nullptr) {
    auto [client, server] = loopback_pair();
    transport::incoming from;
    from.family = AF_INET;
    from.descriptor = server.release();
    from.listener = 7;
    from.tls = std::move(tls);
    start(std::move(from));
    return std::move(client);
  }
  void start(transport::incoming from) {
    from.spoke = [this] { ++spoke; };
    from.ended = [this] { ++ended; };
    ++started;
    cut = transport::start_link(environment, loop, std::move(from));
  }

  [[nodiscard]] bool has_arrived(std::size_t n) {
    return wait_until([&] { return arrived.size() >= n; }) && arrived.size() == n;
  }

  std::vector<linked> arrived;
  link_sink sink = spawn<link_collector>(loops.at(1), arrived);
  fake_gate gate;
  counters counted;
  transport::link_environment environment{
      loops,
      gate,
      counted,
      {{1, {wire::main_capability::name_and_uuid}}, {2, {}, false, true}, {3, {}, true, false}, {4, {}}},
      std::chrono::milliseconds{20000},
      {}};
  transport::link_cutter cut;
  std::size_t spoke = 0, ended = 0, started = 0;
};

// -- the client's words -----------------------------------------------------------------------------------------------

inline wire::link_message link_words(wire::channel_type type = wire::channel_type::main, std::uint8_t id = 0) {
  wire::link_message m;
  m.channel_type = type;
  m.channel_id = id;
  m.common_capabilities = {wire::common_capability::auth_selection, wire::common_capability::auth_spice,
                           wire::common_capability::mini_header};
  return m;
}

inline std::vector<std::byte> operator+(std::vector<std::byte> a, std::span<const std::byte> b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline std::vector<std::byte> words(std::initializer_list<std::uint32_t> values) {
  wire::writer w;
  for (const auto v : values) w.u32(v);
  return w.release();
}

/// Reads the server's reply, which must be an acceptance.
inline wire::link_reply read_reply(test_peer& peer) {
  const auto header = wire::decode<wire::link_header>(peer.read(16)).value();
  if (wire::link_error::invalid_magic == wire::check_link_header(header)) throw std::runtime_error("no link header");
  return wire::decode<wire::link_reply>(peer.read(header.size)).value();
}

/// What a client sends after the reply.
inline std::vector<std::byte> ticket_words(const wire::link_reply& reply, const wire::link_message& said,
                                           const std::string& password) {
  const auto ticket = encrypt_ticket(reply.public_key, password + '\0');
  if (!said.common_capabilities.has(wire::common_capability::auth_selection)) return {ticket.begin(), ticket.end()};
  return words({1}) + ticket;
}

/// The whole link stage but for its result.
inline wire::link_reply speak_link(test_peer& peer, const wire::link_message& said, const std::string& password) {
  peer.write(wire::link_request(said));
  auto reply = read_reply(peer);
  peer.write(ticket_words(reply, said, password));
  return reply;
}

} // namespace saffron::tests
