// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/layout.hpp"

#include <algorithm>
#include <cmath>

namespace saffron::devices::demo {

namespace {

/// A window of this frame with a title bar of this height.
window make_window(const rect& frame, int title) {
  return {frame, {frame.left, frame.top + title, frame.right, frame.bottom}};
}

} // namespace

extent clamped(extent e) noexcept {
  return {std::clamp(e.width, smallest_desktop.width, largest_desktop.width),
          std::clamp(e.height, smallest_desktop.height, largest_desktop.height)};
}

bool contains(const rect& r, point p) noexcept {
  return p.x >= r.left && p.x < r.right && p.y >= r.top && p.y < r.bottom;
}

rect on_surface(const rect& r, extent size) noexcept { return r.intersect(whole(size)); }

int layout::px(double at_scale_1) const noexcept {
  return std::max(1, static_cast<int>(std::lround(at_scale_1 * scale)));
}

layout::layout(extent desktop)
    : size(desktop), scale(std::clamp(std::min(desktop.width / 1024.0, desktop.height / 768.0), 0.3, 3.0)) {
  const auto width = static_cast<int>(size.width), height = static_cast<int>(size.height);
  ui_text = std::max(6, px(13));
  terminal_text = std::max(7, px(15));
  // The advance of DejaVu Sans Mono is 0.602 of its size.
  cell_width = static_cast<int>(std::lround(0.602 * terminal_text));
  cell_height = static_cast<int>(std::lround(1.3 * terminal_text));

  panel = {0, 0, width, px(36)};
  panel_clock = {width - px(90), 0, width, panel.bottom};
  panel_locks = {width - px(360), 0, width - px(90), panel.bottom};

  const int margin = px(36), gap = px(32), title = px(30), pad = px(12);
  const int top = panel.bottom + px(32), bottom = height - px(188);
  const int right_column = width - margin - px(292);
  shell = make_window({margin, top, right_column - gap, bottom}, title);
  const auto inside = shell.body;
  columns = static_cast<std::size_t>((inside.width() - 2 * pad) / cell_width);
  rows = static_cast<std::size_t>((inside.height() - 2 * pad) / cell_height);
  cells = {inside.left + pad, inside.top + pad, inside.left + pad + static_cast<int>(columns) * cell_width,
           inside.top + pad + static_cast<int>(rows) * cell_height};

  const int input_height = title + px(196);
  input = make_window({right_column, bottom - input_height, width - margin, bottom}, title);
  clock = make_window({right_column, top, width - margin, input.frame.top - gap}, title);
  const auto face = clock.body;
  const int radius = std::min(face.width(), face.height()) / 2 - px(14);
  const point middle{(face.left + face.right) / 2, (face.top + face.bottom) / 2};
  dial = {middle.x - radius, middle.y - radius, middle.x + radius, middle.y + radius};

  const int tile_top = input.body.top + px(14), tile_bottom = tile_top + px(86), between = px(10);
  const int tile_width = (input.body.width() - 2 * px(14) - 2 * between) / 3;
  const std::array<hover_target, 3> kinds{{{{}, cursor_kind::hand, "hand", "alpha"},
                                           {{}, cursor_kind::cross, "cross", "mono"},
                                           {{}, cursor_kind::crocus, "crocus", "colour"}}};
  targets = kinds;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const int left = input.body.left + px(14) + static_cast<int>(i) * (tile_width + between);
    targets[i].area = {left, tile_top, left + tile_width, tile_bottom};
  }
  readout = {input.body.left + px(14), tile_bottom + px(10), input.body.right - px(14), input.body.bottom - px(10)};

  floor = {0, bottom + px(20), width, height};
  ball_radius = px(24);
}

rect layout::row(std::size_t number, std::size_t count) const noexcept {
  const int top = cells.top + static_cast<int>(number) * cell_height;
  return {cells.left, top, cells.right, top + static_cast<int>(count) * cell_height};
}

cursor_kind layout::cursor_at(point p) const noexcept {
  for (const auto& t : targets)
    if (contains(t.area, p)) return t.cursor;
  return contains(shell.body, p) ? cursor_kind::beam : cursor_kind::arrow;
}

} // namespace saffron::devices::demo
