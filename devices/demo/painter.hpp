// SPDX-License-Identifier: BSD-3-Clause
// Draws a desktop as it is at one moment, from the back to the front.
#pragma once

#include "devices/demo/cairo_handles.hpp"
#include "devices/demo/layout.hpp"
#include "devices/demo/terminal.hpp"

#include <cairo.h>

#include <cstdint>
#include <string>

namespace saffron::devices::demo {

struct time_of_day {
  int hour = 0, minute = 0, second = 0;
  friend bool operator==(const time_of_day&, const time_of_day&) = default;
};

/// All that can be seen.
struct scene {
  std::string title;
  terminal text;
  bool caret = true;
  /// The ball's middle.
  point ball{};
  time_of_day time{};
  point pointer{};
  cursor_kind cursor = cursor_kind::arrow;
  /// Bit n is button n.
  std::uint32_t buttons = 0;
  int wheel = 0;
  /// The key pressed last; 0 before the first.
  std::uint8_t key = 0;
  std::uint16_t locks = 0;
};

/// Draws scenes of one layout. Only what the clip lets through is drawn, and parts outside of it cost nothing.
class painter {
public:
  explicit painter(const layout& where) : layout_(where) {}

  void paint(cairo_t* cr, const scene& what);
  [[nodiscard]] const layout& where() const noexcept { return layout_; }

private:
  void paint_floor(cairo_t* cr, const scene& what);

  layout layout_;
  /// The floor without its ball, made when the ball first moves alone: the flowers are worth a thousand blits.
  surface_handle floor_;
};

/// What the ball covers, with its shadow.
[[nodiscard]] rect ball_area(const layout& where, point middle) noexcept;

} // namespace saffron::devices::demo
