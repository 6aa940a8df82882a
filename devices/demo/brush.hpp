// SPDX-License-Identifier: BSD-3-Clause
// Colours and the few shapes that everything on the desktop is made of.
#pragma once

#include "messages/geometry.hpp"

#include <cairo.h>

#include <cstdint>
#include <string_view>

namespace saffron::devices::demo {

/// 0x00RRGGBB.
using rgb = std::uint32_t;

namespace palette {
inline constexpr rgb night = 0x1a1033, violet = 0x43246f, plum = 0x8a4391, dusk = 0xe3803c, saffron = 0xf4b41a,
                     orange = 0xf08a24, paper = 0xece6f7, grey = 0x9a90b4, shell = 0x161021, body = 0x211833,
                     bar = 0x32254d, tile = 0x2c2145, lit_tile = 0x4a3576, line = 0x4d3f6b;
} // namespace palette

enum class face : std::uint8_t { sans, bold, mono, mono_bold, serif };
enum class align : std::uint8_t { left, center, right };

void set_color(cairo_t* cr, rgb color, double opacity = 1);
void fill_rect(cairo_t* cr, const rect& r, rgb color, double opacity = 1);
/// A path with round corners; `low` says whether the lower ones are round too.
void round_path(cairo_t* cr, const rect& r, double radius, bool low = true);
void set_font(cairo_t* cr, face f, int size);
/// One line of ASCII with its baseline at y. The current colour.
void draw_text(cairo_t* cr, double x, double y, std::string_view text, align where = align::left);

/// While it lives nothing is drawn outside of `area`. What is drawn again on its own must not spill over its edge.
class clip_to {
public:
  clip_to(cairo_t* cr, const rect& area);
  ~clip_to() { cairo_restore(cr_); }
  clip_to(const clip_to&) = delete;
  clip_to& operator=(const clip_to&) = delete;

private:
  cairo_t* cr_;
};

/// What may be drawn at all.
[[nodiscard]] rect clip_of(cairo_t* cr);
[[nodiscard]] bool inside(const rect& part, const rect& all) noexcept;
/// True when some of `r` may be drawn; parts that cannot be seen are not worth their strokes.
[[nodiscard]] bool visible(cairo_t* cr, const rect& r);

} // namespace saffron::devices::demo
