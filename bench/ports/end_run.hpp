// SPDX-License-Identifier: BSD-3-Clause
// A run is right or there is none: whatever goes wrong ends it.
#pragma once

#include <string_view>

namespace saffron::ports {

/// Says why on standard error and ends the process with 2.
[[noreturn]] void end_run(std::string_view why);

} // namespace saffron::ports
