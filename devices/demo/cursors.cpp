// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/cursors.hpp"

#include "devices/demo/cairo_handles.hpp"
#include "devices/demo/flower.hpp"

#include <string_view>

namespace saffron::devices::demo {

namespace {

/// Caches key by it, so it is the same in every process. "saffr" and the kind.
constexpr std::uint64_t unique_of(cursor_kind kind) { return 0x7361'6666'7200'0001 + static_cast<std::uint64_t>(kind); }

cursor_shape blank_shape(cursor_kind kind, std::uint8_t type, std::uint16_t edge, point hot_spot) {
  cursor_shape s;
  s.unique = unique_of(kind);
  s.type = type;
  s.width = s.height = edge;
  s.hot_x = static_cast<std::uint16_t>(hot_spot.x);
  s.hot_y = static_cast<std::uint16_t>(hot_spot.y);
  return s;
}

/// White with a dark rim, which shows on any ground.
void outline(cairo_t* cr) {
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_fill_preserve(cr);
  cairo_set_line_width(cr, 1.4);
  cairo_set_source_rgb(cr, 0.1, 0.06, 0.2);
  cairo_stroke(cr);
}

void draw_arrow(cairo_t* cr) {
  cairo_move_to(cr, 1, 1);
  for (auto [x, y] : {std::pair{1., 18.}, {5.2, 14.4}, {8., 20.8}, {11., 19.5}, {8.2, 13.2}, {13.6, 13.}})
    cairo_line_to(cr, x, y);
  cairo_close_path(cr);
  outline(cr);
}

void draw_beam(cairo_t* cr) {
  const auto strokes = [cr](double width, double shade) {
    cairo_set_line_width(cr, width);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_source_rgb(cr, shade, shade, shade);
    for (auto [x1, y1, x2, y2] : {std::array{12., 4., 12., 20.},
                                  {9., 3., 12., 4.},
                                  {15., 3., 12., 4.},
                                  {9., 21., 12., 20.},
                                  {15., 21., 12., 20.}}) {
      cairo_move_to(cr, x1, y1);
      cairo_line_to(cr, x2, y2);
    }
    cairo_stroke(cr);
  };
  strokes(3.4, 0.1);
  strokes(1.5, 1);
}

void draw_hand(cairo_t* cr) {
  cairo_move_to(cr, 8, 14);
  cairo_line_to(cr, 8, 3.6);
  cairo_curve_to(cr, 8, 1.2, 11.2, 1.2, 11.2, 3.6);
  cairo_line_to(cr, 11.2, 9.4);
  for (double x : {11.2, 14.2, 17.2}) { // three folded fingers
    cairo_line_to(cr, x, 9.8);
    cairo_curve_to(cr, x + 0.4, 8, x + 2.6, 8, x + 3, 9.8);
  }
  cairo_line_to(cr, 20.2, 16);
  cairo_curve_to(cr, 20.2, 20, 18, 22.6, 14.6, 22.6);
  cairo_curve_to(cr, 10.4, 22.6, 9, 20.6, 4.2, 14.6);
  cairo_curve_to(cr, 3, 12.8, 5.4, 11.4, 8, 14);
  cairo_close_path(cr);
  outline(cr);
}

cursor_shape_ptr alpha(cursor_kind kind, point hot_spot, void (*draw)(cairo_t*)) {
  constexpr int edge = 24;
  auto shape = blank_shape(kind, cursor_type::alpha, edge, hot_spot);
  surface_handle surface{cairo_image_surface_create(CAIRO_FORMAT_ARGB32, edge, edge)};
  draw(context_handle{cairo_create(surface.get())}.get());
  cairo_surface_flush(surface.get());
  const auto* pixels = reinterpret_cast<const std::byte*>(cairo_image_surface_get_data(surface.get()));
  shape.pixels = shared_bytes::copy_of({pixels, edge * edge * 4});
  return std::make_shared<const cursor_shape>(std::move(shape));
}

/// A white cross hair with a black rim. In the masks, AND XOR of 1 0 is transparent, 0 0 black, 0 1 white.
cursor_shape_ptr mono() {
  constexpr int edge = 32, middle = 15, row_bytes = edge / 8;
  auto shape = blank_shape(cursor_kind::cross, cursor_type::mono, edge, {middle, middle});
  auto [bytes, out] = shared_bytes::make(2 * edge * row_bytes);
  for (int y = 0; y < edge; ++y)
    for (int x = 0; x < row_bytes; ++x) {
      unsigned solid = 0, white = 0;
      for (int bit = 0; bit < 8; ++bit) {
        const int dx = std::abs(8 * x + bit - middle), dy = std::abs(y - middle);
        const int along = std::max(dx, dy), across = std::min(dx, dy);
        solid = solid << 1 | static_cast<unsigned>(across <= 1 && along >= 3 && along <= 14);
        white = white << 1 | static_cast<unsigned>(across == 0 && along >= 4 && along <= 13);
      }
      out[y * row_bytes + x] = static_cast<std::byte>(~solid & 0xff);
      out[(edge + y) * row_bytes + x] = static_cast<std::byte>(white);
    }
  shape.pixels = std::move(bytes);
  return std::make_shared<const cursor_shape>(std::move(shape));
}

/// A crocus; colour has no half tones of transparency, so whatever is mostly covered is drawn.
cursor_shape_ptr color() {
  constexpr int edge = 32;
  constexpr std::size_t pixels = edge * edge;
  auto shape = blank_shape(cursor_kind::crocus, cursor_type::color32, edge, {edge / 2, 2});
  surface_handle surface{cairo_image_surface_create(CAIRO_FORMAT_ARGB32, edge, edge)};
  draw_flower(context_handle{cairo_create(surface.get())}.get(), edge / 2., edge - 3., edge - 5., 1);
  cairo_surface_flush(surface.get());
  const auto* from = reinterpret_cast<const std::uint32_t*>(cairo_image_surface_get_data(surface.get()));
  auto [bytes, out] = shared_bytes::make(pixels * 4 + pixels / 8);
  std::memset(out + pixels * 4, 0, pixels / 8);
  for (std::size_t i = 0; i < pixels; ++i) {
    const bool covered = from[i] >> 24 >= 0x80;
    const std::uint32_t value = covered ? from[i] & 0xffffff : 0;
    std::memcpy(out + i * 4, &value, 4);
    if (!covered) out[pixels * 4 + i / 8] |= static_cast<std::byte>(0x80 >> i % 8);
  }
  shape.pixels = std::move(bytes);
  return std::make_shared<const cursor_shape>(std::move(shape));
}

} // namespace

cursor_set make_cursors() {
  return {alpha(cursor_kind::arrow, {1, 1}, draw_arrow), alpha(cursor_kind::beam, {12, 12}, draw_beam),
          alpha(cursor_kind::hand, {9, 2}, draw_hand), mono(), color()};
}

} // namespace saffron::devices::demo
