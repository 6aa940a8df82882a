// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "actors/extensions.hpp"

namespace tablet {

/// The port of a VM that a tablet writes to.
inline constexpr auto port_name = "org.saffron.tablet.0";

/// Adds the channel and the port it is for: everything that Saffron has to know.
[[nodiscard]] saffron::result<void> add_to(saffron::actors::extensions& to);

} // namespace tablet
