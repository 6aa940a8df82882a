// SPDX-License-Identifier: BSD-3-Clause
// A flow control between a device that takes and gives what the test says, a reader that makes a message of every
// few bytes, and an outlet that writes a book.
#pragma once

#include "devices/char/flow_control.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saffron::tests {

inline shared_bytes bytes_of(std::string_view text) { return shared_bytes::copy_of(std::as_bytes(std::span{text})); }
inline std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Takes `room` bytes and gives those of `incoming`. What happens in the middle of a call is up to the test.
struct fake_device : char_io {
  std::size_t room = std::numeric_limits<std::size_t>::max(), writes = 0;
  std::string taken, incoming;
  bool tells = true;
  /// Claims more than it was given.
  bool lies = false;
  std::function<void()> in_write, in_read;

  std::size_t write(std::span<const std::byte> bytes) override {
    ++writes;
    const auto size = std::min(bytes.size(), room);
    room -= size;
    taken += text_of(bytes.first(size));
    if (in_write) in_write();
    return lies ? bytes.size() + 1000 : size;
  }
  std::size_t read(std::span<std::byte> into) override {
    const auto size = std::min(into.size(), incoming.size());
    std::copy_n(std::as_bytes(std::span{incoming}).begin(), size, into.begin());
    incoming.erase(0, size);
    if (in_read) in_read();
    return lies ? into.size() + 1000 : size;
  }
  [[nodiscard]] bool tells_writable() const override { return tells; }
};

/// Every `piece` bytes are a message, or as many as there are. It costs 1, or what its bytes are.
struct fake_reader : devices::device_reader {
  std::size_t piece = 1;
  bool bytes_cost = false;
  std::uint64_t last_budget = 0;
  std::optional<std::vector<client_id>> recipients;
  std::set<client_id> not_concerned;
  bool middle = false;

  std::optional<devices::outgoing> read(char_io& from, std::uint64_t budget) override {
    last_budget = budget;
    std::vector<std::byte> room(bytes_cost ? static_cast<std::size_t>(std::min<std::uint64_t>(piece, budget)) : piece);
    const auto size = from.read(room);
    if (size == 0) return std::nullopt;
    return devices::outgoing{{shared_bytes::copy_of(std::span{room}.first(size)), bytes_cost ? size : 1}, recipients};
  }
  [[nodiscard]] bool concerns(client_id client) const override { return !not_concerned.contains(client); }
  [[nodiscard]] bool in_the_middle() const override { return middle; }
};

/// "1<abc " abc was delivered to client 1; "1+5 " it got 5 tokens; "self "; "1!25 " its removal for errc 25.
struct flow_book : devices::flow_outlet {
  std::string log;
  struct timer {
    client_id client;
    std::uint64_t epoch;
  };
  std::vector<timer> token_timers;
  std::vector<std::uint64_t> retries;
  int continues = 0;
  std::function<void()> in_call;

  void deliver(client_id client, const device_message& message) override {
    write(std::to_string(client) + '<' + text_of(message.data.view()));
  }
  void grant_tokens(client_id client, std::uint64_t tokens) override {
    write(std::to_string(client) + '+' + std::to_string(tokens));
  }
  void self_token_freed() override { write("self"); }
  void recommend_removal(client_id client, errc reason) override {
    write(std::to_string(client) + '!' + std::string{to_string(reason)});
  }
  void await_tokens(client_id client, std::uint64_t epoch) override { token_timers.push_back({client, epoch}); }
  void await_write(std::uint64_t epoch) override { retries.push_back(epoch); }
  void continue_soon() override { ++continues; }
  /// What was written since it was asked last.
  std::string news() { return std::exchange(log, {}); }

private:
  void write(const std::string& line) {
    log.append(line).append(1, ' ');
    if (in_call) in_call();
  }
};

struct flow_world {
  fake_device device;
  fake_reader reader;
  flow_book book;
  devices::flow_control flow;

  explicit flow_world(devices::flow_settings settings = {5, 1, 1000, 500}) : flow(settings, reader, book) {
    flow.set_backend(&device);
    flow.start();
  }
  /// An agent's client: a window of 10, five messages wait.
  static client_flow agent_flow(std::uint64_t send_tokens = 10) { return {true, 5, 1000, 10, send_tokens, false}; }

  [[nodiscard]] bool attach(client_id client, std::uint64_t send_tokens = 10) {
    return flow.attach_client(client, agent_flow(send_tokens));
  }
  /// As a protocol does it.
  result<void> client_writes(client_id client, std::string_view text, std::uint64_t price = 1) {
    if (auto taken = flow.take_client_tokens(client, price); !taken) return taken;
    return flow.write_client(client, bytes_of(text), price);
  }
  /// To these clients, or to all.
  void send(std::string_view text, std::uint64_t price = 1, const std::vector<client_id>& to = {}) {
    devices::outgoing message{{bytes_of(text), price}};
    if (!to.empty()) message.recipients = to;
    flow.send(message);
  }
  void device_says(std::string_view text) {
    device.incoming += text;
    flow.wakeup();
  }
  void device_takes(std::size_t bytes) {
    device.room = bytes;
    flow.wakeup();
  }
};

} // namespace saffron::tests
