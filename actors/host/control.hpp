// SPDX-License-Identifier: BSD-3-Clause
// The control socket's server: one line in ("status", "version", "reload"), one JSON document out, closed.
#pragma once

#include "actors/host/control_socket.hpp"
#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "transport/loop.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace saffron::host {

/// Answers at most `control_clients` at once; the next ones wait in the kernel's backlog.
using control_actor = actor_handle<
    // Its own clock: cut those that take too long.
    void(tick),
    // Close, remove the socket file, end.
    void(shut_down)>;

inline constexpr std::size_t control_clients = 16;
inline constexpr std::size_t control_request_limit = 1024;
inline constexpr auto control_timeout = std::chrono::seconds{5};

/// What it answers from.
struct control_sources {
  registry_actor registry;
  const counters* tally = nullptr;
  /// Reads the options again on the control's loop; returns what is wrong with them, one line each.
  std::function<std::vector<std::string>()> reload;
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
};

control_actor spawn_control(transport::loop& home, control_socket socket, control_sources sources);

} // namespace saffron::host
