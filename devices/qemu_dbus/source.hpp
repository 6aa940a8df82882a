// SPDX-License-Identifier: BSD-3-Clause
// A QEMU as a VM's source: finds it behind its QMP socket, whenever it is there, and takes it back when it is started
// again.
#pragma once

#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "transport/loop.hpp"

#include <string>

namespace saffron::devices::qemu_dbus {

/// `home` is also the loop of the VM's consoles. The counters outlive the actor. Ends with shut_down.
source_actor make_qemu_source(caf::actor_system& system, transport::loop& home, std::string qmp_path, vm_actor vm,
                              counters& count);

} // namespace saffron::devices::qemu_dbus
