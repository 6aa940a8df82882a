// SPDX-License-Identifier: BSD-3-Clause
#include "actors/strip_images.hpp"

#include <array>

namespace saffron::actors {

namespace {

namespace display = wire::display;
using image::bitmap_format;

// Which row comes first, and the format.
shared_bytes lz4_header(const picture& p) {
  return shared_bytes::copy_of(std::array{std::byte{p.top_down}, static_cast<std::byte>(p.format)});
}

void append(strip_image& image, const picture_ptr& strip, const encoded_form& made) {
  if (image.payload.empty()) {
    image.area = strip->area;
    image.form = made.form;
    image.shown = strip;
    image.jpeg_size = made.jpeg_size;
    image.glz_size = made.glz_size;
    if (made.form == image_form::lz4) {
      image.payload.push_back(lz4_header(*strip));
      image.bytes = image.payload.front().size();
    }
  }
  image.area.bottom = strip->area.bottom;
  for (const auto& piece : {made.head, made.data, made.tail})
    if (!piece.empty()) image.payload.push_back(piece);
  image.bytes += made.head.size() + made.data.size() + made.tail.size();
  image.pixel_bytes += strip->pixels.size();
}

// What a dictionary has promised to the client is sent, come what may.
bool is_raw_better(const strip_image& image) { return image.bytes >= image.pixel_bytes && !is_glz(image.form); }

strip_image raw_of(std::span<const picture_ptr> strips) {
  strip_image image;
  for (const auto& s : strips) append(image, s, {image_form::raw, s->pixels});
  return image;
}

std::uint8_t orientation(const picture& p) { return p.top_down ? display::bitmap_flags::top_down : std::uint8_t{0}; }

display::any_palette palette_of(const picture& p) {
  if (!p.palette) return {};
  return *p.palette;
}

display::bitmap raw_body(const picture& p, const display::image& whole) {
  display::bitmap raw;
  raw.format = p.format;
  raw.flags = orientation(p);
  raw.x = whole.width;
  raw.y = whole.height;
  raw.stride = static_cast<std::uint32_t>(image::row_bytes(p.format, whole.width));
  raw.palette = palette_of(p);
  return raw;
}

display::lz_plt_image indexed_body(const picture& p) {
  display::lz_plt_image body;
  body.flags = orientation(p);
  body.palette = palette_of(p);
  return body;
}

display::zlib_glz_rgb_image zlib_body(const strip_image& from) {
  display::zlib_glz_rgb_image body;
  body.glz_data_size = static_cast<std::uint32_t>(from.glz_size);
  return body;
}

display::jpeg_alpha_image alpha_body(const strip_image& from) {
  display::jpeg_alpha_image body;
  body.flags = from.shown->top_down ? display::jpeg_alpha_flags::top_down : std::uint8_t{0};
  body.jpeg_size = static_cast<std::uint32_t>(from.jpeg_size);
  return body;
}

} // namespace

std::vector<strip_image> join_strips(const patch& from, std::span<const encoded_form> forms) {
  std::vector<strip_image> images;
  const std::span strips{from.strips};
  for (std::size_t first = 0; first < strips.size();) {
    auto end = first + 1;
    while (end < strips.size() && can_be_joined(forms[first].form) && forms[end].form == forms[first].form) ++end;
    strip_image image;
    for (auto i = first; i < end; ++i) append(image, strips[i], forms[i]);
    images.push_back(is_raw_better(image) ? raw_of(strips.subspan(first, end - first)) : std::move(image));
    first = end;
  }
  return images;
}

strip_image image_of(const rect& area, const picture_ptr& shown, const encoded_form& made) {
  strip_image image;
  append(image, shown, made);
  if (is_raw_better(image)) image = raw_of({&shown, 1});
  image.area = area;
  return image;
}

display::image describe(const strip_image& from) {
  display::image out;
  out.width = static_cast<std::uint32_t>(from.area.width());
  out.height = static_cast<std::uint32_t>(from.area.height());
  switch (image_type_of(from.form, from.shown->format)) {
  case display::image_type::lz4: out.body = display::lz4_image{}; break;
  case display::image_type::lz_rgb: out.body = display::lz_rgb_image{}; break;
  case display::image_type::lz_plt: out.body = indexed_body(*from.shown); break;
  case display::image_type::quic: out.body = display::quic_image{}; break;
  case display::image_type::glz_rgb: out.body = display::glz_rgb_image{}; break;
  case display::image_type::zlib_glz_rgb: out.body = zlib_body(from); break;
  case display::image_type::jpeg: out.body = display::jpeg_image{}; break;
  case display::image_type::jpeg_alpha: out.body = alpha_body(from); break;
  default: out.body = raw_body(*from.shown, out); break;
  }
  return out;
}

display::image_type image_type_of(image_form form, bitmap_format format) noexcept {
  using t = display::image_type;
  switch (form) {
  case image_form::raw: return t::bitmap;
  case image_form::lz4: return t::lz4;
  case image_form::lz: return image::is_indexed(format) ? t::lz_plt : t::lz_rgb;
  case image_form::quic: return t::quic;
  case image_form::glz: return t::glz_rgb;
  case image_form::zlib_glz: return t::zlib_glz_rgb;
  case image_form::jpeg:
  case image_form::coarse_jpeg:
  case image_form::rough_jpeg: return format == bitmap_format::rgba ? t::jpeg_alpha : t::jpeg;
  }
  return t::bitmap;
}

// Blocks of LZ4 have no history, and rows of pixels follow each other anyway.
bool can_be_joined(image_form form) noexcept { return form == image_form::raw || form == image_form::lz4; }

std::string_view to_string(image_form form) noexcept {
  switch (form) {
  case image_form::raw: return "raw";
  case image_form::lz4: return "lz4";
  case image_form::lz: return "lz";
  case image_form::quic: return "quic";
  case image_form::glz: return "glz";
  case image_form::zlib_glz: return "glz in zlib";
  case image_form::jpeg: return "jpeg";
  case image_form::coarse_jpeg: return "coarse jpeg";
  case image_form::rough_jpeg: return "rough jpeg";
  }
  return "unknown";
}

} // namespace saffron::actors
