// SPDX-License-Identifier: BSD-3-Clause
// Carries out what the command line asked for.
#pragma once

#include "actors/extensions.hpp"
#include "actors/host/command_line.hpp"

#include <variant>

namespace saffron::host {

/// Options with everything that is wrong with them: loaded, and when that went well, checked by the rules.
loaded load_and_check(const sources& from);

/// check, status, version and the table of options. Not demo and serve.
outcome answer(const command& asked);

/// Everything, from the parsed command line to the exit code. `added`: what the program brings besides Saffron's own.
int run(const std::variant<command, outcome>& parsed, const actors::extensions& added = {});

} // namespace saffron::host
