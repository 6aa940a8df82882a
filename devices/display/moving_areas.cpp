// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/moving_areas.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {

namespace {

/// Rectangles that are watched; the one that has rested longest makes room.
constexpr std::size_t most_candidates = 16;
/// Frames after which the counting of gradual ones starts anew (the reference's number).
constexpr std::size_t forget_after = 100;

bool holds(const rect& outer, const rect& inner) { return inner.intersect(outer) == inner; }

} // namespace

// A frame of a video may be a little larger than the video, with a subtitle or a progress bar at its edge.
moving_areas::candidate* moving_areas::match(rect area, time_point now) {
  if (area.area() < rules_.least_pixels) return nullptr;
  for (auto& c : candidates_) {
    const bool continues = c.id != 0 && holds(area, c.area) && area.area() <= 2 * c.area.area();
    if (continues || (c.area == area && in_time(c, now))) return &c;
  }
  std::erase_if(candidates_, [&](const candidate& c) { return c.id == 0 && !in_time(c, now); });
  if (candidates_.size() == most_candidates) {
    const auto oldest = std::min_element(candidates_.begin(), candidates_.end(), [](const auto& a, const auto& b) {
      return std::pair{a.id != 0, a.last} < std::pair{b.id != 0, b.last};
    });
    if (oldest->id != 0) return nullptr;
    candidates_.erase(oldest);
  }
  candidates_.push_back({area, now});
  return &candidates_.back();
}

void moving_areas::count(candidate& c, time_point now, bool gradual) {
  const bool late = now - std::exchange(c.last, now) > rules_.gap;
  if (c.id != 0) return;
  if (late) c.frames = c.gradual = 0;
  if (++c.frames > forget_after) c.frames = c.gradual = 0;
  if (gradual) ++c.gradual;
  const bool enough = rules_.gradual_one_in == 0 || c.gradual * rules_.gradual_one_in >= c.frames;
  const auto needed = c.paused ? std::min(rules_.frames_again, rules_.frames) : rules_.frames;
  if (c.frames >= needed && enough) start(c);
}

// Of two videos that overlap only the first is one: a client draws each frame over what is there.
void moving_areas::start(candidate& c) {
  const bool overlaps = std::any_of(moving_.begin(), moving_.end(),
                                    [&](const video_area& m) { return !m.area.intersect(c.area).empty(); });
  if (overlaps || moving_.size() >= rules_.most) return;
  c.id = ++last_id_;
  moving_.push_back({c.id, c.area});
}

bool moving_areas::expire(time_point now) {
  const auto before = moving_.size();
  for (auto& c : candidates_) {
    if (c.id == 0 || now - c.last < rules_.rest) continue;
    std::erase_if(moving_, [&](const video_area& m) { return m.id == c.id; });
    c = {c.area, c.last, 0, 0, 0, true};
  }
  return moving_.size() != before;
}

moving_areas::time_point moving_areas::next_end() const {
  auto next = time_point::max();
  for (const auto& c : candidates_)
    if (c.id != 0) next = std::min(next, c.last + rules_.rest);
  return next;
}

} // namespace saffron::devices
