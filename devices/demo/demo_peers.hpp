// SPDX-License-Identifier: BSD-3-Clause
// What is plugged into the demo VM besides screens: an agent, an echo, somebody who looks at a shared folder, and a
// reader for smartcards.
#pragma once

#include "messages/char_device.hpp"

#include <functional>
#include <string>
#include <vector>

namespace saffron::devices::demo {

/// The port that sends back what it gets.
inline constexpr auto echo_port = "org.saffron.echo.0";

/// One backend for each device. `tell` hears a sentence for people about what a client did, on the VM's loop.
[[nodiscard]] std::vector<char_device_offer> make_demo_devices(const std::function<void(std::string)>& tell);

} // namespace saffron::devices::demo
