// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/flower.hpp"

#include "devices/demo/cairo_handles.hpp"

#include <array>
#include <initializer_list>

namespace saffron::devices::demo {

namespace {

struct color {
  double red, green, blue;
};

// In a frame where the flower stands on (0, 0) and its highest petal ends at (0, -1).

void petal(cairo_t* cr, double angle, double length, double width, color tip, color base, double opacity) {
  cairo_save(cr);
  cairo_translate(cr, 0, -0.34);
  cairo_rotate(cr, angle);
  cairo_move_to(cr, 0, 0);
  cairo_curve_to(cr, -width, -length * 0.25, -width * 0.9, -length * 0.8, 0, -length);
  cairo_curve_to(cr, width * 0.9, -length * 0.8, width, -length * 0.25, 0, 0);
  cairo_close_path(cr);
  pattern_handle shade{cairo_pattern_create_linear(0, 0, 0, -length)};
  cairo_pattern_add_color_stop_rgba(shade.get(), 0, base.red, base.green, base.blue, opacity);
  cairo_pattern_add_color_stop_rgba(shade.get(), 1, tip.red, tip.green, tip.blue, opacity);
  cairo_set_source(cr, shade.get());
  cairo_fill_preserve(cr);
  cairo_set_line_width(cr, 0.006);
  cairo_set_source_rgba(cr, 1, 1, 1, 0.25 * opacity);
  cairo_stroke(cr);
  // A vein.
  cairo_move_to(cr, 0, -length * 0.1);
  cairo_line_to(cr, 0, -length * 0.8);
  cairo_set_source_rgba(cr, base.red, base.green, base.blue, 0.5 * opacity);
  cairo_stroke(cr);
  cairo_restore(cr);
}

void stem(cairo_t* cr, double opacity) {
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width(cr, 0.05);
  cairo_set_source_rgba(cr, 0.80, 0.70, 0.93, opacity);
  cairo_move_to(cr, 0, 0);
  cairo_curve_to(cr, 0.01, -0.1, -0.01, -0.2, 0, -0.36);
  cairo_stroke(cr);
  cairo_set_line_width(cr, 0.02);
  cairo_set_source_rgba(cr, 0.38, 0.62, 0.35, opacity);
  for (double side : {-1.0, 1.0}) {
    cairo_move_to(cr, side * 0.01, 0);
    cairo_curve_to(cr, side * 0.08, -0.2, side * 0.14, -0.3, side * 0.3, -0.34);
    cairo_stroke(cr);
  }
}

void threads(cairo_t* cr, double opacity) {
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (double bend : {-0.16, 0.0, 0.17}) {
    const double top = bend == 0 ? -0.86 : -0.78;
    cairo_set_line_width(cr, 0.022);
    cairo_set_source_rgba(cr, 0.93, 0.36, 0.10, opacity);
    cairo_move_to(cr, 0, -0.42);
    cairo_curve_to(cr, bend * 0.2, -0.55, bend * 0.6, -0.68, bend, top);
    cairo_stroke(cr);
    cairo_set_line_width(cr, 0.036);
    cairo_set_source_rgba(cr, 1.0, 0.55, 0.08, opacity);
    cairo_move_to(cr, bend * 0.9, top + 0.03);
    cairo_line_to(cr, bend, top);
    cairo_stroke(cr);
  }
}

} // namespace

void draw_flower(cairo_t* cr, double x, double y, double height, double opacity) {
  constexpr color light{0.80, 0.66, 0.98}, pale{0.88, 0.78, 1.0}, deep{0.38, 0.16, 0.62}, middle{0.50, 0.25, 0.75};
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, height, height);
  stem(cr, opacity);
  for (double angle : {-0.95, 0.95}) petal(cr, angle, 0.56, 0.17, light, deep, opacity);
  petal(cr, 0, 0.66, 0.19, light, deep, opacity);
  for (double angle : {-0.45, 0.45}) petal(cr, angle, 0.60, 0.19, pale, middle, 0.92 * opacity);
  threads(cr, opacity);
  cairo_restore(cr);
}

} // namespace saffron::devices::demo
