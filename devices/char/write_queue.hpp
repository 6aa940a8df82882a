// SPDX-License-Identifier: BSD-3-Clause
// What a char device has yet to take: buffers in their order, the first of them perhaps in part.
#pragma once

#include "messages/char_device.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace saffron::devices {

/// Whose bytes a write buffer holds.
enum class buffer_origin : std::uint8_t {
  /// A client's: its tokens come back when the device has taken them.
  client,
  /// Ours: costs a self token, of which there are few.
  server,
  /// Ours, and always allowed.
  server_no_token,
  /// A client's that has gone while it was being written: nobody gets a token back.
  none,
};

struct write_buffer {
  buffer_origin origin = buffer_origin::none;
  /// Whom it goes with: its writer, or the client that brought it from another server.
  std::optional<client_id> client{};
  std::uint64_t price = 0;
  /// Not empty.
  shared_bytes bytes;
  /// Its client went while it was being written.
  bool orphan = false;
};

class write_queue {
public:
  /// What an attempt to write has done.
  struct progress {
    /// Whose bytes were taken.
    std::optional<client_id> client{};
    std::size_t bytes = 0;
    /// The buffer is at its end, and out of the queue.
    std::optional<write_buffer> done{};
  };

  /// Behind all others. In a long queue a client's small buffers become one: a buffer costs more memory than few bytes.
  void push(write_buffer buffer);
  /// Before all others, but not into the middle of one.
  void push_first(write_buffer buffer);
  [[nodiscard]] bool empty() const noexcept { return buffers_.empty(); }
  /// That were not taken yet.
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t buffers() const noexcept { return buffers_.size(); }

  /// What comes next. The queue is not empty. Anything may happen to the queue before end_write(), which must follow.
  [[nodiscard]] shared_bytes begin_write();
  /// So many bytes of it were taken.
  progress end_write(std::size_t taken);

  /// A client has gone. Its buffers leave the queue and are returned, but one that is partly written, or perhaps in
  /// this moment, is written to its end: it becomes an orphan, without tokens if it was of origin `client`.
  std::vector<write_buffer> remove(client_id client);
  /// All leave.
  std::vector<write_buffer> clear();

  /// The bytes that must go with a client to another server, and the price of those of origin `client`.
  struct remainder {
    std::vector<std::byte> bytes;
    std::uint64_t price = 0;
  };
  [[nodiscard]] remainder of(client_id client) const;

private:
  [[nodiscard]] bool first_begun() const noexcept { return offset_ != 0 || writing_; }
  [[nodiscard]] bool joins_last(const write_buffer& buffer) const;
  write_buffer pop();

  std::deque<write_buffer> buffers_;
  /// Bytes of the first that were taken.
  std::size_t offset_ = 0;
  std::size_t bytes_ = 0;
  bool writing_ = false;
};

} // namespace saffron::devices
