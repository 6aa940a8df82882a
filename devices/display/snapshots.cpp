// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/snapshots.hpp"

#include "messages/image/graduality.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {

patch snapshots::take(const surface& from, rect area) {
  patch out{area, {}};
  const auto rows = rows_of_a_strip(area);
  for (auto top = area.top; top < area.bottom; top += rows)
    out.strips.push_back(strip(from, {area.left, top, area.right, std::min(top + rows, area.bottom)}));
  return out;
}

picture_ptr snapshots::strip(const surface& from, rect area) {
  ++clock_;
  for (auto& e : kept_)
    if (e.area == area) {
      e.used = clock_;
      return e.shown;
    }
  auto made = std::make_shared<picture>();
  made->id = next_picture_id();
  made->area = area;
  made->pixels = from.snapshot(area);
  made->gradual = image::is_gradual(made->view());
  keep(made, whole(from.size()).area() * bytes_per_pixel);
  return made;
}

void snapshots::keep(picture_ptr shown, std::size_t most_bytes) {
  bytes_ += shown->pixels.size();
  kept_.push_back({shown->area, std::move(shown), clock_});
  while (kept_.size() > most_ || bytes_ > most_bytes) {
    const auto oldest = std::min_element(kept_.begin(), kept_.end(), [](auto& a, auto& b) { return a.used < b.used; });
    bytes_ -= oldest->shown->pixels.size();
    std::swap(*oldest, kept_.back());
    kept_.pop_back();
  }
}

void snapshots::drawn(rect area) {
  std::erase_if(kept_, [&](const entry& e) {
    if (e.area.intersect(area).empty()) return false;
    bytes_ -= e.shown->pixels.size();
    return true;
  });
}

void snapshots::clear() noexcept {
  kept_.clear();
  bytes_ = 0;
}

} // namespace saffron::devices
