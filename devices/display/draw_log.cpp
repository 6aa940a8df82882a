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
bool worth_it(const std::vector<geometry_op>& operations, const damage& with, const damage& without) noexcept {
  const auto saved = without.pixels() - std::min(without.pixels(), with.pixels());
  return operations.size() <= operations_per_update && operations.size() * operation_bytes <= saved * bytes_per_pixel;
}

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
  for (auto& r : readers_) {
    r.position_ = first_;
    r.behind_ = false;
    r.damage_.restart(surface);
  }
}

void draw_log::add(const fill& command) { append(command); }

void draw_log::add(const copy_bits& command) { append(command); }

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
  entries_.pop_front();
  ++first_;
}

std::vector<geometry_op> draw_log::advance(reader& r) {
  std::vector<geometry_op> operations;
  std::optional<class damage> forwarded; // up to the first operation it is the reader's own
  for (auto at = r.position_; at != end(); ++at) {
    const auto& e = entries_[at - first_];
    if (!forwarded && !std::holds_alternative<pixels_drawn>(e)) forwarded = r.damage_;
    if (forwarded && operations.size() <= operations_per_update) forward(e, *forwarded, operations);
    r.damage_.add(area_of(e)); // as if nothing was forwarded
  }
  if (forwarded && worth_it(operations, *forwarded, r.damage_))
    r.damage_ = std::move(*forwarded);
  else
    operations.clear();
  r.position_ = end();
  r.behind_ = false;
  readers_.splice(readers_.end(), readers_, r.place_);
  drop_read();
  return operations;
}

void draw_log::forward(const entry& e, class damage& d, std::vector<geometry_op>& operations) {
  if (const auto* f = std::get_if<fill>(&e)) {
    if (d.forward(*f)) operations.push_back(*f);
  } else if (const auto* c = std::get_if<copy_bits>(&e)) {
    if (d.forward(*c)) operations.push_back(*c);
  } else {
    d.add(area_of(e));
  }
}

std::uint64_t draw_log::missing_pixels() const {
  if (readers_.empty()) return 0;
  auto furthest_behind = readers_.front().damage_;
  for (const auto& e : entries_) furthest_behind.add(area_of(e));
  auto most = furthest_behind.pixels();
  for (const auto& r : readers_) most = std::max(most, r.damage_.pixels());
  return most;
}

rect draw_log::area_of(const entry& e) noexcept {
  return std::visit([](const auto& command) { return command.area; }, e);
}

// What every reader has passed is of no use.
void draw_log::drop_read() {
  const auto needed = readers_.empty() ? end() : readers_.front().position_;
  for (; first_ != needed; ++first_) entries_.pop_front();
}

} // namespace saffron::devices
