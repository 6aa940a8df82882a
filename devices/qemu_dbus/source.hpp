// SPDX-License-Identifier: BSD-3-Clause
// A QEMU as a VM's source: finds it behind its QMP socket, whenever it is there, and takes it back when it is started
// again.
#pragma once

#include "devices/char/device_setting.hpp"
#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "transport/loop.hpp"

#include <string>
#include <vector>

namespace saffron::devices::qemu_dbus {

/// `home` is also the loop of the VM's consoles and char devices. The counters outlive the actor. Ends with shut_down.
/// It offers the chardevs of its QEMU that clients may have (map_chardevs) and those of `char_devices` that are
/// sockets. Their backends are made anew each time a QEMU is attached, and are the same in every announcement until it
/// is lost.
source_actor make_qemu_source(caf::actor_system& system, transport::loop& home, std::string qmp_path, vm_actor vm,
                              counters& count, std::vector<device_setting> char_devices = {});

} // namespace saffron::devices::qemu_dbus
