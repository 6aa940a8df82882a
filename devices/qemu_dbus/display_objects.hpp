// SPDX-License-Identifier: BSD-3-Clause
// The objects of a QEMU's display as its control connection describes them, once whole and then by what changes.
#pragma once

#include "messages/errc.hpp"

#include <systemd/sd-bus.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace saffron::devices::qemu_dbus {

inline constexpr auto display_path = "/org/qemu/Display1";
inline constexpr auto console_interface = "org.qemu.Display1.Console";
inline constexpr auto keyboard_interface = "org.qemu.Display1.Keyboard";
inline constexpr auto mouse_interface = "org.qemu.Display1.Mouse";

/// What properties tell of a console; none where they do not.
struct console_properties {
  std::optional<std::string> type;
  std::optional<std::uint32_t> width, height;
  /// Keyboard locks, with SPICE's bits: scroll 1, num 2, caps 4.
  std::optional<std::uint32_t> modifiers;
  std::optional<bool> absolute;
};

struct console_object {
  std::uint32_t number = 0;
  std::string path;
  console_properties properties;
};

/// The consoles in the answer to GetManagedObjects, by their numbers.
[[nodiscard]] result<std::vector<console_object>> read_objects(sd_bus_message* answer);
/// What a PropertiesChanged signal of a console tells; none for another signal.
[[nodiscard]] std::optional<console_object> read_change(sd_bus_message* signal);

} // namespace saffron::devices::qemu_dbus
