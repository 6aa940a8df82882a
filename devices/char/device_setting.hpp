// SPDX-License-Identifier: BSD-3-Clause
// What an operator says about a char device of a VM: KIND[:NAME]=WHERE.
#pragma once

#include "devices/char/device_names.hpp"
#include "transport/address.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace saffron::devices {

enum class device_place : std::uint8_t {
  /// QEMU listens: -chardev socket,server=on.
  dial,
  /// QEMU dials: -chardev socket,reconnect=1.
  listen,
  /// A chardev of the QEMU behind the VM's QMP socket: -chardev dbus.
  dbus,
};

struct device_setting {
  device_name device;
  device_place place = device_place::dial;
  /// Unless it is on D-Bus.
  transport::address where;
  /// On D-Bus: the chardev's id or name.
  std::string chardev;
  friend bool operator==(const device_setting&, const device_setting&) = default;
};

/// "vdagent=unix:/run/a", "usbredir=unix-listen:@x", "port:org.x.0=tcp:127.0.0.1:4000", "smartcard=tcp-listen:[::1]:1",
/// "vdagent=dbus:vd0". Hosts are numbers. The error is a sentence.
[[nodiscard]] tl::expected<device_setting, std::string> parse_device_setting(std::string_view text);
[[nodiscard]] std::string to_string(const device_setting& setting);
/// Its part behind the "=".
[[nodiscard]] std::string place_of(const device_setting& setting);

/// Why these cannot be the devices of one VM, a sentence each: more than one agent or WebDAV, two ports of one name,
/// too many smartcard readers, two devices at one place.
[[nodiscard]] std::vector<std::string> conflicts(const std::vector<device_setting>& settings);

} // namespace saffron::devices
