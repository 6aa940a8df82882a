// SPDX-License-Identifier: BSD-3-Clause
// What char devices are called: by QEMU on its ports and D-Bus chardevs, and by people, in the words of QEMU's spicevmc
// and spiceport chardevs.
#pragma once

#include "messages/char_device.hpp"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace saffron::devices {

/// The guest's port that WebDAV is spoken on (protocol).
inline constexpr std::string_view webdav_port = "org.spice-space.webdav.0";
/// A VM has at most so many readers (protocol: their numbers are below).
inline constexpr std::size_t most_smartcards = 10;

/// A kind, and of a port its name.
struct device_name {
  char_device_kind kind = char_device_kind::port;
  std::string port;
  friend bool operator==(const device_name&, const device_name&) = default;
};

/// "vdagent", "smartcard", "usbredir", "port"; webdav is a port for people.
[[nodiscard]] std::string_view to_string(char_device_kind kind) noexcept;
/// As people write it: "vdagent", "port:org.x.0".
[[nodiscard]] std::string to_string(const device_name& name);

/// The rule of QEMU's spicevmc: a name that is missing or unknown is refused with the list of those allowed. A port has
/// a name of its own, and the port "org.spice-space.webdav.0" is WebDAV. Other kinds have none.
[[nodiscard]] tl::expected<device_name, std::string> check_device_name(std::string_view kind, std::string_view port);

/// What a chardev of a QEMU is by its name (-chardev …,name=): the agent's, WebDAV's, and those whose name begins with
/// org.qemu.usbredir or org.qemu.smartcard, alone or with a suffix behind a dot. None for all others: consoles and
/// monitors are chardevs too, and not for clients unless somebody says so.
[[nodiscard]] std::optional<char_device_kind> kind_of_chardev(std::string_view name) noexcept;

} // namespace saffron::devices
