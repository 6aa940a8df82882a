// SPDX-License-Identifier: BSD-3-Clause
// A channel's connection after its link: messages in, messages out, every byte counted. It is owned by a pinned actor
// and lives on that actor's loop. Reading pauses while its owner holds it; writing is one writev for all that a handler
// sent.
#pragma once

#include "messages/bytes.hpp"
#include "messages/counters.hpp"
#include "messages/errc.hpp"
#include "messages/wire/codec.hpp"
#include "transport/framer.hpp"
#include "transport/link.hpp"
#include "transport/loop.hpp"
#include "transport/outbox.hpp"
#include "transport/stream.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace saffron::transport {

/// Where a channel's messages go. The connection is one; tests have their own.
class message_sink {
public:
  virtual ~message_sink() = default;
  /// One message: `head` is copied, each part of `payload` is referenced until it has left.
  virtual void send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes> payload) = 0;
  /// Bytes that have not reached the kernel.
  [[nodiscard]] virtual std::size_t queued() const = 0;

  template <class M>
  void send(const M& message) {
    send(M::type, wire::encode(message), {});
  }
};

/// What a connection tells its owner, always inside the actor's activation.
class connection_owner {
public:
  virtual ~connection_owner() = default;
  /// A whole message. The body is valid during the call only.
  virtual void on_message(std::uint16_t type, std::span<const std::byte> body) = 0;
  /// Everything sent so far is in the kernel.
  virtual void on_drained() = 0;
  /// The connection is closed, not by close(). Once.
  virtual void on_closed(errc reason) = 0;
};

class connection final : public message_sink {
public:
  struct limits {
    /// Largest body of a message that is accepted.
    std::uint32_t message = 0;
    /// Bytes in the outbox beyond which the peer is cut.
    std::size_t outbox = 0;
  };

  connection(accepted_link& link, activation& actor, connection_owner& owner, counters& counted, limits l);

  /// Answers the link with success and begins to read.
  void start();
  using message_sink::send;
  void send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes> payload) override;
  [[nodiscard]] std::size_t queued() const override { return outbox_.size(); }

  /// No message is handed over between hold() and resume(); TCP slows the peer down.
  void hold() noexcept { held_ = true; }
  void resume();
  /// At once; what is queued is lost. The owner is not told.
  void close() noexcept;

  [[nodiscard]] bool held() const noexcept { return held_; }
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  [[nodiscard]] std::uint64_t bytes_received() const noexcept { return received_; }
  [[nodiscard]] std::uint64_t bytes_sent() const noexcept { return sent_; }
  [[nodiscard]] std::uint64_t messages_sent() const noexcept { return serial_; }

private:
  void read();
  void deliver();
  void schedule_write();
  void write();
  void fail_with(errc reason);

  activation& actor_;
  connection_owner& owner_;
  counters& counted_;
  stream stream_;
  framer framer_;
  outbox outbox_;
  limits limits_;
  bool mini_header_;
  bool held_ = false, reading_ = false, writing_ = false, closed_ = false;
  std::uint64_t serial_ = 0, received_ = 0, sent_ = 0;
};

} // namespace saffron::transport
