// SPDX-License-Identifier: BSD-3-Clause
// A set of pixels, kept as disjoint rectangles in bands from top to bottom (pixman's regions as a value type).
#pragma once

#include "messages/geometry.hpp"

#include <pixman.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace saffron::devices {

/// The bounding box of two rectangles, neither of them empty.
[[nodiscard]] rect around(rect a, rect b) noexcept;

/// Coordinates must stay within what a surface can have; empty rectangles are allowed everywhere and change nothing.
/// Throws std::bad_alloc and nothing else.
class region {
public:
  region() noexcept { pixman_region32_init(&boxes_); }
  explicit region(rect r);
  region(const region& other);
  region(region&& other) noexcept : region() { swap(other); }
  region& operator=(const region& other);
  region& operator=(region&& other) noexcept;
  ~region() { pixman_region32_fini(&boxes_); }
  void swap(region& other) noexcept;

  void add(rect r);
  void add(const region& other);
  void subtract(rect r);
  void subtract(const region& other);
  void intersect(rect r);
  void intersect(const region& other);
  void translate(std::int32_t dx, std::int32_t dy);
  void clear() noexcept;
  /// Covers more with less: at most `most` rectangles, which hold every pixel of the region and stay inside its
  /// bounding box. Each band is widened to one rectangle, then neighbouring bands are joined. `most` is at least 1.
  void simplify(int most);

  [[nodiscard]] bool empty() const noexcept { return pixman_region32_not_empty(pointer()) == 0; }
  [[nodiscard]] int rect_count() const noexcept { return pixman_region32_n_rects(pointer()); }
  /// Disjoint, from top to bottom, in a band from left to right.
  [[nodiscard]] std::vector<rect> rects() const;
  /// The bounding box; empty for an empty region.
  [[nodiscard]] rect bounds() const noexcept;
  /// Pixels covered.
  [[nodiscard]] std::uint64_t area() const noexcept;
  /// Every pixel of `r`, which is not empty, is in the region.
  [[nodiscard]] bool contains(rect r) const noexcept;
  [[nodiscard]] bool overlaps(rect r) const noexcept;
  friend bool operator==(const region& a, const region& b) noexcept {
    return pixman_region32_equal(a.pointer(), b.pointer()) != 0;
  }

private:
  // pixman takes pointers to mutable regions that it only reads.
  [[nodiscard]] pixman_region32_t* pointer() const noexcept { return const_cast<pixman_region32_t*>(&boxes_); }

  pixman_region32_t boxes_;
};

} // namespace saffron::devices
