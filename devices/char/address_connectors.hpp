// SPDX-License-Identifier: BSD-3-Clause
// Sockets by address, for QEMU's `-chardev socket`: dialled where QEMU listens (server=on), and listened on where QEMU
// dials (reconnect=1). TCP goes without Nagle's delay, because these are conversations.
#pragma once

#include "devices/char/connector.hpp"
#include "transport/address.hpp"

#include <memory>

namespace saffron::devices {

/// Connects to `where`.
[[nodiscard]] std::unique_ptr<connector> make_dialler(transport::address where);

/// Listens on `where` from connect() to cancel(), also while a connection lives, so that the next one is there at once.
/// One connection at a time; a socket file is its owner's alone, and one that a dead process left is replaced.
[[nodiscard]] std::unique_ptr<connector> make_listener(transport::address where);

} // namespace saffron::devices
