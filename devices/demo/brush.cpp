// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/brush.hpp"

#include "devices/demo/cairo_handles.hpp"

#include <cmath>
#include <numbers>
#include <string>

namespace saffron::devices::demo {

namespace {

struct font_options_destroy {
  void operator()(cairo_font_options_t* o) const noexcept { cairo_font_options_destroy(o); }
};

} // namespace

void set_color(cairo_t* cr, rgb color, double opacity) {
  cairo_set_source_rgba(cr, (color >> 16 & 0xff) / 255.0, (color >> 8 & 0xff) / 255.0, (color & 0xff) / 255.0, opacity);
}

void fill_rect(cairo_t* cr, const rect& r, rgb color, double opacity) {
  set_color(cr, color, opacity);
  cairo_rectangle(cr, r.left, r.top, r.width(), r.height());
  cairo_fill(cr);
}

void round_path(cairo_t* cr, const rect& r, double radius, bool low) {
  constexpr double quarter = std::numbers::pi / 2;
  cairo_new_sub_path(cr);
  cairo_arc(cr, r.left + radius, r.top + radius, radius, 2 * quarter, 3 * quarter);
  cairo_arc(cr, r.right - radius, r.top + radius, radius, 3 * quarter, 4 * quarter);
  if (low) {
    cairo_arc(cr, r.right - radius, r.bottom - radius, radius, 0, quarter);
    cairo_arc(cr, r.left + radius, r.bottom - radius, radius, quarter, 2 * quarter);
  } else {
    cairo_line_to(cr, r.right, r.bottom);
    cairo_line_to(cr, r.left, r.bottom);
  }
  cairo_close_path(cr);
}

void set_font(cairo_t* cr, face f, int size) {
  const bool mono = f == face::mono || f == face::mono_bold, bold = f == face::bold || f == face::mono_bold;
  const char* family = mono ? "DejaVu Sans Mono" : f == face::serif ? "DejaVu Serif" : "DejaVu Sans";
  cairo_select_font_face(cr, family, CAIRO_FONT_SLANT_NORMAL,
                         bold || f == face::serif ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, size);
  // The same pixels on every host, whatever its desktop prefers.
  std::unique_ptr<cairo_font_options_t, font_options_destroy> options{cairo_font_options_create()};
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_SLIGHT);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_ON);
  cairo_set_font_options(cr, options.get());
}

void draw_text(cairo_t* cr, double x, double y, std::string_view text, align where) {
  const std::string terminated{text};
  if (where != align::left) {
    cairo_text_extents_t e;
    cairo_text_extents(cr, terminated.c_str(), &e);
    x -= where == align::center ? e.x_advance / 2 : e.x_advance;
  }
  cairo_move_to(cr, x, y);
  cairo_show_text(cr, terminated.c_str());
}

clip_to::clip_to(cairo_t* cr, const rect& area) : cr_(cr) {
  cairo_save(cr);
  cairo_rectangle(cr, area.left, area.top, area.width(), area.height());
  cairo_clip(cr);
}

rect clip_of(cairo_t* cr) {
  double left = 0, top = 0, right = 0, bottom = 0;
  cairo_clip_extents(cr, &left, &top, &right, &bottom);
  return {static_cast<int>(std::floor(left)), static_cast<int>(std::floor(top)), static_cast<int>(std::ceil(right)),
          static_cast<int>(std::ceil(bottom))};
}

bool inside(const rect& part, const rect& all) noexcept { return part.intersect(all) == part; }

bool visible(cairo_t* cr, const rect& r) { return !clip_of(cr).intersect(r).empty(); }

} // namespace saffron::devices::demo
