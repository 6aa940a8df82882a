// SPDX-License-Identifier: BSD-3-Clause
// Bytes on their way to one socket, counted. Small messages are joined; shared payloads are referenced, never copied.
#pragma once

#include "messages/bytes.hpp"

#include <asio/buffer.hpp>

#include <deque>
#include <span>
#include <vector>

namespace saffron::transport {

class outbox {
public:
  /// Copies, into the last small buffer if it still has room and is not being written.
  void push(std::span<const std::byte> bytes);
  void push(shared_bytes bytes);

  /// What to write next, at most `max_bytes` and `max_buffers`; valid until the next call of a non-const function.
  /// What it returned may not change until consume() says how much of it was written.
  [[nodiscard]] std::span<const asio::const_buffer> next_batch(std::size_t max_bytes, std::size_t max_buffers);
  /// The first `n` bytes have left.
  void consume(std::size_t n);
  void clear();

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

private:
  struct piece {
    std::vector<std::byte> own;
    shared_bytes shared;
    [[nodiscard]] std::span<const std::byte> view() const noexcept { return own.empty() ? shared.view() : own; }
  };

  std::deque<piece> pieces_;
  std::vector<asio::const_buffer> batch_;
  /// Bytes of the first piece that have left.
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
  /// Pieces that are being written; new bytes must not be joined to them.
  std::size_t in_flight_ = 0;
};

} // namespace saffron::transport
