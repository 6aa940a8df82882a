// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/pixel_format.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <vector>

namespace saffron::devices::qemu_dbus {
namespace {

std::vector<int> converted(std::uint32_t format, std::vector<int> bytes) {
  const auto order = order_of(format);
  REQUIRE(order);
  std::vector<std::byte> from;
  for (const auto b : bytes) from.push_back(static_cast<std::byte>(b));
  const auto pixels = from.size() / bytes_per_pixel(*order);
  std::vector<std::byte> to(pixels * 4);
  to_bgrx(*order, from.data(), to.data(), pixels);
  std::vector<int> out;
  for (std::size_t i = 0; i < to.size(); ++i)
    if (i % 4 != 3) out.push_back(std::to_integer<int>(to[i])); // X is anything
  return out;
}

} // namespace

// Blue is 0xb0, green 0xa0, red 0xc0, what is neither 0x55; the second pixel is one more of each.
TEST_CASE("every pixel format that QEMU sends becomes blue, green, red") {
  const std::vector<int> expected{0xb0, 0xa0, 0xc0, 0xb1, 0xa1, 0xc1};
  CHECK(converted(0x20020888, {0xb0, 0xa0, 0xc0, 0x55, 0xb1, 0xa1, 0xc1, 0x55}) == expected); // x8r8g8b8
  CHECK(converted(0x20028888, {0xb0, 0xa0, 0xc0, 0x55, 0xb1, 0xa1, 0xc1, 0x55}) == expected); // a8r8g8b8
  CHECK(converted(0x20030888, {0xc0, 0xa0, 0xb0, 0x55, 0xc1, 0xa1, 0xb1, 0x55}) == expected); // x8b8g8r8
  CHECK(converted(0x20038888, {0xc0, 0xa0, 0xb0, 0x55, 0xc1, 0xa1, 0xb1, 0x55}) == expected); // a8b8g8r8
  CHECK(converted(0x20080888, {0x55, 0xc0, 0xa0, 0xb0, 0x55, 0xc1, 0xa1, 0xb1}) == expected); // b8g8r8x8
  CHECK(converted(0x20088888, {0x55, 0xc0, 0xa0, 0xb0, 0x55, 0xc1, 0xa1, 0xb1}) == expected); // b8g8r8a8
  CHECK(converted(0x20090888, {0x55, 0xb0, 0xa0, 0xc0, 0x55, 0xb1, 0xa1, 0xc1}) == expected); // r8g8b8x8
  CHECK(converted(0x20098888, {0x55, 0xb0, 0xa0, 0xc0, 0x55, 0xb1, 0xa1, 0xc1}) == expected); // r8g8b8a8
  CHECK(converted(0x18020888, {0xb0, 0xa0, 0xc0, 0xb1, 0xa1, 0xc1}) == expected);             // r8g8b8
}

TEST_CASE("the format of VGA devices needs no conversion") { CHECK(order_of(0x20020888) == pixel_order::bgrx); }

TEST_CASE("a format that QEMU never sends is refused") {
  for (const auto format : {0u, 0x10020565u, 0x08018000u, 0x20020887u, 0xffffffffu}) CHECK_FALSE(order_of(format));
}

TEST_CASE("a conversion writes its pixels and nothing beside them") {
  std::array<std::byte, 12> from{}, to;
  to.fill(std::byte{0x77});
  to_bgrx(pixel_order::rgbx, from.data(), to.data() + 4, 1);
  for (const auto i : {0, 1, 2, 3, 8, 9, 10, 11}) CHECK(to[static_cast<std::size_t>(i)] == std::byte{0x77});
}

} // namespace saffron::devices::qemu_dbus
