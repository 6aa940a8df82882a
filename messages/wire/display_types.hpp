// SPDX-License-Identifier: BSD-3-Clause
// What display messages are made of, besides images. Source: spice-protocol's enums.h.
// Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/image.hpp"

namespace saffron::wire::display {

/// SPICE_CLIP_TYPE_*.
enum class clip_type : std::uint8_t { none = 0, rects = 1 };

/// SPICE_BRUSH_TYPE_*.
enum class brush_type : std::uint8_t { none = 0, solid = 1, pattern = 2 };

/// SPICE_IMAGE_SCALE_MODE_*.
enum class image_scale_mode : std::uint8_t { interpolate = 0, nearest = 1 };

/// SPICE_ROPD_*: how source, brush and destination are combined.
namespace ropd {
inline constexpr std::uint16_t invers_src = 1, invers_brush = 2, invers_dest = 4, op_put = 8, op_or = 16, op_and = 32,
                               op_xor = 64, op_blackness = 128, op_whiteness = 256, op_invers = 512, invers_res = 1024;
}

/// SPICE_MASK_FLAGS_*.
namespace mask_flags {
inline constexpr std::uint8_t invers = 1;
}

/// SPICE_PATH_*.
namespace path_flags {
inline constexpr std::uint8_t begin = 1, end = 2, close = 8, bezier = 16;
}

/// SPICE_LINE_FLAGS_*.
namespace line_flags {
inline constexpr std::uint8_t start_with_gap = 4;
/// Set and cleared by write(): a style means it.
inline constexpr std::uint8_t styled = 8;
} // namespace line_flags

/// SPICE_STRING_FLAGS_*: bits a pixel of the glyphs, and the order of their rows.
namespace string_flags {
inline constexpr std::uint8_t raster_a1 = 1, raster_a4 = 2, raster_a8 = 4, raster_top_down = 8;
}

/// SPICE_ALPHA_FLAGS_*.
namespace alpha_flags {
inline constexpr std::uint8_t dest_has_alpha = 1, src_surface_has_alpha = 2;
}

/// SPICE_COMPOSITE_*; the lowest eight bits are the operator.
namespace composite_flags {
inline constexpr std::uint32_t operator_mask = 0xff, src_filter_shift = 8, mask_filter_shift = 11,
                               src_repeat_shift = 14, mask_repeat_shift = 16, component_alpha = 1u << 18;
/// Set and cleared by write(): what is there means them.
inline constexpr std::uint32_t has_mask = 1u << 19, has_src_transform = 1u << 20, has_mask_transform = 1u << 21;
inline constexpr std::uint32_t source_opaque = 1u << 22, mask_opaque = 1u << 23, dest_opaque = 1u << 24;
} // namespace composite_flags

/// Where drawing is allowed.
struct clip_region {
  clip_type type = clip_type::none;
  /// Only with clip_type::rects.
  std::vector<rect> rects{};
  friend bool operator==(const clip_region&, const clip_region&) = default;
};
void write(writer& w, const clip_region& c);
void read(reader& r, clip_region& c);

/// What every draw message starts with: where it draws.
struct draw_base {
  std::uint32_t surface_id = 0;
  rect box{};
  clip_region clip{};
  static auto fields(auto& self) { return std::tie(self.surface_id, self.box, self.clip); }
  friend bool operator==(const draw_base&, const draw_base&) = default;
};

/// One colour.
struct solid_brush {
  std::uint32_t color = 0;
  friend bool operator==(const solid_brush&, const solid_brush&) = default;
};

/// A tile, and where it starts.
struct pattern_brush {
  image pattern{};
  point position{};
  friend bool operator==(const pattern_brush&, const pattern_brush&) = default;
};

using any_brush = std::variant<std::monostate, solid_brush, pattern_brush>;

/// A bit a pixel: which pixels are drawn.
struct mask {
  /// Bits of mask_flags.
  std::uint8_t flags = 0;
  point position{};
  std::optional<image> bitmap{};
  friend bool operator==(const mask&, const mask&) = default;
};

/// A piece of a path; coordinates have four fractional bits.
struct path_segment {
  /// Bits of path_flags.
  std::uint8_t flags = 0;
  std::vector<point> points{};
  friend bool operator==(const path_segment&, const path_segment&) = default;
};

/// How a line looks. `style` holds the lengths of dashes and gaps, at most 255, with four fractional bits.
struct line_attributes {
  /// Bits of line_flags.
  std::uint8_t flags = 0;
  std::optional<std::vector<std::int32_t>> style{};
  friend bool operator==(const line_attributes&, const line_attributes&) = default;
};

/// A glyph's pixels: `height` rows of whole bytes.
struct glyph {
  point render_position{};
  point origin{};
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  byte_view bits{};
  friend bool operator==(const glyph&, const glyph&) = default;
};

/// At most 65535 glyphs.
struct glyph_string {
  /// Bits of string_flags, one of the raster_a* among them.
  std::uint8_t flags = string_flags::raster_a1;
  std::vector<glyph> glyphs{};
  friend bool operator==(const glyph_string&, const glyph_string&) = default;
};

/// The upper two rows of a matrix, in 16.16.
using transform = std::array<std::uint32_t, 6>;

} // namespace saffron::wire::display
