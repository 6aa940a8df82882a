// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/canvas.hpp"

#include "messages/wire/video_codec_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace saffron::load {

using namespace wire::display;
namespace tc = wire::display::to_client;

namespace {

constexpr std::uint32_t edge_limit = 16384;
constexpr std::uint64_t area_limit = 64 * 1024 * 1024;

/// Coordinates that can be added and subtracted without overflow.
bool sane(std::int32_t v) { return v > -(1 << 24) && v < (1 << 24); }
bool sane(const rect& r) { return sane(r.left) && sane(r.top) && sane(r.right) && sane(r.bottom); }

/// Calls `f` with each rectangle of `base` that may be drawn on a surface of this area.
template <class F>
void each_part(const draw_base& base, const rect& surface_area, F f) {
  const auto box = base.box.intersect(surface_area);
  if (box.empty()) return;
  if (base.clip.type == clip_type::none) return f(box);
  for (const auto& allowed : base.clip.rects)
    if (const auto part = box.intersect(allowed); !part.empty()) f(part);
}

/// Calls `f` with a pointer to the pixels of each row of `part`.
template <class F>
void each_row(surface& of, const rect& part, F f) {
  for (auto y = part.top; y < part.bottom; ++y) f(of.at(part.left, y), y);
}

/// Copies what lies at (x + dx, y + dy) of the image to (x, y), for all that may be drawn.
void put(surface& on, const draw_base& base, const decoded_image& pixels, std::int32_t dx, std::int32_t dy) {
  const rect image_area = whole(extent{pixels.width(), pixels.height()}).shifted(-dx, -dy);
  each_part(base, on.area().intersect(image_area), [&](const rect& part) {
    each_row(on, part, [&](std::uint32_t* row, std::int32_t y) {
      const auto* from = pixels.row(static_cast<std::uint32_t>(y + dy)) + std::ptrdiff_t{part.left + dx} * 4;
      std::memcpy(row, from, static_cast<std::size_t>(part.width()) * sizeof *row);
    });
  });
}

} // namespace

void canvas::apply(const tc::message& message) {
  std::visit(
      [this]<class M>(const M& m) {
        if constexpr (requires { draw(m); })
          draw(m);
        else if constexpr (requires { m.base; })
          miss(fmt::format("message {}", M::type));
      },
      message);
}

const surface* canvas::primary() const noexcept {
  const auto found = surfaces_.find(primary_);
  return has_primary_ && found != surfaces_.end() ? &found->second : nullptr;
}

surface* canvas::find(std::uint32_t id) {
  const auto found = surfaces_.find(id);
  if (found != surfaces_.end()) return &found->second;
  miss("draw on no surface");
  return nullptr;
}

void canvas::draw(const tc::surface_create& m) {
  if (m.width > edge_limit || m.height > edge_limit || std::uint64_t{m.width} * m.height > area_limit)
    return miss("surface too large");
  surfaces_[m.surface_id] = surface{{m.width, m.height}, std::vector<std::uint32_t>(std::size_t{m.width} * m.height)};
  if ((m.flags & surface_flags::primary) == 0) return;
  primary_ = m.surface_id;
  has_primary_ = true;
}

void canvas::draw(const tc::surface_destroy& m) { surfaces_.erase(m.surface_id); }

void canvas::draw(const tc::copy_bits& m) {
  auto* on = find(m.base.surface_id);
  if (on == nullptr) return;
  if (!sane(m.base.box) || !sane(m.source_position.x) || !sane(m.source_position.y)) return miss("coordinates");
  const auto dx = m.source_position.x - m.base.box.left;
  const auto dy = m.source_position.y - m.base.box.top;
  // Source and destination may overlap, and clip rectangles must not see each other's work: copy through memory.
  const auto readable = m.base.box.shifted(dx, dy).intersect(on->area());
  if (readable.empty()) return;
  const auto width = static_cast<std::size_t>(readable.width());
  std::vector<std::uint32_t> before(width * static_cast<std::size_t>(readable.height()));
  each_row(*on, readable, [&](const std::uint32_t* row, std::int32_t y) {
    std::memcpy(before.data() + static_cast<std::size_t>(y - readable.top) * width, row, width * sizeof *row);
  });
  each_part(m.base, readable.shifted(-dx, -dy).intersect(on->area()), [&](const rect& part) {
    each_row(*on, part, [&](std::uint32_t* row, std::int32_t y) {
      const auto* from = before.data() + static_cast<std::size_t>(y + dy - readable.top) * width +
                         static_cast<std::size_t>(part.left + dx - readable.left);
      std::memcpy(row, from, static_cast<std::size_t>(part.width()) * sizeof *row);
    });
  });
}

template <class F>
void canvas::fill(const draw_base& base, const mask& m, F change) {
  auto* on = find(base.surface_id);
  if (on == nullptr) return;
  if (m.bitmap) return miss("mask");
  each_part(base, on->area(), [&](const rect& part) {
    each_row(*on, part, [&](std::uint32_t* row, std::int32_t) { std::for_each_n(row, part.width(), change); });
  });
}

void canvas::draw(const tc::draw_fill& m) {
  const auto* solid = std::get_if<solid_brush>(&m.brush);
  if (std::holds_alternative<pattern_brush>(m.brush)) return miss("pattern brush");
  if (m.rop_descriptor != ropd::op_put) return miss(fmt::format("rop {:#x}", m.rop_descriptor));
  if (solid != nullptr) fill(m.base, m.mask, [color = solid->color](std::uint32_t& pixel) { pixel = color; });
}

void canvas::draw(const tc::draw_blackness& m) {
  fill(m.base, m.mask, [](std::uint32_t& pixel) { pixel = 0; });
}
void canvas::draw(const tc::draw_whiteness& m) {
  fill(m.base, m.mask, [](std::uint32_t& pixel) { pixel = 0xffffff; });
}
void canvas::draw(const tc::draw_invers& m) {
  fill(m.base, m.mask, [](std::uint32_t& pixel) { pixel ^= 0xffffff; });
}

void canvas::draw(const tc::draw_copy& m) { copy_image(m); }
void canvas::draw(const tc::draw_blend& m) { copy_image(m); }

template <class M>
void canvas::copy_image(const M& m) {
  if (m.rop_descriptor != ropd::op_put) return miss(fmt::format("rop {:#x}", m.rop_descriptor));
  if (m.mask.bitmap) return miss("mask");
  const auto& box = m.base.box;
  const auto& source = m.source_area;
  if (!sane(box) || !sane(source)) return miss("coordinates");
  if (source.width() != box.width() || source.height() != box.height()) return miss("scaled image");
  auto* on = find(m.base.surface_id);
  decoded_image pixels;
  if (on == nullptr || !fetch(m.source, pixels)) return;
  put(*on, m.base, pixels, source.left - box.left, source.top - box.top);
}

void canvas::draw(const tc::stream_create& m) {
  videos_[m.stream_id] = {{m.surface_id, m.destination, m.clip}, m.codec};
}

void canvas::draw(const tc::stream_clip& m) {
  if (const auto found = videos_.find(m.stream_id); found != videos_.end()) found->second.base.clip = m.clip;
}

void canvas::draw(const tc::stream_data& m) {
  const auto found = videos_.find(m.stream_id);
  if (found != videos_.end()) draw_frame(found->second, found->second.base.box, m.data);
}

void canvas::draw(const tc::stream_data_sized& m) {
  const auto found = videos_.find(m.stream_id);
  if (found != videos_.end()) draw_frame(found->second, m.destination, m.data);
}

void canvas::draw_frame(const video& of, const rect& destination, std::span<const std::byte> data) {
  auto* on = find(of.base.surface_id);
  if (on == nullptr) return;
  if (!sane(destination)) return miss("coordinates");
  decoded_image pixels;
  const auto state = decode_frame(of.codec, data, pixels);
  if (state != decode_state::done)
    return miss(fmt::format("{} {}", state == decode_state::malformed ? "malformed" : "video", to_string(of.codec)));
  if (whole(extent{pixels.width(), pixels.height()}) != destination.shifted(-destination.left, -destination.top))
    return miss("scaled video");
  put(*on, {of.base.surface_id, destination, of.base.clip}, pixels, -destination.left, -destination.top);
}

// The palette is in the image, or kept, or to be kept.
image canvas::with_palette(image from) {
  std::visit(
      [this](auto& body) {
        if constexpr (requires { body.palette; }) {
          if (const auto* cached = std::get_if<cached_palette>(&body.palette)) {
            if (const auto kept = palettes_.find(cached->id); kept != palettes_.end()) body.palette = kept->second;
          } else if (const auto* inside = std::get_if<palette>(&body.palette);
                     inside != nullptr && (body.flags & bitmap_flags::palette_cache_me) != 0) {
            palettes_[inside->unique] = *inside;
          }
        }
      },
      from.body);
  return from;
}

bool canvas::fetch(const image& from, decoded_image& to) {
  const auto type = type_of(from);
  if (type == image_type::from_cache || type == image_type::from_cache_lossless) {
    const auto cached = images_.find(from.id);
    if (cached == images_.end()) return miss("image not in the cache"), false;
    to = cached->second.kept();
    return true;
  }
  if (const auto* other = std::get_if<surface_image>(&from.body)) {
    const auto* on = find(other->surface_id);
    if (on == nullptr) return false;
    const auto* top = reinterpret_cast<const std::byte*>(on->pixels.data());
    to = decoded_image{on->size.width, on->size.height, top, std::ptrdiff_t{on->size.width} * 4}.kept();
    return true;
  }
  const auto state = decode_image(with_palette(from), to);
  if (state == decode_state::done) {
    if ((from.flags & (image_flags::cache_me | image_flags::cache_replace_me)) != 0) images_[from.id] = to.kept();
    return true;
  }
  miss(fmt::format("{} {}", state == decode_state::malformed ? "malformed" : "image", name_of(type)));
  return false;
}

void canvas::draw(const tc::inval_list& m) {
  for (const auto& resource : m.resources) images_.erase(resource.id);
}
void canvas::draw(const tc::inval_all_pixmaps&) { images_.clear(); }

} // namespace saffron::load
