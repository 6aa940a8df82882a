// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/damage.hpp"

#include "devices/display/surface.hpp"
#include "messages/defaults.hpp"

#include <algorithm>

namespace saffron::devices {

namespace {

/// So many wasted pixels cost less than one more message.
constexpr std::uint64_t sliver_pixels = 512;
/// The older rest goes first after it was passed over so often.
constexpr int patience = 4;

/// One area in place of others: at most three tenths of it are wasted, or next to nothing.
bool worth_joining(std::uint64_t joined, std::uint64_t apart) noexcept {
  return joined * 10 <= apart * 13 || joined <= apart + sliver_pixels;
}

} // namespace

std::vector<rect> patch_areas(const region& damaged) {
  if (damaged.empty()) return {};
  const auto box = damaged.bounds();
  if (worth_joining(box.area(), damaged.area())) return {box};
  auto few = damaged;
  few.simplify(defaults::damage_rects);
  std::vector<rect> areas;
  for (const auto& r : few.rects()) {
    const auto near = std::find_if(areas.begin(), areas.end(), [&](const rect& a) {
      return worth_joining(around(a, r).area(), a.area() + r.area());
    });
    if (near != areas.end())
      *near = around(*near, r);
    else
      areas.push_back(r);
  }
  return areas;
}

void damage::restart(extent surface) {
  surface_ = surface;
  all_ = region{whole(surface)};
  newest_.clear();
  first_ = !all_.empty();
  resume_row_ = 0;
  passed_over_ = 0;
}

void damage::add(rect area) {
  if (first_) return; // all of it is damaged as it is
  if (newest_.contains(area) && all_.contains(area)) return;
  all_.add(area);
  newest_.add(area);
  all_.simplify(defaults::damage_rects);
  newest_.simplify(defaults::damage_rects);
}

void damage::add_older(rect area) {
  if (first_) return;
  all_.add(area);
  all_.simplify(defaults::damage_rects);
}

bool damage::forward(const fill& command) {
  if (first_ || command.area.area() * bytes_per_pixel <= operation_bytes) {
    add(command.area);
    return false;
  }
  note({}, command.area);
  return true;
}

bool damage::forward(const copy_bits& command) {
  if (first_) return false;
  const auto dx = command.area.left - command.source.x;
  const auto dy = command.area.top - command.source.y;
  auto spoiled = all_;
  spoiled.intersect(command.area.shifted(-dx, -dy));
  spoiled.translate(dx, dy);
  // Not forwarded all of the area is damaged, forwarded only what is spoiled.
  if ((command.area.area() - spoiled.area()) * bytes_per_pixel <= operation_bytes) {
    add(command.area);
    return false;
  }
  note(spoiled, command.area);
  return true;
}

bool damage::forward(const draw_image& command) {
  if (first_) return false;
  note({}, command.area());
  return true;
}

void damage::note(const region& spoiled, rect replaced) {
  for (auto* r : {&all_, &newest_}) {
    r->subtract(replaced);
    r->add(spoiled);
    r->simplify(defaults::damage_rects);
  }
}

bool damage::take_off(rect area) {
  if (!all_.overlaps(area)) return false;
  all_.subtract(area);
  newest_.subtract(area);
  return true;
}

// Areas for as long as there is room.
class damage::choice {
public:
  explicit choice(std::uint64_t pixels) : room_(pixels) {}

  [[nodiscard]] bool full() const noexcept { return full_; }
  [[nodiscard]] std::vector<rect> take() noexcept { return std::move(areas_); }

  /// The part of the area, from its top, that goes; empty when nothing does.
  rect take(rect area) {
    const auto width = static_cast<std::uint64_t>(area.width());
    auto rows =
        static_cast<std::int32_t>(std::min<std::uint64_t>(room_ / width, static_cast<std::uint64_t>(area.height())));
    if (rows < area.height()) {
      full_ = true;
      // Cut where a faster reader's strips are cut, so that both can share them.
      if (const auto strip = rows_of_a_strip(area); rows > strip) rows -= rows % strip;
      if (areas_.empty()) rows = std::max(rows, 1);
    }
    area.bottom = area.top + rows;
    if (rows > 0) areas_.push_back(area);
    room_ -= std::min(room_, area.area());
    return area;
  }

private:
  std::uint64_t room_;
  bool full_ = false;
  std::vector<rect> areas_;
};

std::vector<rect> damage::take(std::uint64_t pixels) {
  if (first_) {
    first_ = false;
    all_.clear();
    return {whole(surface_)};
  }
  if (all_.area() <= pixels) resume_row_ = 0;
  choice chosen(pixels);
  auto older = all_;
  older.subtract(newest_);
  const bool older_first = passed_over_ >= patience;
  if (all_.area() > pixels && !older.empty() && older.area() < all_.area()) {
    auto preferred = all_;
    preferred.intersect(older_first ? older : newest_);
    choose(chosen, preferred);
  }
  const bool passed_over = chosen.full() && !older_first && !older.empty();
  passed_over_ = passed_over ? passed_over_ + 1 : 0;
  choose(chosen, all_);
  newest_.clear();
  return chosen.take();
}

// From the row where the last choice was cut down to the bottom, then from the top.
void damage::choose(choice& chosen, const region& from) {
  const auto bounds = whole(surface_);
  const auto start = resume_row_;
  for (const auto& rows :
       {rect{bounds.left, start, bounds.right, bounds.bottom}, rect{bounds.left, 0, bounds.right, start}}) {
    auto part = from;
    part.intersect(rows);
    for (const auto& area : patch_areas(part)) {
      if (chosen.full()) return;
      const auto taken = chosen.take(area);
      all_.subtract(taken);
      if (chosen.full()) resume_row_ = taken.bottom;
    }
  }
}

} // namespace saffron::devices
