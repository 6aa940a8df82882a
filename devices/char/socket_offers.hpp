// SPDX-License-Identifier: BSD-3-Clause
// From settings to backends: the char devices of a VM that are plain sockets, whatever its source is.
#pragma once

#include "devices/char/connector.hpp"
#include "devices/char/device_setting.hpp"
#include "messages/char_device.hpp"

#include <memory>
#include <string>
#include <vector>

namespace saffron::devices {

/// A backend of this kind of device over sockets of `from`: the agent's is always connected, others while in use.
/// Ports and WebDAV are offered by their name, others by `label`, which tells them apart.
[[nodiscard]] char_device_offer make_offer(const device_name& device, const std::string& label,
                                           std::unique_ptr<connector> from);

/// An offer for each setting that is a socket, with a new backend; those on D-Bus are the QEMU source's.
[[nodiscard]] std::vector<char_device_offer> make_socket_offers(const std::vector<device_setting>& settings);

/// Adds them to what a source has of its own; its agent, and its ports of the same names, give way.
void add_socket_offers(std::vector<char_device_offer>& offers, const std::vector<device_setting>& settings);

} // namespace saffron::devices
