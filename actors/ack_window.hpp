// SPDX-License-Identifier: BSD-3-Clause
// The protocol's own credit: a client acknowledges every `window` messages, and the server pauses when more than two
// windows are on the way (the reference's rule).
#pragma once

#include <algorithm>
#include <cstdint>

namespace saffron::actors {

class ack_window {
public:
  explicit ack_window(std::uint32_t window) : window_(window) {}

  /// A SET_ACK goes out: what was counted before is forgotten. Returns its generation.
  std::uint32_t renew() {
    unacknowledged_ = 0;
    return ++generation_;
  }
  void sent() { ++unacknowledged_; }
  /// ACK_SYNC: acknowledgements of this generation follow.
  void synced(std::uint32_t generation) { synced_ = generation; }
  /// ACK. One too many is harmless; in the reference it stalled the channel.
  void acknowledged() {
    if (synced_ == generation_) unacknowledged_ -= std::min(unacknowledged_, window_);
  }
  [[nodiscard]] bool open() const { return unacknowledged_ <= 2 * window_; }
  [[nodiscard]] std::uint32_t window() const { return window_; }

private:
  std::uint32_t window_;
  std::uint32_t generation_ = 0, synced_ = 0, unacknowledged_ = 0;
};

} // namespace saffron::actors
