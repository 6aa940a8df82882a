// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/surface.hpp"

#include "messages/defaults.hpp"

#include <pixman.h>

#include <algorithm>
#include <cstring>

namespace saffron::devices {

namespace {

std::size_t row_bytes(rect area) noexcept { return static_cast<std::size_t>(area.width()) * bytes_per_pixel; }

// The part of [first, last) for which both it and the same range shifted by `shift` lie in [0, limit).
std::pair<std::int64_t, std::int64_t> clip_both(std::int64_t first, std::int64_t last, std::int64_t shift,
                                                std::int64_t limit) noexcept {
  return {std::max({first, std::int64_t{0}, -shift}), std::min({last, limit, limit - shift})};
}

} // namespace

rect clip(rect area, extent surface) noexcept {
  const auto inside = area.intersect(whole(surface));
  return inside.empty() ? rect{} : inside;
}

clipped_copy clip(rect area, point source, extent surface) noexcept {
  const auto dx = std::int64_t{source.x} - area.left;
  const auto dy = std::int64_t{source.y} - area.top;
  const auto [left, right] = clip_both(area.left, area.right, dx, surface.width);
  const auto [top, bottom] = clip_both(area.top, area.bottom, dy, surface.height);
  if (right <= left || bottom <= top) return {};
  const auto small = [](std::int64_t v) { return static_cast<std::int32_t>(v); };
  return {{small(left), small(top), small(right), small(bottom)}, {small(left + dx), small(top + dy)}};
}

std::int32_t rows_of_a_strip(rect area) noexcept {
  return static_cast<std::int32_t>(std::max<std::size_t>(1, defaults::strip_bytes / row_bytes(area)));
}

result<surface> surface::make(extent size) {
  const auto bytes = std::uint64_t{size.width} * size.height * bytes_per_pixel;
  if (bytes == 0 || size.width > defaults::surface_edge || size.height > defaults::surface_edge ||
      bytes > defaults::surface_bytes)
    return fail{errc::bad_setting};
  surface made;
  made.pixels_.reset(static_cast<std::byte*>(std::calloc(bytes, 1))); // pages that nobody draws on cost nothing
  if (made.pixels_ == nullptr) return fail{errc::bad_setting};
  made.size_ = size;
  return made;
}

void surface::fill(rect area, std::uint32_t color) noexcept {
  if (area.empty()) return;
  pixman_fill(reinterpret_cast<std::uint32_t*>(pixels_.get()), static_cast<int>(size_.width), 32, area.left, area.top,
              area.width(), area.height(), color);
}

void surface::copy(rect area, point source) noexcept {
  const auto length = area.empty() ? 0 : row_bytes(area);
  const auto copy_row = [&](std::int32_t y) {
    std::memmove(at({area.left, area.top + y}), at({source.x, source.y + y}), length);
  };
  if (source.y >= area.top) // upwards: the top row first, so that no row is overwritten before it is read
    for (std::int32_t y = 0; y < area.height(); ++y) copy_row(y);
  else
    for (std::int32_t y = area.height() - 1; y >= 0; --y) copy_row(y);
}

void surface::put(rect area, const std::byte* rows, std::size_t stride) noexcept {
  for (std::int32_t y = 0; y < area.height(); ++y)
    std::memcpy(at({area.left, area.top + y}), rows + static_cast<std::size_t>(y) * stride, row_bytes(area));
}

image::bitmap_view surface::view(rect area) const noexcept {
  const auto width = static_cast<std::size_t>(area.width()) * bytes_per_pixel;
  const auto bytes = stride() * static_cast<std::size_t>(area.height() - 1) + width;
  return {image::bitmap_format::rgb_32bit,
          static_cast<std::uint32_t>(area.width()),
          static_cast<std::uint32_t>(area.height()),
          stride(),
          true,
          {at({area.left, area.top}), bytes}};
}

shared_bytes surface::snapshot(rect area) const {
  const auto length = row_bytes(area);
  auto [bytes, out] = shared_bytes::make(length * static_cast<std::size_t>(area.height()));
  if (length == stride()) { // whole rows lie one after the other
    std::memcpy(out, at({0, area.top}), bytes.size());
    return bytes;
  }
  for (std::int32_t y = 0; y < area.height(); ++y)
    std::memcpy(out + static_cast<std::size_t>(y) * length, at({area.left, area.top + y}), length);
  return bytes;
}

} // namespace saffron::devices
