// SPDX-License-Identifier: BSD-3-Clause
// Text of a QEMU on its way to people: clients' window titles, log lines, states.
#pragma once

#include "messages/text.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace saffron::devices::qemu_dbus {

inline constexpr std::size_t printable_limit = 255;

/// Bounded, and without control characters, so that nobody writes log lines or answers to terminals.
[[nodiscard]] inline std::string printable(std::string_view text) {
  auto size = text.size();
  if (size > printable_limit) // not within a character of UTF-8
    for (size = printable_limit; size != 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80;) --size;
  return without_controls(text.substr(0, size));
}

} // namespace saffron::devices::qemu_dbus
