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
inline constexpr auto chardev_interface = "org.qemu.Display1.Chardev";

/// What properties tell of a console; none where they do not.
struct console_properties {
  std::optional<std::string> type;
  std::optional<std::uint32_t> width, height;
  /// Keyboard locks, with SPICE's bits: scroll 1, num 2, caps 4.
  std::optional<std::uint32_t> modifiers;
  std::optional<bool> absolute;
  /// The output of its graphics card.
  std::optional<std::uint32_t> head;
  /// The card's place in the guest, "pci/0000/02.0"; empty for one that is on no bus, as ramfb.
  std::optional<std::string> device_address;
};

struct console_object {
  std::uint32_t number = 0;
  std::string path;
  console_properties properties;
};

/// What properties tell of a chardev; none where they do not.
struct chardev_properties {
  /// As -chardev …,name= has it: "com.redhat.spice.0". Not unique.
  std::optional<std::string> name;
  /// The guest has opened its side.
  std::optional<bool> opened;
};

struct chardev_object {
  /// As -chardev …,id= has it. Unique in its QEMU.
  std::string id;
  std::string path;
  chardev_properties properties;
};

/// Consoles by their numbers, chardevs by their ids.
struct display_objects {
  std::vector<console_object> consoles;
  std::vector<chardev_object> chardevs;
};

/// The objects in the answer to GetManagedObjects.
[[nodiscard]] result<display_objects> read_objects(sd_bus_message* answer);
/// What a PropertiesChanged signal of a console tells; none, and nothing read, for another signal.
[[nodiscard]] std::optional<console_object> read_change(sd_bus_message* signal);
/// The same for a chardev.
[[nodiscard]] std::optional<chardev_object> read_chardev_change(sd_bus_message* signal);

} // namespace saffron::devices::qemu_dbus
