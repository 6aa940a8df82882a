// SPDX-License-Identifier: BSD-3-Clause
// How a listening socket is made: bound, non-blocking, never inherited by a child process, and in place of a socket
// file that a process which has died left behind.
#pragma once

#include "messages/defaults.hpp"
#include "transport/address.hpp"

#include <tl/expected.hpp>

#include <string>

namespace saffron::transport {

struct listen_settings {
  int backlog = defaults::listen_backlog;
  /// A socket file that no other user may connect to; otherwise the process's umask decides.
  bool owner_only = false;
};

/// The descriptor, the caller's to close (and its path to unlink), or a sentence that names the address and what is
/// wrong.
[[nodiscard]] tl::expected<int, std::string> listen_on(const address& where, const listen_settings& settings);

} // namespace saffron::transport
