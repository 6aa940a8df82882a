// SPDX-License-Identifier: BSD-3-Clause
// Points and rectangles in pixels. A rectangle holds its left and top edge and ends before right and bottom.
#pragma once

#include <algorithm>
#include <cstdint>

namespace saffron {

struct point {
  std::int32_t x = 0, y = 0;
  friend bool operator==(const point&, const point&) = default;
};

struct extent {
  std::uint32_t width = 0, height = 0;
  friend bool operator==(const extent&, const extent&) = default;
};

struct rect {
  std::int32_t left = 0, top = 0, right = 0, bottom = 0;

  [[nodiscard]] std::int32_t width() const noexcept { return right - left; }
  [[nodiscard]] std::int32_t height() const noexcept { return bottom - top; }
  [[nodiscard]] bool empty() const noexcept { return right <= left || bottom <= top; }
  /// Pixels covered; 0 when empty.
  [[nodiscard]] std::uint64_t area() const noexcept {
    return empty() ? 0 : static_cast<std::uint64_t>(width()) * static_cast<std::uint64_t>(height());
  }
  [[nodiscard]] rect intersect(const rect& o) const noexcept {
    return {std::max(left, o.left), std::max(top, o.top), std::min(right, o.right), std::min(bottom, o.bottom)};
  }
  [[nodiscard]] rect shifted(std::int32_t dx, std::int32_t dy) const noexcept {
    return {left + dx, top + dy, right + dx, bottom + dy};
  }
  friend bool operator==(const rect&, const rect&) = default;
};

/// The rectangle of a whole surface.
inline rect whole(extent e) noexcept {
  return {0, 0, static_cast<std::int32_t>(e.width), static_cast<std::int32_t>(e.height)};
}

} // namespace saffron
