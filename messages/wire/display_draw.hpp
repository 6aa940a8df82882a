// SPDX-License-Identifier: BSD-3-Clause
// The draw messages. Source: spice-protocol's enums.h.
// Views (byte_view) are valid as long as the body they were decoded from. Encoders put the source image last, so that
// its data ends the message; `write_head` stops before it, with sizes as if `bulk_size` bytes of data followed.
#pragma once

#include "messages/wire/display_types.hpp"

namespace saffron::wire::display::to_client {

/// Copies inside a surface: scrolling.
struct copy_bits {
  static constexpr std::uint16_t type = 104;
  draw_base base{};
  point source_position{};
  static auto fields(auto& self) { return std::tie(self.base, self.source_position); }
  friend bool operator==(const copy_bits&, const copy_bits&) = default;
};

/// Fills with a brush.
struct draw_fill {
  static constexpr std::uint16_t type = 302;
  draw_base base{};
  any_brush brush{};
  /// Bits of ropd, here and below.
  std::uint16_t rop_descriptor = ropd::op_put;
  display::mask mask{};
  friend bool operator==(const draw_fill&, const draw_fill&) = default;
};
void write(writer& w, const draw_fill& m);
void read(reader& r, draw_fill& m);

/// Draws an image, combined with a brush.
struct draw_opaque {
  static constexpr std::uint16_t type = 303;
  draw_base base{};
  image source{};
  rect source_area{};
  any_brush brush{};
  std::uint16_t rop_descriptor = ropd::op_put;
  image_scale_mode scale_mode = image_scale_mode::interpolate;
  display::mask mask{};
  friend bool operator==(const draw_opaque&, const draw_opaque&) = default;
};
void write_head(writer& w, const draw_opaque& m, std::size_t bulk_size);
void write(writer& w, const draw_opaque& m);
void read(reader& r, draw_opaque& m);

/// Draws an image.
struct draw_copy {
  static constexpr std::uint16_t type = 304;
  draw_base base{};
  image source{};
  rect source_area{};
  std::uint16_t rop_descriptor = ropd::op_put;
  image_scale_mode scale_mode = image_scale_mode::interpolate;
  display::mask mask{};
  friend bool operator==(const draw_copy&, const draw_copy&) = default;
};
void write_head(writer& w, const draw_copy& m, std::size_t bulk_size);
void write(writer& w, const draw_copy& m);
void read(reader& r, draw_copy& m);

/// Draws an image over what is there.
struct draw_blend {
  static constexpr std::uint16_t type = 305;
  draw_base base{};
  image source{};
  rect source_area{};
  std::uint16_t rop_descriptor = ropd::op_put;
  image_scale_mode scale_mode = image_scale_mode::interpolate;
  display::mask mask{};
  friend bool operator==(const draw_blend&, const draw_blend&) = default;
};
void write_head(writer& w, const draw_blend& m, std::size_t bulk_size);
void write(writer& w, const draw_blend& m);
void read(reader& r, draw_blend& m);

/// Makes everything black.
struct draw_blackness {
  static constexpr std::uint16_t type = 306;
  draw_base base{};
  display::mask mask{};
  friend bool operator==(const draw_blackness&, const draw_blackness&) = default;
};
void write(writer& w, const draw_blackness& m);
void read(reader& r, draw_blackness& m);

/// Makes everything white.
struct draw_whiteness {
  static constexpr std::uint16_t type = 307;
  draw_base base{};
  display::mask mask{};
  friend bool operator==(const draw_whiteness&, const draw_whiteness&) = default;
};
void write(writer& w, const draw_whiteness& m);
void read(reader& r, draw_whiteness& m);

/// Inverts everything.
struct draw_invers {
  static constexpr std::uint16_t type = 308;
  draw_base base{};
  display::mask mask{};
  friend bool operator==(const draw_invers&, const draw_invers&) = default;
};
void write(writer& w, const draw_invers& m);
void read(reader& r, draw_invers& m);

/// Combines image, brush and destination by one of 256 functions.
struct draw_rop3 {
  static constexpr std::uint16_t type = 309;
  draw_base base{};
  image source{};
  rect source_area{};
  any_brush brush{};
  std::uint8_t rop3 = 0;
  image_scale_mode scale_mode = image_scale_mode::interpolate;
  display::mask mask{};
  friend bool operator==(const draw_rop3&, const draw_rop3&) = default;
};
void write_head(writer& w, const draw_rop3& m, std::size_t bulk_size);
void write(writer& w, const draw_rop3& m);
void read(reader& r, draw_rop3& m);

/// Draws a line.
struct draw_stroke {
  static constexpr std::uint16_t type = 310;
  draw_base base{};
  std::vector<path_segment> path{};
  line_attributes line{};
  any_brush brush{};
  std::uint16_t fore_mode = 0;
  std::uint16_t back_mode = 0;
  friend bool operator==(const draw_stroke&, const draw_stroke&) = default;
};
void write(writer& w, const draw_stroke& m);
void read(reader& r, draw_stroke& m);

/// Draws glyphs.
struct draw_text {
  static constexpr std::uint16_t type = 311;
  draw_base base{};
  glyph_string text{};
  rect back_area{};
  any_brush fore_brush{};
  any_brush back_brush{};
  std::uint16_t fore_mode = 0;
  std::uint16_t back_mode = 0;
  friend bool operator==(const draw_text&, const draw_text&) = default;
};
void write(writer& w, const draw_text& m);
void read(reader& r, draw_text& m);

/// Draws an image except for the pixels of one colour.
struct draw_transparent {
  static constexpr std::uint16_t type = 312;
  draw_base base{};
  image source{};
  rect source_area{};
  /// The colour in the image's format, and as 32 bits.
  std::uint32_t source_color = 0;
  std::uint32_t true_color = 0;
  friend bool operator==(const draw_transparent&, const draw_transparent&) = default;
};
void write_head(writer& w, const draw_transparent& m, std::size_t bulk_size);
void write(writer& w, const draw_transparent& m);
void read(reader& r, draw_transparent& m);

/// Draws an image by its alpha channel and one alpha for all.
struct draw_alpha_blend {
  static constexpr std::uint16_t type = 313;
  draw_base base{};
  /// Bits of alpha_flags.
  std::uint8_t flags = 0;
  std::uint8_t alpha = 0;
  image source{};
  rect source_area{};
  friend bool operator==(const draw_alpha_blend&, const draw_alpha_blend&) = default;
};
void write_head(writer& w, const draw_alpha_blend& m, std::size_t bulk_size);
void write(writer& w, const draw_alpha_blend& m);
void read(reader& r, draw_alpha_blend& m);

/// An operation of the RENDER extension; needs display_capability::composite.
struct draw_composite {
  static constexpr std::uint16_t type = 318;
  draw_base base{};
  /// Operator and composite_flags.
  std::uint32_t flags = 0;
  image source{};
  std::optional<image> mask{};
  std::optional<transform> source_transform{};
  std::optional<transform> mask_transform{};
  point16 source_origin{};
  point16 mask_origin{};
  friend bool operator==(const draw_composite&, const draw_composite&) = default;
};
void write_head(writer& w, const draw_composite& m, std::size_t bulk_size);
void write(writer& w, const draw_composite& m);
void read(reader& r, draw_composite& m);

} // namespace saffron::wire::display::to_client
