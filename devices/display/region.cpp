// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/region.hpp"

#include <algorithm>
#include <new>
#include <span>
#include <utility>

namespace saffron::devices {

namespace {

void check(pixman_bool_t done) {
  if (done == 0) throw std::bad_alloc{};
}

rect from(const pixman_box32_t& b) noexcept { return {b.x1, b.y1, b.x2, b.y2}; }

std::span<const pixman_box32_t> boxes_of(pixman_region32_t* r) noexcept {
  int count = 0;
  const auto* first = pixman_region32_rectangles(r, &count);
  return {first, static_cast<std::size_t>(count)};
}

} // namespace

rect around(rect a, rect b) noexcept {
  return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right), std::max(a.bottom, b.bottom)};
}

region::region(rect r) : region() { add(r); }

region::region(const region& other) : region() { check(pixman_region32_copy(&boxes_, other.pointer())); }

region& region::operator=(const region& other) {
  if (this != &other) check(pixman_region32_copy(&boxes_, other.pointer()));
  return *this;
}

region& region::operator=(region&& other) noexcept {
  swap(other);
  other.clear();
  return *this;
}

void region::swap(region& other) noexcept { std::swap(boxes_, other.boxes_); }

void region::add(rect r) {
  if (r.empty()) return;
  check(pixman_region32_union_rect(&boxes_, &boxes_, r.left, r.top, static_cast<unsigned>(r.width()),
                                   static_cast<unsigned>(r.height())));
}

void region::add(const region& other) { check(pixman_region32_union(&boxes_, &boxes_, other.pointer())); }

void region::subtract(rect r) {
  if (!r.empty() && overlaps(r)) subtract(region{r});
}

void region::subtract(const region& other) { check(pixman_region32_subtract(&boxes_, &boxes_, other.pointer())); }

void region::intersect(rect r) {
  if (r.empty())
    clear();
  else
    intersect(region{r});
}

void region::intersect(const region& other) { check(pixman_region32_intersect(&boxes_, &boxes_, other.pointer())); }

void region::translate(std::int32_t dx, std::int32_t dy) { pixman_region32_translate(&boxes_, dx, dy); }

void region::clear() noexcept { pixman_region32_clear(&boxes_); }

void region::simplify(int most) {
  if (rect_count() <= most) return;
  std::vector<rect> bands;
  for (const auto& box : boxes_of(&boxes_)) {
    if (!bands.empty() && bands.back().top == box.y1)
      bands.back().right = box.x2;
    else
      bands.push_back(from(box));
  }
  const auto limit = static_cast<std::size_t>(most);
  const auto joined = (bands.size() + limit - 1) / limit;
  clear();
  for (std::size_t i = 0; i < bands.size(); i += joined) {
    auto group = bands[i];
    for (std::size_t j = i + 1; j < std::min(i + joined, bands.size()); ++j) group = around(group, bands[j]);
    add(group);
  }
}

std::vector<rect> region::rects() const {
  std::vector<rect> out;
  out.reserve(static_cast<std::size_t>(rect_count()));
  for (const auto& box : boxes_of(pointer())) out.push_back(from(box));
  return out;
}

rect region::bounds() const noexcept { return empty() ? rect{} : from(*pixman_region32_extents(pointer())); }

std::uint64_t region::area() const noexcept {
  std::uint64_t pixels = 0;
  for (const auto& box : boxes_of(pointer())) pixels += from(box).area();
  return pixels;
}

bool region::contains(rect r) const noexcept {
  pixman_box32_t box{r.left, r.top, r.right, r.bottom};
  return pixman_region32_contains_rectangle(pointer(), &box) == PIXMAN_REGION_IN;
}

bool region::overlaps(rect r) const noexcept {
  pixman_box32_t box{r.left, r.top, r.right, r.bottom};
  return !r.empty() && pixman_region32_contains_rectangle(pointer(), &box) != PIXMAN_REGION_OUT;
}

} // namespace saffron::devices
