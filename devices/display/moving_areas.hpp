// SPDX-License-Identifier: BSD-3-Clause
// Which parts of a screen move like a video: the same rectangle, drawn again and again at a steady pace. All viewers
// share the finding. The numbers are the reference's where it has any.
#pragma once

#include "messages/display.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace saffron::devices {

/// What counts as a video.
struct motion_rules {
  /// Smaller rectangles are carets, clocks and spinners.
  std::uint64_t least_pixels = 96 * 96;
  /// So many frames, none of them later than `gap` after the one before.
  int frames = 20;
  std::chrono::milliseconds gap{200};
  /// Of them, one in so many must be gradual: a scrolling text is no video. 0: that does not matter.
  int gradual_one_in = 5;
  /// A video that has not moved for so long has ended. The reference waits for a second; what is shown with loss should
  /// be exact by then.
  std::chrono::milliseconds end{600};
  /// Videos of one screen.
  std::size_t most = 8;
};

class moving_areas {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit moving_areas(const motion_rules& rules = {}) : rules_(rules) {}

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
    int frames = 0, gradual = 0;
    /// 0: no video yet.
    std::uint32_t id = 0;
  };

  candidate* match(rect area, time_point now);
  void count(candidate& c, time_point now, bool gradual);
  void start(candidate& c);

  motion_rules rules_;
  std::vector<candidate> candidates_;
  std::vector<video_area> moving_;
  std::uint32_t last_id_ = 0;
};

} // namespace saffron::devices
