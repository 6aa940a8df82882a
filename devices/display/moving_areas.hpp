// SPDX-License-Identifier: BSD-3-Clause
// Which parts of a screen move like a video: the same rectangle, drawn again and again at a steady pace. All viewers
// share the finding.
#pragma once

#include "messages/display.hpp"
#include "messages/picture_settings.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace saffron::devices {

class moving_areas {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Frames that count as being in a row do not end a video: it rests no sooner than after the rules' gap.
  explicit moving_areas(const motion_rules& rules = {}) : rules_(rules) {
    rules_.rest = std::max(rules.rest, rules.gap);
  }

  /// `area` was drawn anew. `gradual` is asked once for each frame of what may become a video.
  template <class Gradual>
  void drawn(rect area, time_point now, Gradual gradual) {
    if (auto* found = match(area, now)) count(*found, now, gradual());
  }
  /// Ends what rests. True when something has ended.
  bool expire(time_point now);
  /// When expire() has something to do at the earliest; `max()` when there is nothing to wait for.
  [[nodiscard]] time_point next_end() const;
  /// A new surface.
  void clear() {
    candidates_.clear();
    moving_.clear();
  }

  [[nodiscard]] const std::vector<video_area>& moving() const noexcept { return moving_; }

private:
  struct candidate {
    rect area;
    time_point last;
    std::size_t frames = 0, gradual = 0;
    /// 0: no video yet.
    std::uint32_t id = 0;
    /// It was one.
    bool paused = false;
  };

  [[nodiscard]] bool in_time(const candidate& c, time_point now) const {
    return now - c.last <= (c.paused ? rules_.memory : rules_.gap);
  }
  candidate* match(rect area, time_point now);
  void count(candidate& c, time_point now, bool gradual);
  void start(candidate& c);

  motion_rules rules_;
  std::vector<candidate> candidates_;
  std::vector<video_area> moving_;
  std::uint32_t last_id_ = 0;
};

} // namespace saffron::devices
