// SPDX-License-Identifier: BSD-3-Clause
// The clients' port of the guest's agent: one stream of messages, for which several clients wait. A message that has
// begun keeps the port until its end; then our own messages go, and after them the clients take turns, a message each.
// What a message does to our state (whose clipboard, which transfer) is decided when its turn comes, so that we and the
// guest see all messages in the same order.
//
// The rest of a message whose client has gone is filled up with zeros: the guest's agent can only be brought to the
// next message by what the header promised.
#pragma once

#include "messages/session.hpp"
#include "messages/wire/agent.hpp"

#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <span>
#include <vector>

namespace saffron::devices {

/// Decides about a client's message whose turn has come.
class departures {
public:
  virtual ~departures() = default;
  /// `start` is the body, or the first bytes of a long one, and may be written to. False: drop it. May call
  /// guest_port::push_own().
  [[nodiscard]] virtual bool departs(client_id client, wire::agent::message_type type, std::span<std::byte> start) = 0;
};

class guest_port {
public:
  explicit guest_port(departures& router) : router_(router) {}

  void join(client_id client);
  /// What has not begun is dropped.
  void leave(client_id client);
  /// A whole message of ours. False, and nothing is queued, beyond defaults::agent_own_queue.
  bool push_own(std::vector<std::byte> message);
  /// A part of a client's message. The first part has the header and the start of the body.
  struct part {
    std::vector<std::byte> bytes;
    bool first = false, last = false;
  };
  void push(client_id client, part p);
  /// What the client's waiting parts cost in memory, about.
  [[nodiscard]] std::size_t waiting(client_id client) const;

  /// The next bytes for the guest, at most defaults::agent_piece, never of two messages; empty when there are none.
  /// Valid until any other call.
  [[nodiscard]] std::span<const std::byte> peek();
  /// So many of them were taken.
  void advance(std::size_t bytes);
  /// Nothing of a client is left of what is being written.
  [[nodiscard]] bool filling() const noexcept { return filling_; }

  /// The client in the middle of a message that has nothing to write now; none when nobody else waits for it.
  [[nodiscard]] std::optional<client_id> holder_others_wait_for() const;
  /// Counts what was taken: equal numbers mean that nothing has moved.
  [[nodiscard]] std::uint64_t moved() const noexcept { return moved_; }
  void reset();

private:
  struct sender {
    client_id id = 0;
    std::deque<part> parts;
    std::size_t waiting = 0;
    /// The rest of its message is not wanted.
    bool dropping = false;
  };

  [[nodiscard]] sender* find(client_id id);
  [[nodiscard]] const sender* find(client_id id) const { return const_cast<guest_port*>(this)->find(id); }
  /// Takes the next part of any message; false when there is none.
  [[nodiscard]] bool next_part();
  /// The next part of a sender that begins a message which is wanted.
  [[nodiscard]] bool begin_of(client_id id);
  void begin(std::vector<std::byte> bytes);

  departures& router_;
  std::deque<std::vector<std::byte>> own_;
  std::size_t own_bytes_ = 0;
  /// Turns go round: who has had one goes to the end.
  std::list<sender> senders_;
  /// Whose message is being written; 0 for ours.
  client_id holder_ = 0;
  std::vector<std::byte> current_;
  std::size_t offset_ = 0;
  /// Bytes of the message that were not taken.
  std::uint64_t left_ = 0;
  std::uint64_t moved_ = 0;
  bool filling_ = false;
};

} // namespace saffron::devices
