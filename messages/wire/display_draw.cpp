// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/display_draw.hpp"

namespace saffron::wire::display::to_client {

namespace {

/// Images of brushes and masks: pointers are written in the fixed part, the images after it.
class later_images {
public:
  void point_to(writer& w, const image& i) { waiting_[count_++] = {w.pointer(), &i}; }
  void append(writer& w) const {
    for (std::size_t n = 0; n < count_; ++n) append_image(w, waiting_[n].place, *waiting_[n].what);
  }

private:
  struct waiting {
    std::size_t place = 0;
    const image* what = nullptr;
  };
  std::array<waiting, 2> waiting_; // no message has more
  std::size_t count_ = 0;
};

void write_brush(writer& w, const any_brush& brush, later_images& images) {
  if (const auto* solid = std::get_if<solid_brush>(&brush)) {
    w.put(brush_type::solid).u32(solid->color);
  } else if (const auto* pattern = std::get_if<pattern_brush>(&brush)) {
    w.put(brush_type::pattern);
    images.point_to(w, pattern->pattern);
    wire::write(w, pattern->position);
  } else {
    w.put(brush_type::none);
  }
}

void read_brush(reader& r, any_brush& brush) {
  switch (r.get<brush_type>()) {
  case brush_type::none: brush = std::monostate{}; return;
  case brush_type::solid: brush = solid_brush{r.u32()}; return;
  case brush_type::pattern: {
    auto& pattern = brush.emplace<pattern_brush>();
    read_image(r, pattern.pattern);
    wire::read(r, pattern.position);
    return;
  }
  }
  r.spoil();
}

void write_mask(writer& w, const mask& m, later_images& images) {
  w.u8(m.flags);
  wire::write(w, m.position);
  if (m.bitmap)
    images.point_to(w, *m.bitmap);
  else
    w.u32(0);
}

void read_mask(reader& r, mask& m) {
  m.flags = r.u8();
  wire::read(r, m.position);
  read_image(r, m.bitmap);
}

void write_path(writer& w, std::size_t place, const std::vector<path_segment>& path) {
  w.point_here(place).u32(static_cast<std::uint32_t>(path.size()));
  for (const auto& segment : path) {
    w.u8(segment.flags);
    write_list<std::uint32_t>(w, segment.points);
  }
}

void read_path(reader& r, std::vector<path_segment>& path) {
  const auto count = r.u32();
  if (!r.has(count, sizeof(std::uint8_t) + sizeof(std::uint32_t))) return;
  path.resize(count);
  for (auto& segment : path) {
    segment.flags = r.u8();
    read_list<std::uint32_t>(r, segment.points);
  }
}

/// The place of the pointer to the style, or 0.
std::size_t write_line(writer& w, const line_attributes& line) {
  const auto others = static_cast<std::uint8_t>(line.flags & ~line_flags::styled);
  w.u8(line.style ? others | line_flags::styled : others);
  if (!line.style) return 0;
  w.u8(static_cast<std::uint8_t>(line.style->size()));
  return w.pointer();
}

void read_line(reader& r, line_attributes& line) {
  line.flags = r.u8();
  if ((line.flags & line_flags::styled) == 0) return;
  const auto count = r.u8();
  auto& style = line.style.emplace();
  if (!r.follow([&](reader& there) { read_elements(there, style, count); }) && count != 0) r.spoil();
}

/// Bits a pixel of a string's glyphs; 0 when the flags do not say.
std::uint32_t glyph_depth(std::uint8_t flags) noexcept {
  if ((flags & string_flags::raster_a1) != 0) return 1;
  if ((flags & string_flags::raster_a4) != 0) return 4;
  if ((flags & string_flags::raster_a8) != 0) return 8;
  return 0;
}

void write_string(writer& w, std::size_t place, const glyph_string& text) {
  w.point_here(place).u16(static_cast<std::uint16_t>(text.glyphs.size())).u8(text.flags);
  for (const auto& g : text.glyphs) {
    wire::write(w, g.render_position);
    wire::write(w, g.origin);
    w.u16(g.width).u16(g.height).bytes(g.bits);
  }
}

void read_string(reader& r, glyph_string& text) {
  constexpr std::size_t smallest_glyph = 2 * wire_size<point>() + 2 * sizeof(std::uint16_t);
  const auto count = r.u16();
  text.flags = r.u8();
  const auto depth = glyph_depth(text.flags);
  if (depth == 0) r.spoil();
  if (!r.has(count, smallest_glyph)) return;
  text.glyphs.resize(count);
  for (auto& g : text.glyphs) {
    wire::read(r, g.render_position);
    wire::read(r, g.origin);
    g.width = r.u16();
    g.height = r.u16();
    g.bits = r.take((std::size_t{g.width} * depth + 7) / 8 * g.height);
  }
}

template <class M>
void write_whole(writer& w, const M& m) {
  const auto data = data_of(m.source);
  write_head(w, m, data.size());
  w.bytes(data);
}

template <class M>
void write_copy_head(writer& w, const M& m, std::size_t bulk_size) {
  later_images images;
  wire::write(w, m.base);
  const auto source = w.pointer();
  wire::write(w, m.source_area);
  w.u16(m.rop_descriptor).put(m.scale_mode);
  write_mask(w, m.mask, images);
  images.append(w);
  append_image_head(w, source, m.source, bulk_size);
}

template <class M>
void read_copy(reader& r, M& m) {
  wire::read(r, m.base);
  read_image(r, m.source);
  wire::read(r, m.source_area);
  m.rop_descriptor = r.u16();
  m.scale_mode = r.get<image_scale_mode>();
  read_mask(r, m.mask);
}

template <class M>
void write_masked(writer& w, const M& m) {
  later_images images;
  wire::write(w, m.base);
  write_mask(w, m.mask, images);
  images.append(w);
}

template <class M>
void read_masked(reader& r, M& m) {
  wire::read(r, m.base);
  read_mask(r, m.mask);
}

} // namespace

void write(writer& w, const draw_fill& m) {
  later_images images;
  wire::write(w, m.base);
  write_brush(w, m.brush, images);
  w.u16(m.rop_descriptor);
  write_mask(w, m.mask, images);
  images.append(w);
}
void read(reader& r, draw_fill& m) {
  wire::read(r, m.base);
  read_brush(r, m.brush);
  m.rop_descriptor = r.u16();
  read_mask(r, m.mask);
}

void write_head(writer& w, const draw_opaque& m, std::size_t bulk_size) {
  later_images images;
  wire::write(w, m.base);
  const auto source = w.pointer();
  wire::write(w, m.source_area);
  write_brush(w, m.brush, images);
  w.u16(m.rop_descriptor).put(m.scale_mode);
  write_mask(w, m.mask, images);
  images.append(w);
  append_image_head(w, source, m.source, bulk_size);
}
void write(writer& w, const draw_opaque& m) { write_whole(w, m); }
void read(reader& r, draw_opaque& m) {
  wire::read(r, m.base);
  read_image(r, m.source);
  wire::read(r, m.source_area);
  read_brush(r, m.brush);
  m.rop_descriptor = r.u16();
  m.scale_mode = r.get<image_scale_mode>();
  read_mask(r, m.mask);
}

void write_head(writer& w, const draw_copy& m, std::size_t bulk_size) { write_copy_head(w, m, bulk_size); }
void write(writer& w, const draw_copy& m) { write_whole(w, m); }
void read(reader& r, draw_copy& m) { read_copy(r, m); }

void write_head(writer& w, const draw_blend& m, std::size_t bulk_size) { write_copy_head(w, m, bulk_size); }
void write(writer& w, const draw_blend& m) { write_whole(w, m); }
void read(reader& r, draw_blend& m) { read_copy(r, m); }

void write(writer& w, const draw_blackness& m) { write_masked(w, m); }
void read(reader& r, draw_blackness& m) { read_masked(r, m); }

void write(writer& w, const draw_whiteness& m) { write_masked(w, m); }
void read(reader& r, draw_whiteness& m) { read_masked(r, m); }

void write(writer& w, const draw_invers& m) { write_masked(w, m); }
void read(reader& r, draw_invers& m) { read_masked(r, m); }

void write_head(writer& w, const draw_rop3& m, std::size_t bulk_size) {
  later_images images;
  wire::write(w, m.base);
  const auto source = w.pointer();
  wire::write(w, m.source_area);
  write_brush(w, m.brush, images);
  w.u8(m.rop3).put(m.scale_mode);
  write_mask(w, m.mask, images);
  images.append(w);
  append_image_head(w, source, m.source, bulk_size);
}
void write(writer& w, const draw_rop3& m) { write_whole(w, m); }
void read(reader& r, draw_rop3& m) {
  wire::read(r, m.base);
  read_image(r, m.source);
  wire::read(r, m.source_area);
  read_brush(r, m.brush);
  m.rop3 = r.u8();
  m.scale_mode = r.get<image_scale_mode>();
  read_mask(r, m.mask);
}

void write(writer& w, const draw_stroke& m) {
  later_images images;
  wire::write(w, m.base);
  const auto path = w.pointer();
  const auto style = write_line(w, m.line);
  write_brush(w, m.brush, images);
  w.u16(m.fore_mode).u16(m.back_mode);
  write_path(w, path, m.path);
  if (m.line.style && !m.line.style->empty()) {
    w.point_here(style);
    write_elements(w, *m.line.style);
  }
  images.append(w);
}
void read(reader& r, draw_stroke& m) {
  wire::read(r, m.base);
  if (!r.follow([&m](reader& there) { read_path(there, m.path); })) r.spoil();
  read_line(r, m.line);
  read_brush(r, m.brush);
  m.fore_mode = r.u16();
  m.back_mode = r.u16();
}

void write(writer& w, const draw_text& m) {
  later_images images;
  wire::write(w, m.base);
  const auto text = w.pointer();
  wire::write(w, m.back_area);
  write_brush(w, m.fore_brush, images);
  write_brush(w, m.back_brush, images);
  w.u16(m.fore_mode).u16(m.back_mode);
  write_string(w, text, m.text);
  images.append(w);
}
void read(reader& r, draw_text& m) {
  wire::read(r, m.base);
  if (!r.follow([&m](reader& there) { read_string(there, m.text); })) r.spoil();
  wire::read(r, m.back_area);
  read_brush(r, m.fore_brush);
  read_brush(r, m.back_brush);
  m.fore_mode = r.u16();
  m.back_mode = r.u16();
}

void write_head(writer& w, const draw_transparent& m, std::size_t bulk_size) {
  wire::write(w, m.base);
  const auto source = w.pointer();
  wire::write(w, m.source_area);
  w.u32(m.source_color).u32(m.true_color);
  append_image_head(w, source, m.source, bulk_size);
}
void write(writer& w, const draw_transparent& m) { write_whole(w, m); }
void read(reader& r, draw_transparent& m) {
  wire::read(r, m.base);
  read_image(r, m.source);
  wire::read(r, m.source_area);
  m.source_color = r.u32();
  m.true_color = r.u32();
}

void write_head(writer& w, const draw_alpha_blend& m, std::size_t bulk_size) {
  wire::write(w, m.base);
  w.u8(m.flags).u8(m.alpha);
  const auto source = w.pointer();
  wire::write(w, m.source_area);
  append_image_head(w, source, m.source, bulk_size);
}
void write(writer& w, const draw_alpha_blend& m) { write_whole(w, m); }
void read(reader& r, draw_alpha_blend& m) {
  wire::read(r, m.base);
  m.flags = r.u8();
  m.alpha = r.u8();
  read_image(r, m.source);
  wire::read(r, m.source_area);
}

void write_head(writer& w, const draw_composite& m, std::size_t bulk_size) {
  using namespace composite_flags;
  later_images images;
  wire::write(w, m.base);
  auto flags = m.flags & ~(has_mask | has_src_transform | has_mask_transform);
  if (m.mask) flags |= has_mask;
  if (m.source_transform) flags |= has_src_transform;
  if (m.mask_transform) flags |= has_mask_transform;
  w.u32(flags);
  const auto source = w.pointer();
  if (m.mask) images.point_to(w, *m.mask);
  if (m.source_transform) wire::write(w, *m.source_transform);
  if (m.mask_transform) wire::write(w, *m.mask_transform);
  wire::write(w, m.source_origin);
  wire::write(w, m.mask_origin);
  images.append(w);
  append_image_head(w, source, m.source, bulk_size);
}
void write(writer& w, const draw_composite& m) { write_whole(w, m); }
void read(reader& r, draw_composite& m) {
  using namespace composite_flags;
  wire::read(r, m.base);
  m.flags = r.u32();
  read_image(r, m.source);
  if ((m.flags & has_mask) != 0) read_image(r, m.mask.emplace());
  if ((m.flags & has_src_transform) != 0) wire::read(r, m.source_transform.emplace());
  if ((m.flags & has_mask_transform) != 0) wire::read(r, m.mask_transform.emplace());
  wire::read(r, m.source_origin);
  wire::read(r, m.mask_origin);
}

} // namespace saffron::wire::display::to_client
