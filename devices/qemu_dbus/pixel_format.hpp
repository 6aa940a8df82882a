// SPDX-License-Identifier: BSD-3-Clause
// The pixel formats of QEMU's frames, which are pixman's, and the way from each to B G R X.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace saffron::devices::qemu_dbus {

/// How a pixel lies in memory, its first byte first. X is anything: alpha is of no use on a screen.
enum class pixel_order : std::uint8_t {
  /// What a canvas holds, so nothing is to be done. All VGA devices send it.
  bgrx,
  rgbx,
  xrgb,
  xbgr,
  /// Three bytes.
  bgr,
};

/// The order behind pixman's format code; none for a format that QEMU never sends.
[[nodiscard]] std::optional<pixel_order> order_of(std::uint32_t pixman_format) noexcept;

[[nodiscard]] constexpr std::size_t bytes_per_pixel(pixel_order order) noexcept {
  return order == pixel_order::bgr ? 3 : 4;
}

/// Writes `pixels` pixels of B G R X. The two places must not overlap.
void to_bgrx(pixel_order order, const std::byte* from, std::byte* to, std::size_t pixels) noexcept;

} // namespace saffron::devices::qemu_dbus
