// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/painter.hpp"

#include "devices/demo/brush.hpp"
#include "devices/demo/cairo_handles.hpp"
#include "devices/demo/flower.hpp"
#include "devices/demo/widgets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace saffron::devices::demo {

namespace {

void add_stop(const pattern_handle& p, double at, rgb c, double opacity = 1) {
  cairo_pattern_add_color_stop_rgba(p.get(), at, (c >> 16 & 0xff) / 255.0, (c >> 8 & 0xff) / 255.0, (c & 0xff) / 255.0,
                                    opacity);
}

/// Dusk over a field.
void background(cairo_t* cr, const layout& l) {
  const double width = l.size.width, height = l.size.height;
  pattern_handle sky{cairo_pattern_create_linear(0, 0, 0, height)};
  add_stop(sky, 0, palette::night);
  add_stop(sky, 0.45, palette::violet);
  add_stop(sky, 0.78, palette::plum);
  add_stop(sky, 1, palette::dusk);
  cairo_set_source(cr, sky.get());
  cairo_paint(cr);
  const double reach = std::min(width * 0.5, height * 0.75);
  pattern_handle glow{cairo_pattern_create_radial(width * 0.72, height * 1.05, 0, width * 0.72, height * 1.05, reach)};
  add_stop(glow, 0, palette::saffron, 0.55);
  add_stop(glow, 1, palette::saffron, 0);
  cairo_set_source(cr, glow.get());
  cairo_paint(cr);
}

/// The name of the house and its flowers, where the ball bounces.
void field(cairo_t* cr, const layout& l) {
  if (!visible(cr, l.floor)) return;
  const double height = l.floor.height(), ground = l.floor.bottom;
  struct flower {
    double from_right, size, opacity;
  };
  for (const auto& f : {flower{360, 0.46, 0.55}, {60, 0.60, 0.75}, {290, 0.62, 0.8}, {130, 0.78, 0.9}, {215, 0.95, 1}})
    draw_flower(cr, l.size.width - l.scale * f.from_right, ground + 2, height * f.size, f.opacity);
  const double left = l.shell.frame.left;
  set_font(cr, face::serif, l.px(64));
  set_color(cr, palette::night, 0.35);
  draw_text(cr, left + l.px(2), ground - l.px(76) + l.px(3), "Saffron");
  set_color(cr, 0xffffff);
  draw_text(cr, left, ground - l.px(76), "Saffron");
  set_font(cr, face::sans, l.px(18));
  set_color(cr, 0xffffff, 0.88);
  draw_text(cr, left + l.px(3), ground - l.px(42), "a SPICE server built from actors");
}

void backdrop(cairo_t* cr, const layout& l) {
  background(cr, l);
  field(cr, l);
}

void ball(cairo_t* cr, const layout& l, point middle) {
  if (!visible(cr, ball_area(l, middle))) return;
  const double x = middle.x, y = middle.y, r = l.ball_radius;
  pattern_handle shadow{cairo_pattern_create_radial(x, y + r * 0.25, r * 0.6, x, y + r * 0.25, r * 1.3)};
  add_stop(shadow, 0, palette::night, 0.5);
  add_stop(shadow, 1, palette::night, 0);
  cairo_set_source(cr, shadow.get());
  cairo_arc(cr, x, y + r * 0.25, r * 1.3, 0, 2 * std::numbers::pi);
  cairo_fill(cr);
  pattern_handle skin{cairo_pattern_create_radial(x - r * 0.35, y - r * 0.4, r * 0.05, x, y, r)};
  add_stop(skin, 0, 0xfff3c4);
  add_stop(skin, 0.35, palette::saffron);
  add_stop(skin, 1, 0xc4570c);
  cairo_set_source(cr, skin.get());
  cairo_arc(cr, x, y, r, 0, 2 * std::numbers::pi);
  cairo_fill(cr);
}

void panel(cairo_t* cr, const layout& l, const scene& s) {
  if (!visible(cr, l.panel)) return;
  fill_rect(cr, l.panel, 0x120b22);
  fill_rect(cr, {0, l.panel.bottom - 1, l.panel.right, l.panel.bottom}, palette::line);
  const int base = l.panel.bottom / 2 + l.ui_text * 3 / 8;
  draw_flower(cr, l.px(26), l.panel.bottom - l.px(4), l.panel.height() - l.px(8), 1);
  set_font(cr, face::bold, l.ui_text);
  set_color(cr, palette::saffron);
  draw_text(cr, l.px(50), base, s.title);
  set_font(cr, face::sans, l.ui_text);
  set_color(cr, palette::grey);
  draw_text(cr, l.px(250), base, fmt::format("{} x {}", l.size.width, l.size.height));
  lock_lamps(cr, l, s.locks);
  set_font(cr, face::bold, l.ui_text);
  set_color(cr, palette::paper);
  const clip_to clip{cr, l.panel_clock};
  draw_text(cr, l.panel_clock.right - l.px(20), base, fmt::format("{:02}:{:02}", s.time.hour, s.time.minute),
            align::right);
}

/// Radius of a window's corners.
constexpr double corner = 9;

rgb ground_of(const layout& l, const window& w) { return &w == &l.shell ? palette::shell : palette::body; }

void frame(cairo_t* cr, const layout& l, const window& w, std::string_view title) {
  if (!visible(cr,
               {w.frame.left - l.px(14), w.frame.top - l.px(14), w.frame.right + l.px(14), w.frame.bottom + l.px(20)}))
    return;
  const double radius = l.px(corner);
  for (int i = 6; i > 0; --i) { // a soft shadow, a little lower than the window
    const int spread = l.px(2) * i;
    const auto f = w.frame.shifted(0, l.px(6));
    round_path(cr, {f.left - spread, f.top - spread, f.right + spread, f.bottom + spread}, radius + spread);
    set_color(cr, 0x0a0516, 0.07);
    cairo_fill(cr);
  }
  round_path(cr, w.frame, radius);
  set_color(cr, ground_of(l, w));
  cairo_fill(cr);
  const rect bar{w.frame.left, w.frame.top, w.frame.right, w.body.top};
  round_path(cr, bar, radius, false);
  set_color(cr, palette::bar);
  cairo_fill(cr);
  const double middle = (bar.top + bar.bottom) / 2.0;
  double x = bar.left + l.px(18);
  for (rgb dot : {rgb{0xe2574c}, palette::saffron, rgb{0x69b36b}}) {
    set_color(cr, dot);
    cairo_arc(cr, x, middle, l.px(5), 0, 2 * std::numbers::pi);
    cairo_fill(cr);
    x += l.px(17);
  }
  set_font(cr, face::bold, l.ui_text);
  set_color(cr, palette::paper, 0.85);
  draw_text(cr, (bar.left + bar.right) / 2.0, std::lround(middle + l.ui_text * 0.37), title, align::center);
}

} // namespace

rect ball_area(const layout& l, point m) noexcept {
  const int side = l.ball_radius * 13 / 10 + 2, below = l.ball_radius * 31 / 20 + 2;
  return {m.x - side, m.y - side, m.x + side, m.y + below};
}

void painter::paint(cairo_t* cr, const scene& s) {
  const auto& l = layout_;
  const auto clip = clip_of(cr);
  if (inside(clip, l.floor)) return paint_floor(cr, s);
  const bool panel_only = inside(clip, l.panel);
  const window* alone = nullptr; // the one window that can be seen, if it hides the rest
  for (const auto* w : {&l.shell, &l.clock, &l.input})
    if (inside(clip, {w->body.left, w->body.top, w->body.right, w->body.bottom - l.px(corner)})) alone = w;
  if (alone != nullptr) {
    fill_rect(cr, clip, ground_of(l, *alone));
  } else if (!panel_only) {
    backdrop(cr, l);
    ball(cr, l, s.ball);
    frame(cr, l, l.shell, "Terminal");
    frame(cr, l, l.clock, "Clock");
    frame(cr, l, l.input, "Input");
  }
  panel(cr, l, s);
  shell(cr, l, s);
  dial(cr, l, s.time);
  targets(cr, l, s.cursor);
  readout(cr, l, s);
}

void painter::paint_floor(cairo_t* cr, const scene& s) {
  const auto& l = layout_;
  if (!floor_) {
    floor_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, l.floor.width(), l.floor.height()));
    const context_handle there{cairo_create(floor_.get())};
    cairo_translate(there.get(), -l.floor.left, -l.floor.top);
    backdrop(there.get(), l);
  }
  cairo_set_source_surface(cr, floor_.get(), l.floor.left, l.floor.top);
  cairo_paint(cr);
  ball(cr, l, s.ball);
}

} // namespace saffron::devices::demo
