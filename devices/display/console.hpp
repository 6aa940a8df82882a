// SPDX-License-Identifier: BSD-3-Clause
// The actor around console_state: one display head of a VM, pinned to its source's loop.
#pragma once

#include "messages/counters.hpp"
#include "messages/display.hpp"
#include "transport/loop.hpp"

#include <cstdint>

namespace saffron::devices {

/// `id` is for log lines and status; `counts` outlives the actor. It ends with shut_down.
[[nodiscard]] console_actor make_console(caf::actor_system& system, transport::loop& home, std::uint8_t id,
                                         counters& counts, const picture_settings& pictures = {});

} // namespace saffron::devices
