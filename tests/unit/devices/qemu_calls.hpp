// SPDX-License-Identifier: BSD-3-Clause
// The messages that a QEMU writes to a display listener's socket.
#pragma once

#include "devices/qemu_dbus/dbus_wire.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace saffron::tests {

using devices::qemu_dbus::dbus_writer;
using byte_list = std::vector<std::byte>;

inline constexpr std::uint32_t x8r8g8b8 = 0x20020888;

inline byte_list greeting_of_qemu() {
  const std::string text = "OK 1234deadbeef\r\nAGREE_UNIX_FD\r\n";
  const auto bytes = std::as_bytes(std::span{text});
  return {bytes.begin(), bytes.end()};
}

inline byte_list listener_call(const std::string& member, const std::string& signature, const dbus_writer& body,
                               bool no_reply = true, const std::string& interface = "org.qemu.Display1.Listener",
                               std::uint32_t fds = 0) {
  devices::qemu_dbus::message_header h;
  h.no_reply = no_reply;
  h.serial = 7;
  h.path = "/org/qemu/Display1/Listener";
  h.interface = interface;
  h.member = member;
  h.signature = signature;
  h.fds = fds;
  return make_message(h, body.view());
}

inline byte_list scanout(std::uint32_t width, std::uint32_t height, std::uint32_t stride,
                         std::span<const std::byte> pixels, std::uint32_t format = x8r8g8b8) {
  return listener_call("Scanout", "uuuuay", dbus_writer{}.u(width).u(height).u(stride).u(format).ay(pixels));
}
inline byte_list update(std::int32_t x, std::int32_t y, std::int32_t width, std::int32_t height, std::uint32_t stride,
                        std::span<const std::byte> pixels, std::uint32_t format = x8r8g8b8) {
  return listener_call("Update", "iiiiuuay", dbus_writer{}.i(x).i(y).i(width).i(height).u(stride).u(format).ay(pixels));
}
inline byte_list mouse_set(std::int32_t x, std::int32_t y, bool on) {
  return listener_call("MouseSet", "iii", dbus_writer{}.i(x).i(y).i(on ? 1 : 0));
}
inline byte_list cursor_define(std::int32_t width, std::int32_t height, std::int32_t hot_x, std::int32_t hot_y,
                               std::span<const std::byte> pixels) {
  return listener_call("CursorDefine", "iiiiay", dbus_writer{}.i(width).i(height).i(hot_x).i(hot_y).ay(pixels));
}
inline byte_list get_all(const std::string& interface = "org.qemu.Display1.Listener") {
  return listener_call("GetAll", "s", dbus_writer{}.s(interface), false, "org.freedesktop.DBus.Properties");
}
/// Its descriptor travels beside it.
inline byte_list scanout_map(std::uint32_t offset, std::uint32_t width, std::uint32_t height, std::uint32_t stride,
                             std::uint32_t format = x8r8g8b8) {
  return listener_call("ScanoutMap", "huuuuu", dbus_writer{}.h(0).u(offset).u(width).u(height).u(stride).u(format),
                       false, "org.qemu.Display1.Listener.Unix.Map", 1);
}
inline byte_list update_map(std::int32_t x, std::int32_t y, std::int32_t width, std::int32_t height) {
  return listener_call("UpdateMap", "iiii", dbus_writer{}.i(x).i(y).i(width).i(height), true,
                       "org.qemu.Display1.Listener.Unix.Map");
}

/// Rows of pixels whose values tell where they are: red x, green y, blue `tint`; padding is 0xee.
inline byte_list test_pixels(std::uint32_t width, std::uint32_t height, std::uint32_t stride, std::uint8_t tint = 1) {
  byte_list all(std::size_t{stride} * height, std::byte{0xee});
  for (std::uint32_t y = 0; y < height; ++y)
    for (std::uint32_t x = 0; x < width; ++x) {
      auto* p = &all[std::size_t{y} * stride + std::size_t{x} * 4];
      p[0] = std::byte{tint};
      p[1] = static_cast<std::byte>(y);
      p[2] = static_cast<std::byte>(x);
      p[3] = std::byte{0};
    }
  return all;
}
/// 0x00RRGGBB of the same.
inline std::uint32_t test_pixel(std::uint32_t x, std::uint32_t y, std::uint8_t tint = 1) {
  return (x & 0xff) << 16 | (y & 0xff) << 8 | tint;
}

inline void append(byte_list& to, const byte_list& more) { to.insert(to.end(), more.begin(), more.end()); }

} // namespace saffron::tests
