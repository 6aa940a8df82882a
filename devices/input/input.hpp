// SPDX-License-Identifier: BSD-3-Clause
// The input actor of a VM. Its logic is input_state; here are the handles.
#pragma once

#include "messages/counters.hpp"
#include "messages/input.hpp"
#include "transport/loop.hpp"

namespace saffron::devices {

/// Lives on its VM's loop until shut_down. `count` outlives it.
input_actor make_input(caf::actor_system& system, transport::loop& home, input_policy policy, counters& count);

} // namespace saffron::devices
