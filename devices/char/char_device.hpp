// SPDX-License-Identifier: BSD-3-Clause
// The char device actor: one for each device of a VM, on the VM's loop.
#pragma once

#include "devices/char/device_description.hpp"
#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "transport/loop.hpp"

namespace saffron::devices {

struct char_device_setup {
  device_description what;
  protocol_factory protocol;
  /// Hears how the agent is and what sizes clients want.
  vm_actor vm;
  counters* counted = nullptr;
};

char_device_actor make_char_device(caf::actor_system& system, transport::loop& home, char_device_setup setup);

} // namespace saffron::devices
