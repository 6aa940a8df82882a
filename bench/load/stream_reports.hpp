// SPDX-License-Identifier: BSD-3-Clause
// What a client tells the server about the videos that it plays: STREAM_REPORT, as often as STREAM_ACTIVATE_REPORT asks
// for. Servers take a client that never reports for one that cannot play. Here every frame counts as shown in time.
#pragma once

#include "bench/load/figures.hpp"
#include "messages/wire/display.hpp"

#include <optional>
#include <unordered_map>

namespace saffron::load {

class stream_reports {
public:
  void activate(const wire::display::to_client::stream_activate_report& wish);
  /// The report that this frame makes due.
  [[nodiscard]] std::optional<wire::display::to_server::stream_report>
  shown(std::uint32_t stream, std::uint32_t multi_media_time, clock::time_point now);
  void ended(std::uint32_t stream) { wishes_.erase(stream); }
  void all_ended() { wishes_.clear(); }

private:
  struct wished {
    std::uint32_t frames = 0;
    std::chrono::milliseconds time{};
    /// Its frames are those since the last one.
    wire::display::to_server::stream_report next;
    clock::time_point begun{};
  };
  std::unordered_map<std::uint32_t, wished> wishes_;
};

} // namespace saffron::load
