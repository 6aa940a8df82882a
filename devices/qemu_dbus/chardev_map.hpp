// SPDX-License-Identifier: BSD-3-Clause
// Which of a QEMU's chardevs clients may have, and as what.
#pragma once

#include "devices/char/device_setting.hpp"
#include "devices/qemu_dbus/display_objects.hpp"

#include <vector>

namespace saffron::devices::qemu_dbus {

struct mapped_chardev {
  device_name device;
  chardev_object object;
};

/// Those that a setting names, by id or by name, then those that kind_of_chardev() knows. What is one too many (a
/// second agent, a port's name again, an eleventh smartcard reader) is left out; the settings' sockets count as well,
/// and a setting wins over a name. By their ids.
[[nodiscard]] std::vector<mapped_chardev> map_chardevs(const std::vector<chardev_object>& objects,
                                                       const std::vector<device_setting>& settings);

} // namespace saffron::devices::qemu_dbus
