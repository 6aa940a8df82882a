// SPDX-License-Identifier: BSD-3-Clause
// How fast a client's socket takes bytes, and how many are welcome on the way: what leaves within a frame and a round
// trip.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace saffron::actors {

class bandwidth_meter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// `bytes` were handed to an empty socket.
  void handed_over(std::size_t bytes, time_point now) {
    bytes_ += bytes;
    if (bytes_ == bytes) started_ = now;
  }
  /// The socket has taken all of it.
  void taken(time_point now) {
    const auto seconds = std::chrono::duration<double>(now - started_).count();
    // Less than this fits the kernel's buffers and says nothing about the network behind them.
    if (bytes_ >= smallest_sample && seconds > 0) {
      const auto sample = static_cast<double>(bytes_) / seconds;
      bytes_per_second_ = bytes_per_second_ == 0 ? sample : 0.75 * bytes_per_second_ + 0.25 * sample;
    }
    bytes_ = 0;
  }
  /// Bytes per second; 0 before the first sample.
  [[nodiscard]] double rate() const { return bytes_per_second_; }
  /// Bytes that leave within 33 ms and a round trip.
  [[nodiscard]] std::size_t welcome(std::chrono::microseconds round_trip) const {
    if (bytes_per_second_ == 0) return first_guess;
    const auto window = std::chrono::duration<double>(frame + round_trip).count();
    return std::max(least, static_cast<std::size_t>(std::min(bytes_per_second_ * window, 1e9)));
  }

private:
  static constexpr std::size_t smallest_sample = 64 * 1024, least = 64 * 1024, first_guess = 1024 * 1024;
  static constexpr std::chrono::microseconds frame{33000};

  std::size_t bytes_ = 0;
  time_point started_{};
  double bytes_per_second_ = 0;
};

} // namespace saffron::actors
