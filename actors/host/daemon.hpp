// SPDX-License-Identifier: BSD-3-Clause
// The daemon: puts the system together, runs it until SIGTERM, takes it apart in order.
#pragma once

#include "actors/extensions.hpp"
#include "actors/host/config.hpp"

#include <functional>

namespace saffron::host {

/// `options` have passed the rules. `read_again` is for SIGHUP: the same sources, loaded and checked once more.
/// Returns the exit code.
int run_daemon(const options& o, const std::function<loaded()>& read_again, const actors::extensions& added);

} // namespace saffron::host
