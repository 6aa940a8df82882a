// SPDX-License-Identifier: BSD-3-Clause
// What is done with two ends: bytes from one to the other, or small messages to and fro.
#pragma once

#include "bench/load/figures.hpp"
#include "bench/load/histogram.hpp"
#include "bench/ports/line.hpp"
#include "bench/ports/script.hpp"

#include <asio/steady_timer.hpp>

#include <cstdint>
#include <functional>

namespace saffron::ports {

/// Both ends of a port: the client's, and that in the VM.
struct port_ends {
  line& client;
  line& guest;
};

/// `total` bytes of a script from one end to the other, as fast as they go. Everything lives until `done` was called.
class transfer {
public:
  transfer(line& from, line& to, const script& what, std::uint64_t total, std::function<void()> done);
  void start();

private:
  void send_more();
  void received(std::span<const std::byte> bytes);

  line& from_;
  line& to_;
  const script& what_;
  std::uint64_t total_, sent_ = 0, received_ = 0;
  std::function<void()> done_;
};

/// A message of 100 bytes from the client to the guest, then one back, a pause, and again. One clock sees both ends, so
/// each way has its own times.
class small_messages {
public:
  small_messages(port_ends ends, asio::io_context& io);
  void start() { next(); }
  void stop() { timer_.cancel(); }

  [[nodiscard]] const load::histogram& to_guest() const noexcept { return to_guest_; }
  [[nodiscard]] const load::histogram& to_client() const noexcept { return to_client_; }

private:
  void next();
  void send(line& from);
  bool arrived(std::span<const std::byte> bytes, load::histogram& times);

  port_ends ends_;
  asio::steady_timer timer_;
  std::vector<std::byte> message_;
  std::size_t received_ = 0;
  load::clock::time_point sent_at_;
  load::histogram to_guest_, to_client_;
};

} // namespace saffron::ports
