// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/draw_log.hpp"

#include "devices/display/surface.hpp"
#include "messages/log.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace saffron::devices {

namespace {

// The pixels that operations save are what would be damage without them.
bool worth_it(const std::vector<forwarded_command>& operations, const damage& with, const damage& without) noexcept {
  const auto saved = without.pixels() - std::min(without.pixels(), with.pixels());
  return operations.size() <= operations_per_update && operations.size() * operation_bytes <= saved * bytes_per_pixel;
}

struct area_visitor {
  rect operator()(const draw_image& i) const noexcept { return i.area(); }
  template <class Command>
  rect operator()(const Command& c) const noexcept {
    return c.area;
  }
};

} // namespace

draw_log::reader& draw_log::open(viewer_id viewer) {
  auto& r = readers_.emplace_back();
  r.viewer_ = viewer;
  r.place_ = std::prev(readers_.end());
  r.position_ = end();
  r.damage_.restart(surface_);
  return r;
}

void draw_log::close(reader& r) {
  readers_.erase(r.place_);
  drop_read();
}

void draw_log::restart(extent surface) {
  surface_ = surface;
  first_ = end();
  entries_.clear();
  bytes_ = 0;
  for (auto& r : readers_) {
    r.position_ = first_;
    r.behind_ = false;
    r.damage_.restart(surface);
  }
}

void draw_log::add(const fill& command) { append(command); }

void draw_log::add(const copy_bits& command) { append(command); }

void draw_log::add(const draw_image& command) { append(command); }

void draw_log::add_pixels(rect area) {
  // Row after row of the same picture is one entry, as long as nobody has read the first rows.
  if (!entries_.empty() && readers_.back().position_ != end())
    if (auto* last = std::get_if<pixels_drawn>(&entries_.back())) {
      const auto both = around(last->area, area);
      if (both.area() <= last->area.area() + area.area()) {
        last->area = both;
        return;
      }
    }
  append(pixels_drawn{area});
}

void draw_log::append(const entry& e) {
  if (readers_.empty()) return;
  if (entries_.size() == length_) fold_oldest();
  entries_.push_back(e);
  bytes_ += bytes_of(e);
  while (bytes_ > defaults::draw_log_bytes) fold_oldest();
}

void draw_log::fold_oldest() {
  const auto area = area_of(entries_.front());
  for (auto& r : readers_) {
    if (r.position_ != first_) break;
    r.damage_.add(area);
    ++r.position_;
    if (std::exchange(r.behind_, true)) continue;
    counts_.damage_collapses.add();
    log::debug("display viewer {} fell behind the draw log (draw_log_length {}) and will get current pixels", r.viewer_,
               length_);
  }
  pop_oldest();
}

void draw_log::pop_oldest() {
  bytes_ -= bytes_of(entries_.front());
  entries_.pop_front();
  ++first_;
}

// A reader's step over the log, with what can be forwarded.
class draw_log::forwarding {
public:
  forwarding(class damage from, std::size_t picture_bytes) : damage_(std::move(from)), picture_bytes_(picture_bytes) {}

  void take(const entry& e, bool covered_later) {
    if (const auto* f = std::get_if<fill>(&e); f != nullptr && damage_.forward(*f))
      operations_.push_back(*f);
    else if (const auto* c = std::get_if<copy_bits>(&e); c != nullptr && damage_.forward(*c))
      operations_.push_back(*c);
    else if (const auto* i = std::get_if<draw_image>(&e); i != nullptr)
      take(*i, covered_later);
    else if (std::holds_alternative<pixels_drawn>(e))
      damage_.add(area_of(e));
  }
  [[nodiscard]] bool full() const noexcept { return operations_.size() > operations_per_update; }

  std::vector<forwarded_command> operations_;
  class damage damage_;

private:
  void take(const draw_image& i, bool covered_later) {
    const auto bytes = i.shown->pixels.size();
    const bool forwarded = !covered_later && bytes <= picture_bytes_ && damage_.forward(i);
    if (!forwarded) return damage_.add(i.area());
    picture_bytes_ -= bytes;
    operations_.push_back(i);
  }

  std::size_t picture_bytes_;
};

std::vector<forwarded_command> draw_log::advance(reader& r, std::size_t picture_bytes) {
  std::optional<forwarding> forwarded; // up to the first operation it is the reader's own
  for (auto at = r.position_; at != end(); ++at) {
    const auto& e = entries_[at - first_];
    if (!forwarded && !std::holds_alternative<pixels_drawn>(e)) forwarded.emplace(r.damage_, picture_bytes);
    if (forwarded && !forwarded->full()) forwarded->take(e, covered_later(at));
    r.damage_.add(area_of(e)); // as if nothing was forwarded
  }
  std::vector<forwarded_command> operations;
  if (forwarded && worth_it(forwarded->operations_, forwarded->damage_, r.damage_)) {
    operations = std::move(forwarded->operations_);
    r.damage_ = std::move(forwarded->damage_);
  }
  r.position_ = end();
  r.behind_ = false;
  readers_.splice(readers_.end(), readers_, r.place_);
  drop_read();
  return operations;
}

// Only asked of pictures, which are few.
bool draw_log::covered_later(std::uint64_t position) const noexcept {
  const auto* picture = std::get_if<draw_image>(&entries_[position - first_]);
  if (picture == nullptr) return false;
  const auto later = entries_.begin() + static_cast<std::ptrdiff_t>(position - first_) + 1;
  return std::any_of(later, entries_.end(),
                     [area = picture->area()](const entry& e) { return !area_of(e).intersect(area).empty(); });
}

std::size_t draw_log::bytes_of(const entry& e) noexcept {
  const auto* picture = std::get_if<draw_image>(&e);
  return picture == nullptr ? 0 : picture->shown->pixels.size();
}

std::uint64_t draw_log::missing_pixels() const {
  if (readers_.empty()) return 0;
  auto furthest_behind = readers_.front().damage_;
  for (const auto& e : entries_) furthest_behind.add(area_of(e));
  auto most = furthest_behind.pixels();
  for (const auto& r : readers_) most = std::max(most, r.damage_.pixels());
  return most;
}

rect draw_log::area_of(const entry& e) noexcept { return std::visit(area_visitor{}, e); }

// What every reader has passed is of no use.
void draw_log::drop_read() {
  const auto needed = readers_.empty() ? end() : readers_.front().position_;
  while (first_ != needed) pop_oldest();
}

} // namespace saffron::devices
