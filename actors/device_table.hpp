// SPDX-License-Identifier: BSD-3-Clause
// What each char device is made of: the protocol's own, and for port names that extensions know, theirs.
#pragma once

#include "devices/char/device_description.hpp"
#include "messages/errc.hpp"
#include "messages/session.hpp"

#include <map>
#include <string>

namespace saffron::actors {

/// A port that an extension serves: another channel type, another protocol.
struct device_kind {
  /// Of the port in the VM.
  std::string port_name;
  /// The channel that clients open for it, as registered in the channel table.
  std::uint8_t channel_type = 0;
  devices::device_sharing sharing = devices::device_sharing::first;
  devices::flow_settings flow;
  devices::protocol_factory protocol;
};

/// Filled at start; read by all VMs from then on.
class device_table {
public:
  /// errc::bad_setting when the name is taken or something is missing.
  [[nodiscard]] result<void> add(device_kind kind);
  /// The channel type of a device.
  [[nodiscard]] std::uint8_t channel_type(char_device_kind kind, const std::string& name) const;
  /// What a device of this VM is, but for its label.
  [[nodiscard]] devices::device_description describe(char_device_kind kind, const std::string& name,
                                                     const vm_settings& vm) const;
  [[nodiscard]] devices::protocol_factory protocol(char_device_kind kind, const std::string& name,
                                                   const vm_settings& vm) const;

private:
  [[nodiscard]] const device_kind* find(char_device_kind kind, const std::string& name) const;

  std::map<std::string, device_kind> ports_;
};

} // namespace saffron::actors
