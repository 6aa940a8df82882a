// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/image.hpp"

namespace saffron::wire::display {

namespace {

/// Appends the palette, if it is not in the client's cache; 0 or its offset.
std::uint32_t append_palette(writer& w, const any_palette& any) {
  const auto* inside = std::get_if<palette>(&any);
  if (inside == nullptr) return 0;
  const auto offset = static_cast<std::uint32_t>(w.size());
  w.u64(inside->unique);
  write_list<std::uint16_t>(w, inside->entries);
  return offset;
}

std::uint8_t flags_for(std::uint8_t flags, const any_palette& any) noexcept {
  const auto others = static_cast<std::uint8_t>(flags & ~bitmap_flags::palette_from_cache);
  return std::holds_alternative<cached_palette>(any) ? others | bitmap_flags::palette_from_cache : others;
}

void write_palette_reference(writer& w, const any_palette& any, std::uint32_t offset) {
  if (const auto* cached = std::get_if<cached_palette>(&any))
    w.u64(cached->id);
  else
    w.u32(offset);
}

void read_palette_reference(reader& r, any_palette& any, std::uint8_t flags) {
  if ((flags & bitmap_flags::palette_from_cache) != 0) {
    any = cached_palette{r.u64()};
    return;
  }
  r.follow([&any](reader& there) {
    palette p{.unique = there.u64(), .entries = {}};
    read_list<std::uint16_t>(there, p.entries);
    any = std::move(p);
  });
}

/// Writes what stands between descriptor and data.
struct body_writer {
  writer& w;
  std::uint32_t palette;
  std::uint32_t bulk_size;

  void operator()(const bitmap& b) const {
    w.put(b.format).u8(flags_for(b.flags, b.palette)).u32(b.x).u32(b.y).u32(b.stride);
    write_palette_reference(w, b.palette, palette);
  }
  void operator()(const lz_plt_image& b) const {
    w.u8(flags_for(b.flags, b.palette)).u32(bulk_size);
    write_palette_reference(w, b.palette, palette);
  }
  void operator()(const zlib_glz_rgb_image& b) const { w.u32(b.glz_data_size).u32(bulk_size); }
  void operator()(const jpeg_alpha_image& b) const { w.u8(b.flags).u32(b.jpeg_size).u32(bulk_size); }
  void operator()(const surface_image& b) const { w.u32(b.surface_id); }
  void operator()(const cached_image&) const {}
  void operator()(const cached_lossless_image&) const {}
  template <image_type Type>
  void operator()(const encoded_image<Type>&) const {
    w.u32(bulk_size);
  }
};

struct body_reader {
  reader& r;

  void operator()(bitmap& b) const {
    b.format = r.get<bitmap_format>();
    b.flags = r.u8();
    b.x = r.u32();
    b.y = r.u32();
    b.stride = r.u32();
    read_palette_reference(r, b.palette, b.flags);
    const auto size = std::uint64_t{b.stride} * b.y;
    if (r.has(size, 1)) b.data = r.take(static_cast<std::size_t>(size));
  }
  void operator()(lz_plt_image& b) const {
    b.flags = r.u8();
    const auto size = r.u32();
    read_palette_reference(r, b.palette, b.flags);
    if (std::holds_alternative<std::monostate>(b.palette)) r.spoil();
    b.data = r.take(size);
  }
  void operator()(zlib_glz_rgb_image& b) const {
    b.glz_data_size = r.u32();
    b.data = r.take(r.u32());
  }
  void operator()(jpeg_alpha_image& b) const {
    b.flags = r.u8();
    b.jpeg_size = r.u32();
    b.data = r.take(r.u32());
    if (b.jpeg_size > b.data.size()) r.spoil();
  }
  void operator()(surface_image& b) const { b.surface_id = r.u32(); }
  void operator()(cached_image&) const {}
  void operator()(cached_lossless_image&) const {}
  template <image_type Type>
  void operator()(encoded_image<Type>& b) const {
    b.data = r.take(r.u32());
  }
};

/// Makes `body` the alternative of this type; false when there is none.
template <class... B>
bool select(std::variant<B...>& body, image_type type) {
  return ((type == B::type && (body = B{}, true)) || ...);
}

const any_palette* palette_of(const image& i) noexcept {
  if (const auto* b = std::get_if<bitmap>(&i.body)) return &b->palette;
  if (const auto* b = std::get_if<lz_plt_image>(&i.body)) return &b->palette;
  return nullptr;
}

} // namespace

image_type type_of(const image& i) noexcept {
  return std::visit([]<class B>(const B&) { return B::type; }, i.body);
}

byte_view data_of(const image& i) noexcept {
  return std::visit(
      [](const auto& body) -> byte_view {
        if constexpr (requires { body.data; }) return body.data;
        return {};
      },
      i.body);
}

void append_image_head(writer& w, std::size_t place, const image& i, std::size_t bulk_size) {
  const auto* any = palette_of(i);
  const auto palette = any != nullptr ? append_palette(w, *any) : 0;
  w.point_here(place);
  w.u64(i.id).put(type_of(i)).u8(i.flags).u32(i.width).u32(i.height);
  std::visit(body_writer{w, palette, static_cast<std::uint32_t>(bulk_size)}, i.body);
}

void append_image(writer& w, std::size_t place, const image& i) {
  const auto data = data_of(i);
  append_image_head(w, place, i, data.size());
  w.bytes(data);
}

void read(reader& r, image& i) {
  i.id = r.u64();
  const auto type = r.get<image_type>();
  i.flags = r.u8();
  i.width = r.u32();
  i.height = r.u32();
  if (select(i.body, type))
    std::visit(body_reader{r}, i.body);
  else
    r.spoil();
}

void read_image(reader& r, image& i) {
  if (!r.follow([&i](reader& there) { read(there, i); })) r.spoil();
}

void read_image(reader& r, std::optional<image>& i) {
  i.reset();
  r.follow([&i](reader& there) { read(there, i.emplace()); });
}

} // namespace saffron::wire::display
