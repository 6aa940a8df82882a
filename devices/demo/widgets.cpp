// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/widgets.hpp"

#include "devices/demo/brush.hpp"
#include "devices/input/keyboard.hpp"
#include "devices/input/mouse.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace saffron::devices::demo {

namespace {

constexpr rgb color_of(ink i) {
  switch (i) {
  case ink::dim: return palette::grey;
  case ink::strong: return 0xffffff;
  case ink::accent: return palette::saffron;
  case ink::text: break;
  }
  return palette::paper;
}

/// Each character in its cell, whatever the font's advance.
void text_row(cairo_t* cr, const layout& l, const terminal& t, std::size_t number) {
  const auto area = l.row(number);
  const clip_to clip{cr, area};
  const auto cells = t.row(number);
  const int base = area.top + l.cell_height * 3 / 4;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    if (cells[c].letter == ' ') continue;
    set_color(cr, color_of(cells[c].color));
    const char letter[2] = {cells[c].letter, 0};
    cairo_move_to(cr, area.left + static_cast<int>(c) * l.cell_width, base);
    cairo_show_text(cr, letter);
  }
}

/// A stretch of the line from the middle of the dial at `angle`; stroke() draws all of them at once.
void ray(cairo_t* cr, point middle, double angle, double from, double to) {
  const double x = std::sin(angle), y = -std::cos(angle);
  cairo_move_to(cr, middle.x + x * from, middle.y + y * from);
  cairo_line_to(cr, middle.x + x * to, middle.y + y * to);
}

void stroke(cairo_t* cr, double width, rgb color) {
  cairo_set_line_width(cr, width);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  set_color(cr, color);
  cairo_stroke(cr);
}

void lamp(cairo_t* cr, const layout& l, double x, double y, bool on) {
  set_color(cr, on ? palette::saffron : palette::line);
  cairo_arc(cr, x, y, std::max(1.5, 4.5 * l.scale), 0, 2 * std::numbers::pi);
  cairo_fill(cr);
}

} // namespace

void shell(cairo_t* cr, const layout& l, const scene& s) {
  if (!visible(cr, l.shell.body)) return;
  set_font(cr, face::mono, l.terminal_text);
  for (std::size_t r = 0; r < s.text.rows(); ++r)
    if (visible(cr, l.row(r))) text_row(cr, l, s.text, r);
  if (!s.caret) return;
  const auto row = l.row(s.text.caret_row());
  const int left = row.left + static_cast<int>(s.text.caret_column()) * l.cell_width;
  fill_rect(cr, {left, row.top + 1, left + l.cell_width, row.bottom - 1}, palette::orange, 0.9);
}

void dial(cairo_t* cr, const layout& l, const time_of_day& time) {
  if (!visible(cr, l.dial)) return;
  constexpr double turn = 2 * std::numbers::pi;
  const point m{(l.dial.left + l.dial.right) / 2, (l.dial.top + l.dial.bottom) / 2};
  const double r = l.dial.width() / 2.0;
  if (r < 2) return;
  const clip_to clip{cr, l.dial};
  cairo_arc(cr, m.x, m.y, r, 0, turn);
  set_color(cr, palette::shell);
  cairo_fill(cr);
  cairo_arc(cr, m.x, m.y, r - l.px(2), 0, turn);
  cairo_set_line_width(cr, l.px(3));
  set_color(cr, palette::line);
  cairo_stroke(cr);
  for (int i = 0; i < 60; ++i)
    if (i % 5 != 0) ray(cr, m, turn * i / 60, r * 0.87, r * 0.90);
  stroke(cr, l.scale, palette::grey);
  for (int i = 0; i < 12; ++i) ray(cr, m, turn * i / 12, r * 0.80, r * 0.90);
  stroke(cr, 2.6 * l.scale, palette::paper);
  const double minutes = time.minute + time.second / 60.0, hours = time.hour % 12 + minutes / 60;
  ray(cr, m, turn * hours / 12, -r * 0.08, r * 0.50);
  stroke(cr, 6 * l.scale, palette::paper);
  ray(cr, m, turn * minutes / 60, -r * 0.10, r * 0.74);
  stroke(cr, 4 * l.scale, palette::paper);
  ray(cr, m, turn * time.second / 60, -r * 0.16, r * 0.82);
  stroke(cr, 2 * l.scale, palette::saffron);
  set_color(cr, palette::saffron);
  cairo_arc(cr, m.x, m.y, 5 * l.scale, 0, turn);
  cairo_fill(cr);
}

void targets(cairo_t* cr, const layout& l, cursor_kind lit) {
  for (const auto& t : l.targets) {
    if (!visible(cr, t.area)) continue;
    const clip_to clip{cr, t.area};
    const bool on = t.cursor == lit;
    round_path(cr, t.area, l.px(7));
    set_color(cr, on ? palette::lit_tile : palette::tile);
    cairo_fill_preserve(cr);
    cairo_set_line_width(cr, std::max(1.0, 1.5 * l.scale));
    set_color(cr, on ? palette::saffron : palette::line);
    cairo_stroke(cr);
    const double x = std::lround((t.area.left + t.area.right) / 2.0);
    set_font(cr, face::bold, l.ui_text);
    set_color(cr, palette::paper);
    draw_text(cr, x, t.area.top + t.area.height() * 0.48, t.label, align::center);
    set_font(cr, face::sans, std::max(6, l.ui_text - 2));
    set_color(cr, palette::grey);
    draw_text(cr, x, t.area.top + t.area.height() * 0.74, t.form, align::center);
  }
}

void readout(cairo_t* cr, const layout& l, const scene& s) {
  if (!visible(cr, l.readout)) return;
  const clip_to clip{cr, l.readout};
  const double line = l.readout.height() / 2.0;
  const auto base = [&](int n) { return std::lround(l.readout.top + line * n + line / 2 + l.ui_text * 0.37); };
  // Places are counted in sizes of the text, so that labels keep their distance on small desktops.
  const auto word = [&](int n, double label_place, std::string_view label, double place, const std::string& value) {
    set_font(cr, face::sans, l.ui_text);
    set_color(cr, palette::grey);
    draw_text(cr, std::lround(l.readout.left + label_place * l.ui_text), base(n), label);
    set_font(cr, face::mono, l.ui_text);
    set_color(cr, palette::paper);
    draw_text(cr, std::lround(l.readout.left + place * l.ui_text), base(n), value);
  };
  word(0, 0, "pointer", 4.7, fmt::format("{}, {}", s.pointer.x, s.pointer.y));
  word(1, 0, "wheel", 4.7, fmt::format("{:+}", s.wheel));
  word(1, 8.2, "key", 10.8, s.key == 0 ? std::string{"-"} : fmt::format("0x{:02x}", s.key));
  const double y = l.readout.top + line / 2;
  double x = l.readout.right - l.px(50);
  for (auto button : {buttons::left, buttons::middle, buttons::right}) {
    lamp(cr, l, x, y, (s.buttons >> button & 1) != 0);
    x += l.px(20);
  }
}

void lock_lamps(cairo_t* cr, const layout& l, std::uint16_t on) {
  const clip_to clip{cr, l.panel_locks};
  const int base = l.panel.bottom / 2 + l.ui_text * 3 / 8;
  int x = l.panel_locks.left + l.px(8);
  set_font(cr, face::sans, std::max(6, l.ui_text - 1));
  for (const auto& [lock, name, width] :
       {std::tuple{locks::caps, "caps", 76}, {locks::num, "num", 74}, {locks::scroll, "scroll", 80}}) {
    lamp(cr, l, x, l.panel.bottom / 2.0, (on & lock) != 0);
    set_color(cr, (on & lock) != 0 ? palette::paper : palette::grey);
    draw_text(cr, x + l.px(11), base, name);
    x += l.px(width);
  }
}

} // namespace saffron::devices::demo
