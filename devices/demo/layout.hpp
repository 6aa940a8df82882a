// SPDX-License-Identifier: BSD-3-Clause
// Where everything is on a desktop of a given size.
#pragma once

#include "devices/demo/cursors.hpp"
#include "messages/geometry.hpp"

#include <array>
#include <cstddef>

namespace saffron::devices::demo {

inline constexpr extent smallest_desktop{320, 200}, largest_desktop{4096, 2160};

/// The nearest size that a desktop can have.
[[nodiscard]] extent clamped(extent size) noexcept;
[[nodiscard]] bool contains(const rect& area, point p) noexcept;
/// What of `r` is on a surface of this size.
[[nodiscard]] rect on_surface(const rect& r, extent size) noexcept;

/// A window: its title bar is the upper part of `frame`, `body` the rest.
struct window {
  rect frame, body;
};

/// A place that gives the pointer another shape.
struct hover_target {
  rect area;
  cursor_kind cursor = cursor_kind::arrow;
  const char* label = "";
  const char* form = "";
};

struct layout {
  explicit layout(extent desktop);

  extent size;
  /// 1 at 1024x768.
  double scale = 1;
  /// Pixels of text.
  int ui_text = 12, terminal_text = 14;
  int cell_width = 8, cell_height = 19;

  rect panel, panel_clock, panel_locks;
  window shell, clock, input;
  /// The cells of the terminal, whole ones.
  rect cells;
  std::size_t columns = 0, rows = 0;
  rect dial;
  std::array<hover_target, 3> targets;
  /// Text about pointer and keys.
  rect readout;
  /// Where the ball bounces, with the name of the house behind it.
  rect floor;
  int ball_radius = 20;

  [[nodiscard]] int px(double at_scale_1) const noexcept;
  [[nodiscard]] rect row(std::size_t number, std::size_t count = 1) const noexcept;
  [[nodiscard]] cursor_kind cursor_at(point p) const noexcept;
};

} // namespace saffron::devices::demo
