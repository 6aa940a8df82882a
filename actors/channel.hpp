// SPDX-License-Identifier: BSD-3-Clause
// What every channel client has in common: acknowledgements, pings and round trips, the end of a dead peer, one line
// for bad input. The logic of a channel derives from `channel` and is tested without actors; `channel_actor` in
// channel_actor.hpp puts it on a loop.
#pragma once

#include "actors/outlet.hpp"
#include "messages/defaults.hpp"
#include "messages/session.hpp"
#include "transport/connection.hpp"

#include <chrono>
#include <functional>
#include <span>
#include <string>

namespace saffron::actors {

using steady_time = std::chrono::steady_clock::time_point;

struct channel_timing {
  std::chrono::steady_clock::duration connectivity_timeout = defaults::connectivity_timeout;
  std::chrono::steady_clock::duration ping_interval = defaults::ping_interval;
};

/// What a channel is given by whoever makes it.
struct channel_context {
  transport::message_sink& out;
  /// The actor's clock: virtual in tests.
  std::function<steady_time()> now;
  channel_timing timing;
  std::uint32_t ack_window = defaults::ack_window;
};

class channel {
public:
  explicit channel(channel_context context);
  virtual ~channel() = default;

  /// The connection is ready: the channel says its first words.
  void start();
  /// A message of the peer. An error closes the channel.
  [[nodiscard]] result<void> receive(std::uint16_t type, std::span<const std::byte> body);
  /// All that was sent is in the kernel.
  void drained() {
    on_drained();
    offer_room();
  }
  /// Nothing is read of the peer at present.
  void excuse_silence() { last_received_ = now(); }
  /// Every defaults::channel_tick. errc::timed_out: the peer is gone.
  [[nodiscard]] result<void> tick();
  /// Says goodbye with a reason, where the peer understands one.
  void say_disconnecting(errc reason);

  /// Smallest round trip seen; zero before the first.
  [[nodiscard]] std::chrono::microseconds latency() const noexcept { return latency_; }
  /// True when a message sent now would leave now: nothing is queued, and the peer has acknowledged enough.
  [[nodiscard]] bool has_room() const { return context_.out.queued() == 0 && acks_.open(); }

protected:
  virtual void on_start() = 0;
  /// A message that is not common to all channels. errc::unknown_message for a type this channel has not.
  [[nodiscard]] virtual result<void> on_message(std::uint16_t type, std::span<const std::byte> body) = 0;
  /// There is room now; comes again after everything that was sent has left.
  virtual void on_room() {}
  /// Everything that was sent is in the kernel, whatever the peer has acknowledged.
  virtual void on_drained() {}
  /// A PONG that answers none of the channel's own pings.
  virtual void on_pong(std::uint32_t /*id*/) {}

  template <class M>
  void send(const M& message) {
    outlet_.send(message);
  }
  void send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes> payload) {
    outlet_.send(type, head, payload);
  }
  /// For the parts of a channel.
  [[nodiscard]] outlet& out() noexcept { return outlet_; }
  [[nodiscard]] steady_time now() const { return context_.now(); }
  [[nodiscard]] std::size_t queued() const { return context_.out.queued(); }

private:
  void offer_room() {
    if (has_room()) on_room();
  }
  void ping();
  void pong(std::uint32_t id);

  channel_context context_;
  ack_window acks_;
  outlet outlet_;
  steady_time last_received_, last_ping_;
  std::uint32_t ping_id_ = 0;
  bool ping_pending_ = false;
  std::chrono::microseconds latency_{0};
};

/// Calls one of `handlers` for the message's type; for use with the variants of messages/wire.
template <class... F>
struct overloaded : F... {
  using F::operator()...;
};
template <class... F>
overloaded(F...) -> overloaded<F...>; // for clang 14, which clang-tidy stands on

} // namespace saffron::actors
