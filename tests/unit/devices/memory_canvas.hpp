// SPDX-License-Identifier: BSD-3-Clause
// A canvas that remembers what was done to it.
#pragma once

#include "devices/display/canvas.hpp"
#include "messages/defaults.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace saffron::tests {

class memory_canvas final : public devices::canvas {
public:
  [[nodiscard]] extent size() const override { return size_; }
  [[nodiscard]] result<void> set_size(extent e) override {
    if (e.width == 0 || e.height == 0 || e.width > defaults::surface_edge || e.height > defaults::surface_edge ||
        std::size_t{e.width} * e.height * 4 > most_bytes)
      return fail{errc::bad_setting};
    size_ = e;
    pixels_.assign(std::size_t{e.width} * e.height * 4, std::byte{0});
    ++surfaces;
    return {};
  }
  [[nodiscard]] std::span<std::byte> row(std::uint32_t y) override {
    if (y >= size_.height) std::abort(); // the contract
    return std::span{pixels_}.subspan(std::size_t{y} * size_.width * 4, std::size_t{size_.width} * 4);
  }
  void touched(rect area) override { touches.push_back(area.intersect(whole(size_))); }
  void draw(const fill& command) override {
    const auto area = command.area.intersect(whole(size_));
    for (auto y = area.top; y < area.bottom; ++y)
      for (auto x = area.left; x < area.right; ++x)
        std::memcpy(&row(static_cast<std::uint32_t>(y))[static_cast<std::size_t>(x) * 4], &command.color, 4);
    touched(area);
  }
  void draw(const copy_bits&) override {}
  void set_cursor(const cursor_state& state) override {
    cursor_ = state;
    ++cursors;
  }
  [[nodiscard]] const cursor_state& cursor() const override { return cursor_; }
  void blank() override {
    std::ranges::fill(pixels_, std::byte{0});
    cursor_.shape = nullptr;
    ++blanks;
  }

  /// 0x00RRGGBB
  [[nodiscard]] std::uint32_t pixel(std::uint32_t x, std::uint32_t y) {
    std::uint32_t value = 0;
    std::memcpy(&value, &row(y)[std::size_t{x} * 4], 4);
    return value & 0xffffff;
  }
  [[nodiscard]] const std::vector<std::byte>& pixels() const noexcept { return pixels_; }

  std::vector<rect> touches;
  int surfaces = 0, cursors = 0, blanks = 0;
  std::size_t most_bytes = defaults::surface_bytes;

private:
  extent size_;
  std::vector<std::byte> pixels_;
  cursor_state cursor_;
};

} // namespace saffron::tests
