// SPDX-License-Identifier: BSD-3-Clause
// What a flow control must do, said a second time and as plainly as possible: everything is recomputed from lists,
// there are no epochs, no counters of bytes and no fast paths. It is told what the device took and what was read from
// it.
#pragma once

#include "devices/char/write_queue.hpp"
#include "tests/unit/devices/device_under_test.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace saffron::tests {

class flow_model {
public:
  /// In tenths of a second, as the time that passes.
  static constexpr std::int64_t token_time = 300, device_tick = 20;

  struct buffer {
    devices::buffer_origin origin;
    std::optional<client_id> owner;
    std::uint64_t price;
    std::vector<std::byte> rest;
    bool begun = false;
  };
  struct client {
    client_flow flow;
    /// Of its window: with the client, in the device's hands, and free but not told. They add up to the window.
    std::uint64_t has = 0, held = 0, freed = 0;
    std::uint64_t send_tokens = 0;
    std::deque<device_message> backlog;
    std::int64_t waiting_since = 0;
    errc removal = errc::none;
    /// It must hear what it is told.
    ear hears;
  };

  devices::flow_settings settings;
  std::uint64_t self_tokens = settings.self_tokens;
  std::map<client_id, client> clients;
  std::deque<buffer> queue;
  std::int64_t now = 0;
  int due_self_tokens = 0;
  bool running = false, bound = false, active = false;

  explicit flow_model(devices::flow_settings s) : settings(s) {}

  // -- what can be asked ----------------------------------------------------------------------------------------------

  [[nodiscard]] client* served(client_id id) {
    const auto at = clients.find(id);
    return at == clients.end() || at->second.removal != errc::none ? nullptr : &at->second;
  }
  [[nodiscard]] bool moves() const {
    return running && bound && std::none_of(clients.begin(), clients.end(), [](const auto& c) {
             return c.second.flow.wait_for_migrate_data && c.second.removal == errc::none;
           });
  }
  template <class Concerns>
  [[nodiscard]] std::uint64_t budget(const Concerns& concerns) const {
    if (clients.empty()) return unlimited_tokens;
    std::uint64_t most = 0;
    for (const auto& [id, c] : clients) {
      if (c.removal != errc::none || !concerns(id) || !c.backlog.empty()) continue;
      most = std::max(most, c.flow.flow_control ? c.send_tokens : unlimited_tokens);
    }
    return most;
  }
  [[nodiscard]] std::size_t queued(std::optional<client_id> owner = {}) const {
    std::size_t sum = 0;
    for (const auto& b : queue)
      if (!owner || b.owner == owner) sum += b.rest.size();
    return sum;
  }
  [[nodiscard]] std::size_t backlog_bytes(const client& c) const {
    std::size_t sum = 0;
    for (const auto& m : c.backlog) sum += m.data.size();
    return sum;
  }
  /// Who will have waited for too long by then.
  [[nodiscard]] std::vector<client_id> overdue(std::int64_t then) const {
    std::vector<client_id> all;
    for (const auto& [id, c] : clients)
      if (!c.backlog.empty() && then - c.waiting_since >= token_time) all.push_back(id);
    return all;
  }
  [[nodiscard]] device_state state_of(client_id id) const {
    const auto& c = clients.at(id);
    device_state state{c.has, c.send_tokens, 0, {}};
    if (!c.flow.flow_control) state.client_tokens = state.send_tokens = unlimited_tokens;
    for (const auto& b : queue) {
      if (b.owner != id) continue;
      state.unwritten.insert(state.unwritten.end(), b.rest.begin(), b.rest.end());
      if (b.origin == devices::buffer_origin::client) state.write_tokens += b.price;
    }
    return state;
  }

  // -- clients --------------------------------------------------------------------------------------------------------

  bool attach(const ear& who, const client_flow& flow) {
    if (clients.contains(who->client) || (flow.wait_for_migrate_data && active)) return false;
    auto& c = clients[who->client];
    c.hears = who;
    c.flow = flow;
    c.has = flow.client_tokens;
    c.send_tokens = flow.send_tokens;
    return true;
  }
  void detach(client_id id) {
    if (clients.erase(id) == 0) return;
    std::deque<buffer> left;
    for (auto& b : queue) {
      if (b.owner != id) {
        left.push_back(b);
      } else if (b.begun) {
        left.push_back(b);
        left.back().owner.reset();
        if (b.origin == devices::buffer_origin::client) left.back().origin = devices::buffer_origin::none;
      } else if (b.origin == devices::buffer_origin::server) {
        free_self_token();
      }
    }
    queue = left;
  }
  void give_send_tokens(client_id id, std::uint64_t tokens, bool add) {
    auto* c = served(id);
    if (c == nullptr) return;
    const auto before = add ? c->send_tokens : 0;
    c->send_tokens = tokens > unlimited_tokens - before ? unlimited_tokens : before + tokens;
    if (tokens == 0) return;
    c->waiting_since = now;
    deliver_what_is_paid(*c);
  }
  void send(const devices::outgoing& o) {
    for (auto& [id, c] : clients) {
      if (c.removal != errc::none) continue;
      if (o.recipients && std::count(o.recipients->begin(), o.recipients->end(), id) == 0) continue;
      const bool was_empty = c.backlog.empty();
      c.backlog.push_back(o.message);
      deliver_what_is_paid(c);
      if (c.backlog.empty()) continue;
      if (was_empty) c.waiting_since = now;
      if (c.backlog.size() > c.flow.max_send_queue_size || backlog_bytes(c) > c.flow.max_send_queue_bytes)
        remove(c, errc::send_queue_overflow);
    }
  }
  /// It broke the rules of the protocol.
  void give_up(client_id id, errc reason) {
    if (auto* c = served(id)) remove(*c, reason);
  }
  /// Time has passed.
  void expire() {
    for (const auto id : overdue(now)) remove(clients.at(id), errc::timed_out);
  }

  // -- writing --------------------------------------------------------------------------------------------------------

  errc take(client_id id, std::uint64_t price) {
    auto* c = served(id);
    if (c == nullptr || c->flow.wait_for_migrate_data) return errc::out_of_order;
    if (!c->flow.flow_control) return errc::none;
    if (c->has < price) {
      remove(*c, errc::token_violation);
      return errc::token_violation;
    }
    c->has -= price;
    c->held += price;
    return errc::none;
  }
  errc write(client_id id, const std::vector<std::byte>& bytes, std::uint64_t price) {
    const auto at = clients.find(id);
    if (at == clients.end()) return errc::out_of_order;
    auto& c = at->second;
    if (c.removal != errc::none) {
      release(id, price);
      return errc::out_of_order;
    }
    if (queued() + bytes.size() > settings.write_queue_bytes ||
        queued(id) + bytes.size() > settings.client_write_bytes) {
      release(id, price);
      remove(c, errc::too_many);
      return errc::too_many;
    }
    queue.push_back({devices::buffer_origin::client, id, price, bytes});
    drop_empty();
    return errc::none;
  }
  void release(client_id id, std::uint64_t price) {
    const auto at = clients.find(id);
    if (at == clients.end()) return;
    auto& c = at->second;
    const auto freed = std::min(price, c.held);
    c.held -= freed;
    c.freed += freed;
    if (c.freed >= settings.client_tokens_interval || c.freed == c.flow.client_tokens) tell_freed(c);
  }
  bool write_ours(const std::vector<std::byte>& bytes, bool token) {
    if (queued() + bytes.size() > settings.write_queue_bytes || (token && self_tokens == 0)) return false;
    if (token) --self_tokens;
    queue.push_back({token ? devices::buffer_origin::server : devices::buffer_origin::server_no_token, {}, 0, bytes});
    drop_empty();
    return true;
  }
  /// The device has taken so many bytes of the first buffer.
  void taken(std::size_t bytes) {
    if (bytes == 0) return;
    active = running;
    auto& first = queue.front();
    first.begun = true;
    first.rest.erase(first.rest.begin(), first.rest.begin() + static_cast<std::ptrdiff_t>(bytes));
    drop_empty();
  }

  // -- the device's life ----------------------------------------------------------------------------------------------

  void stop() { running = active = false; }
  void reset() {
    for (auto& b : queue) b.rest.clear();
    drop_empty();
    for (auto& [id, c] : clients) {
      c.backlog.clear();
      c.flow.wait_for_migrate_data = false;
      tell_freed(c);
    }
  }
  errc restore(client_id id, const device_state& s) {
    auto* c = served(id);
    if (c == nullptr || !c->flow.wait_for_migrate_data) return errc::out_of_order;
    if (queued() + s.unwritten.size() > settings.write_queue_bytes ||
        queued(id) + s.unwritten.size() > settings.client_write_bytes)
      return errc::too_many;
    const auto window = c->flow.client_tokens;
    if (c->flow.flow_control) {
      if (s.client_tokens > window || s.write_tokens > window || s.client_tokens + s.write_tokens > window)
        return errc::bad_message;
      c->has = s.client_tokens;
      c->held = s.write_tokens;
      c->freed = window - c->has - c->held;
      c->send_tokens = s.send_tokens;
    }
    c->flow.wait_for_migrate_data = false;
    auto origin = devices::buffer_origin::client;
    if (s.write_tokens == 0) {
      origin = devices::buffer_origin::server_no_token;
      if (!s.unwritten.empty() && self_tokens > 0) {
        origin = devices::buffer_origin::server;
        --self_tokens;
      }
    }
    const bool after_first = !queue.empty() && queue.front().begun;
    queue.insert(queue.begin() + (after_first ? 1 : 0), {origin, id, s.write_tokens, s.unwritten});
    drop_empty();
    release(id, 0);
    if (s.send_tokens != 0) {
      c->waiting_since = now;
      deliver_what_is_paid(*c);
    }
    return errc::none;
  }

private:
  void deliver_what_is_paid(client& c) {
    while (!c.backlog.empty() && (!c.flow.flow_control || c.backlog.front().price <= c.send_tokens)) {
      if (c.flow.flow_control) c.send_tokens -= c.backlog.front().price;
      c.hears->messages.push_back(c.backlog.front());
      c.backlog.pop_front();
    }
  }
  void remove(client& c, errc reason) {
    c.removal = reason;
    c.hears->removals.push_back(reason);
    c.backlog.clear();
  }
  void tell_freed(client& c) {
    if (c.removal != errc::none) return;
    c.has += c.freed;
    c.hears->tokens += c.freed;
    c.freed = 0;
  }
  void free_self_token() {
    ++self_tokens;
    ++due_self_tokens;
  }
  /// Buffers without any bytes left are done, wherever they are.
  void drop_empty() {
    for (std::size_t i = 0; i < queue.size();) {
      if (!queue[i].rest.empty()) {
        ++i;
        continue;
      }
      const auto done = queue[i];
      queue.erase(queue.begin() + static_cast<std::ptrdiff_t>(i));
      if (done.origin == devices::buffer_origin::server) free_self_token();
      if (done.origin == devices::buffer_origin::client) release(*done.owner, done.price);
    }
  }
};

} // namespace saffron::tests
