// SPDX-License-Identifier: BSD-3-Clause
// What a client shows: applies the messages of a display channel to pixels, in the plainest way.
#pragma once

#include "messages/image/decode.hpp"
#include "messages/wire/display.hpp"

#include <cstring>
#include <stdexcept>
#include <variant>
#include <vector>

namespace saffron::tests {

class test_screen {
public:
  void apply(std::uint16_t type, std::span<const std::byte> body) {
    const auto message = wire::display::to_client::decode_any(type, body);
    if (!message) throw std::runtime_error("not a display message");
    std::visit([this](const auto& m) { on(m); }, *message);
  }

  extent size;
  std::vector<std::uint32_t> pixels;
  std::size_t surfaces = 0, marks = 0, pictures = 0;

private:
  using surface_create = wire::display::to_client::surface_create;
  using mark = wire::display::to_client::mark;
  using draw_fill = wire::display::to_client::draw_fill;
  using move_pixels = wire::display::to_client::copy_bits;
  using draw_copy = wire::display::to_client::draw_copy;

  std::uint32_t& at(std::int32_t x, std::int32_t y) {
    return pixels.at(static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x));
  }
  void on(const surface_create& m) {
    size = {m.width, m.height};
    pixels.assign(std::size_t{m.width} * m.height, 0);
    ++surfaces;
  }
  void on(const mark&) { ++marks; }
  void on(const draw_fill& m) {
    const auto color = std::get<wire::display::solid_brush>(m.brush).color;
    for (auto y = m.base.box.top; y < m.base.box.bottom; ++y)
      for (auto x = m.base.box.left; x < m.base.box.right; ++x) at(x, y) = color;
  }
  void on(const move_pixels& m) {
    const auto before = *this;
    auto from = before;
    for (std::int32_t y = 0; y < m.base.box.height(); ++y)
      for (std::int32_t x = 0; x < m.base.box.width(); ++x)
        at(m.base.box.left + x, m.base.box.top + y) = from.at(m.source_position.x + x, m.source_position.y + y);
  }
  void on(const draw_copy& m) {
    const auto& box = m.base.box;
    const auto rows = image::decode_image(m.source, box.area()).value().pixels;
    if (rows.size() != box.area() * 4) throw std::runtime_error("a picture of another size than its box");
    const auto stride = static_cast<std::size_t>(box.width()) * 4;
    for (std::int32_t y = 0; y < box.height(); ++y)
      std::memcpy(&at(box.left, box.top + y), rows.data() + static_cast<std::size_t>(y) * stride, stride);
    for (auto& p : pixels) p &= 0xffffff;
    ++pictures;
  }
  template <class M>
  void on(const M&) {}
};

} // namespace saffron::tests
