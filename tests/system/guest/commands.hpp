// SPDX-License-Identifier: BSD-3-Clause
// What a test can tell the guest to do, one command a line:
//   ports                       answers with the event "ports"
//   grab TYPE SIZE [SELECTION]  offers SIZE bytes of clipboard_content::pattern as TYPE: text, png, bmp, tiff, jpg
//   request TYPE [SELECTION]    asks for what a client has copied
//   release [SELECTION]         takes the offer back
//   open NAME, close NAME       the guest's side of a port
//   hold NAME, resume NAME      whether the guest reads the port
//   send NAME SIZE              SIZE bytes of the pattern into an echo port
//   poweroff
// What cannot be done is answered with the event "error".
#pragma once

#include "tests/system/guest/agent_service.hpp"
#include "tests/system/guest/guest_port.hpp"

#include <list>
#include <string>
#include <vector>

namespace saffron::guest {

/// `agent` is null when the VM has no port for it.
void run_command(const std::vector<std::string>& words, std::list<guest_port>& ports, agent_service* agent,
                 guest_console& console);

} // namespace saffron::guest
