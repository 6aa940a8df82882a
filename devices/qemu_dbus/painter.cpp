// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/painter.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr std::uint8_t cursor_type_alpha = 0; // protocol

/// Keys of the clients' caches, so no two shapes of the process may share one.
std::uint64_t next_shape() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

bool same_shape(const cursor_shape& s, std::int32_t width, std::int32_t height, point hot_spot,
                std::span<const std::byte> pixels) {
  return s.width == width && s.height == height && s.hot_x == hot_spot.x && s.hot_y == hot_spot.y &&
         std::ranges::equal(s.pixels.view(), pixels);
}

} // namespace

// -- frames -----------------------------------------------------------------------------------------------------------

bool painter::begin(const frame& f) {
  const auto now = canvas_.size();
  const extent needed{static_cast<std::uint32_t>(f.area.right), static_cast<std::uint32_t>(f.area.bottom)};
  if (f.whole) {
    if (needed != now && !resize(needed)) return false;
    mapped_.reset();
    fit_later_.reset(); // older than this frame
  } else if (needed.width > now.width || needed.height > now.height) {
    if (!resize_and_keep({std::max(needed.width, now.width), std::max(needed.height, now.height)})) return false;
  }
  in_frame_ = true;
  return true;
}

std::span<std::byte> painter::row(std::uint32_t y) {
  if (y >= canvas_.size().height) return {};
  return canvas_.row(y);
}

void painter::end(const frame& f) {
  in_frame_ = false;
  if (mapped_) mapped_->overtaken(f.area);
  canvas_.touched(f.area);
  if (fit_later_) fit(*std::exchange(fit_later_, std::nullopt));
}

void painter::fit(extent size) {
  if (in_frame_)
    fit_later_ = size; // its rows are being written
  else if (size != canvas_.size())
    static_cast<void>(resize_and_keep(size)); // an impossible size changes nothing
}

bool painter::resize(extent size) {
  resized_bytes_ += std::size_t{size.width} * size.height * 4;
  return canvas_.set_size(size).has_value();
}

bool painter::resize_and_keep(extent size) {
  const auto old = canvas_.size();
  const auto rows = std::min(size.height, old.height);
  const std::size_t row_bytes = std::size_t{std::min(size.width, old.width)} * 4;
  const auto kept = std::make_unique_for_overwrite<std::byte[]>(rows * row_bytes);
  for (std::uint32_t y = 0; y < rows; ++y) std::memcpy(kept.get() + y * row_bytes, canvas_.row(y).data(), row_bytes);
  if (!resize(size)) return false;
  for (std::uint32_t y = 0; y < rows; ++y) std::memcpy(canvas_.row(y).data(), kept.get() + y * row_bytes, row_bytes);
  canvas_.touched(whole(size));
  return true;
}

void painter::disable() {
  mapped_.reset();
  canvas_.draw(fill{whole(canvas_.size()), 0});
}

// -- mapped frames ----------------------------------------------------------------------------------------------------

bool painter::map(unique_fd memory, const mapped_frame::layout& where) {
  auto mapped = mapped_frame::make(std::move(memory), where);
  if (!mapped || (where.size != canvas_.size() && !resize(where.size))) return false;
  mapped_.emplace(std::move(*mapped));
  canvas_.touched(whole(where.size));
  return true;
}

void painter::map_changed(rect area) {
  if (!mapped_) return;
  mapped_->changed(area);
  canvas_.touched(area);
}

void painter::bring(rect area) {
  if (mapped_) mapped_->bring(area, canvas_);
}

// -- cursor -----------------------------------------------------------------------------------------------------------

void painter::move_cursor(point to, bool visible) {
  auto state = canvas_.cursor();
  if (state.position == to && state.visible == visible) return;
  state.position = to;
  state.visible = visible;
  canvas_.set_cursor(state);
}

bool painter::define_cursor(std::int32_t width, std::int32_t height, point hot_spot,
                            std::span<const std::byte> pixels) {
  constexpr std::int32_t edge = defaults::cursor_edge;
  if (width <= 0 || height <= 0 || width > edge || height > edge ||
      pixels.size() != static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4)
    return false;
  hot_spot = {std::clamp(hot_spot.x, 0, width - 1), std::clamp(hot_spot.y, 0, height - 1)};
  auto state = canvas_.cursor();
  if (state.shape && same_shape(*state.shape, width, height, hot_spot, pixels)) return true;
  auto shape = std::make_shared<cursor_shape>();
  shape->unique = next_shape();
  shape->type = cursor_type_alpha;
  shape->width = static_cast<std::uint16_t>(width);
  shape->height = static_cast<std::uint16_t>(height);
  shape->hot_x = static_cast<std::uint16_t>(hot_spot.x);
  shape->hot_y = static_cast<std::uint16_t>(hot_spot.y);
  shape->pixels = shared_bytes::copy_of(pixels);
  state.shape = std::move(shape);
  canvas_.set_cursor(state);
  return true;
}

} // namespace saffron::devices::qemu_dbus
