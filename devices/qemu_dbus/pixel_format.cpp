// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/pixel_format.hpp"

#include <pixman.h>

#include <cstring>

namespace saffron::devices::qemu_dbus {

namespace {

// On a little-endian host the first byte of a pixel is the lowest of the number.
template <class F>
void each_number(const std::byte* from, std::byte* to, std::size_t pixels, F convert) {
  for (std::size_t i = 0; i < pixels; ++i) {
    std::uint32_t v;
    std::memcpy(&v, from + i * 4, 4);
    v = convert(v);
    std::memcpy(to + i * 4, &v, 4);
  }
}

} // namespace

std::optional<pixel_order> order_of(std::uint32_t pixman_format) noexcept {
  switch (pixman_format) {
  case PIXMAN_x8r8g8b8:
  case PIXMAN_a8r8g8b8: return pixel_order::bgrx;
  case PIXMAN_x8b8g8r8:
  case PIXMAN_a8b8g8r8: return pixel_order::rgbx;
  case PIXMAN_b8g8r8x8:
  case PIXMAN_b8g8r8a8: return pixel_order::xrgb;
  case PIXMAN_r8g8b8x8:
  case PIXMAN_r8g8b8a8: return pixel_order::xbgr;
  case PIXMAN_r8g8b8: return pixel_order::bgr;
  default: return std::nullopt;
  }
}

void to_bgrx(pixel_order order, const std::byte* from, std::byte* to, std::size_t pixels) noexcept {
  switch (order) {
  case pixel_order::bgrx: std::memcpy(to, from, pixels * 4); break;
  case pixel_order::rgbx:
    each_number(from, to, pixels, [](std::uint32_t v) { return (v >> 16 & 0xff) | (v & 0xff00) | (v & 0xff) << 16; });
    break;
  case pixel_order::xrgb:
    each_number(from, to, pixels, [](std::uint32_t v) { return __builtin_bswap32(v) & 0xffffff; });
    break;
  case pixel_order::xbgr: each_number(from, to, pixels, [](std::uint32_t v) { return v >> 8; }); break;
  case pixel_order::bgr:
    for (std::size_t i = 0; i < pixels; ++i) {
      std::memcpy(to + i * 4, from + i * 3, 3);
      to[i * 4 + 3] = std::byte{0};
    }
    break;
  }
}

} // namespace saffron::devices::qemu_dbus
