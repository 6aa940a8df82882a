// SPDX-License-Identifier: BSD-3-Clause
// The agent's port as the guest sees it, both ways: chunks with a header each, which carry pieces of messages. Source:
// spice-protocol's vd_agent.h (VDIChunkHeader, VDAgentMessage).
#pragma once

#include "devices/demo/clipboard_content.hpp"
#include "messages/wire/agent.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

namespace saffron::devices::demo {

/// Who reads the messages.
class agent_reader {
public:
  virtual ~agent_reader() = default;
  /// False: no more messages now, because nobody reads the answers.
  [[nodiscard]] virtual bool ready() const = 0;
  /// A whole message. The body is valid during the call.
  virtual void message(wire::agent::port port, wire::agent::message_type type, std::span<const std::byte> body) = 0;
  /// Something was wrong, in a sentence, and was left out.
  virtual void problem(std::string_view what) = 0;
};

/// Puts messages together from chunks in any fragmentation. Each port has a message of its own under way.
class agent_inbox {
public:
  /// A message with a larger body is skipped.
  agent_inbox(std::size_t message_limit, agent_reader& reader) : limit_(message_limit), reader_(reader) {}

  /// Takes bytes until the reader is not ready, and says how many. A malformed chunk is skipped as its header says, a
  /// malformed message with the rest of its chunk.
  [[nodiscard]] std::size_t write(std::span<const std::byte> bytes);
  /// The message under way on this port will not be finished.
  void drop(wire::agent::port port);
  /// The port was closed: the next byte begins a chunk.
  void reset();

private:
  struct assembly {
    std::array<std::byte, wire::agent::message_header::wire_size> head{};
    std::size_t head_size = 0;
    wire::agent::message_header header{};
    std::vector<std::byte> body;
    /// Bytes of the body that have come, kept or not.
    std::size_t body_size = 0;
    bool skipped = false;
  };

  void begin_chunk();
  std::size_t chunk_bytes(std::span<const std::byte> bytes);
  bool finish_head(assembly& a);
  void finish_message(assembly& a);

  std::size_t limit_;
  agent_reader& reader_;
  std::array<std::byte, wire::agent::chunk_header::wire_size> head_{};
  std::size_t head_size_ = 0;
  /// Bytes of the chunk that are to come.
  std::size_t left_ = 0;
  wire::agent::port port_ = wire::agent::port::client;
  bool skip_chunk_ = false;
  assembly client_, server_;
};

/// Messages on their way to the client, cut into chunks only when they are read.
class agent_outbox {
public:
  /// Full from so many messages, or bytes that they keep, on; the messages that answer one more still fit.
  agent_outbox(std::size_t message_limit, std::size_t byte_limit)
      : message_limit_(message_limit), byte_limit_(byte_limit) {}

  /// `head` begins the body, `tail` ends it.
  void send(wire::agent::message_type type, std::span<const std::byte> head, clipboard_content tail = {});
  [[nodiscard]] bool full() const noexcept { return queue_.size() >= message_limit_ || stored_ >= byte_limit_; }
  [[nodiscard]] bool empty() const noexcept { return queue_.empty() && chunk_at_ == chunk_.size(); }
  /// Fills `room` from the front and says how much; 0 when there is nothing.
  [[nodiscard]] std::size_t read(std::span<std::byte> room);
  /// The port was closed: nothing of this is for the next one.
  void reset();

private:
  struct outgoing {
    std::vector<std::byte> head;
    clipboard_content tail;
    std::size_t at = 0;
    [[nodiscard]] std::size_t size() const noexcept { return head.size() + tail.size(); }
    [[nodiscard]] std::size_t stored() const noexcept { return head.size() + tail.stored(); }
  };
  void make_chunk();

  std::size_t message_limit_, byte_limit_;
  std::deque<outgoing> queue_;
  std::size_t stored_ = 0;
  std::vector<std::byte> chunk_;
  std::size_t chunk_at_ = 0;
};

} // namespace saffron::devices::demo
