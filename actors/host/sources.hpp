// SPDX-License-Identifier: BSD-3-Clause
// Which source a VM of the options has.
#pragma once

#include "actors/host/options.hpp"
#include "actors/vm.hpp"
#include "messages/counters.hpp"

namespace saffron::host {

/// Makes the source of this VM, as often as it is asked for. `counted` outlives all of them.
[[nodiscard]] actors::source_factory source_of(const vm_options& vm, counters& counted);

} // namespace saffron::host
