// SPDX-License-Identifier: BSD-3-Clause
// How fast a client really takes what it is sent, and how much may be on the way to it. Behind each update goes a PING;
// its PONG says that everything before it has been read and drawn, whatever socket buffers, proxies and radio links
// lie between. Sizes in bytes, rates in bytes per second.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace saffron::actors {

class delivery_meter {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// `bytes` and then a mark, which will come back, leave now.
  void sent(std::uint32_t mark, std::size_t bytes, time_point now);
  /// The mark is back. Marks come back in order; unknown ones are ignored.
  void delivered(std::uint32_t mark, time_point now);

  /// 0 before the first sample.
  [[nodiscard]] double rate() const noexcept { return rate_; }
  /// Shortest way there and back; zero before the first.
  [[nodiscard]] duration round_trip() const noexcept { return round_trip_; }
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
  /// What may be in flight: what leaves within a frame and a round trip.
  [[nodiscard]] std::size_t window() const;
  /// Something more may be sent.
  [[nodiscard]] bool open() const { return in_flight_ < window() && marks_.size() < most_marks; }
  /// How much more.
  [[nodiscard]] std::size_t room() const;

private:
  struct mark {
    std::uint32_t id = 0;
    std::size_t bytes = 0;
    time_point sent;
    /// Nothing was on the way when it left.
    bool alone = false;
  };

  void note_round_trip(const mark& m, time_point now);
  void sample(const mark& m, time_point now);

  static constexpr std::size_t most_marks = 64;

  std::deque<mark> marks_;
  std::size_t in_flight_ = 0;
  time_point last_delivery_{};
  double rate_ = 0;
  duration round_trip_{0};
  time_point round_trip_at_{};
};

} // namespace saffron::actors
