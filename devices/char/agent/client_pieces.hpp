// SPDX-License-Identifier: BSD-3-Clause
// Messages on their way to clients, in pieces of at most defaults::agent_piece. A message is for those who are chosen
// at its start, less those who leave: nobody gets half a message. Our own messages to a client wait for the end of the
// guest's message that is in the middle of its way to the same client.
#pragma once

#include "devices/char/device_protocol.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace saffron::devices {

class client_pieces {
public:
  /// A whole message of the guest. None while another one is in its middle.
  void whole(const std::vector<client_id>& recipients, std::span<const std::byte> message);
  /// A message that comes bit by bit: header and start of the body, more of it, its end.
  void begin(std::vector<client_id> recipients, std::span<const std::byte> start);
  void more(std::span<const std::byte> bytes);
  void end();
  /// Do not wait for more: the guest may take its time.
  void flush();
  /// A whole message of ours, at most a piece. False when it need not wait: send it. Dropped when
  /// defaults::agent_held_messages wait.
  [[nodiscard]] bool hold(client_id recipient, const shared_bytes& message);
  void leave(client_id client);
  void reset() { *this = {}; }

  /// The next piece, for at least one client.
  [[nodiscard]] std::optional<outgoing> next();
  /// False: what comes next is not for this client.
  /// A message has begun and not ended.
  [[nodiscard]] bool in_the_middle() const noexcept { return streaming_ || !ready_.empty(); }
  [[nodiscard]] bool concerns(client_id client) const;

private:
  struct addressed_piece {
    /// Never empty.
    std::vector<client_id> recipients;
    shared_bytes bytes;
  };
  struct held_message {
    client_id recipient = 0;
    shared_bytes message;
  };
  [[nodiscard]] bool streams_to(client_id client) const;
  void enqueue(std::vector<client_id> recipients, shared_bytes piece);

  std::deque<addressed_piece> ready_;
  std::deque<held_message> held_;
  std::vector<client_id> recipients_;
  std::vector<std::byte> piece_;
  bool streaming_ = false;
};

} // namespace saffron::devices
