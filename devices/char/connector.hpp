// SPDX-License-Identifier: BSD-3-Clause
// Where a socket backend gets its sockets from: an address that it dials, one that it listens on, a chardev of a QEMU.
#pragma once

#include "devices/unique_fd.hpp"
#include "messages/errc.hpp"
#include "transport/loop.hpp"

namespace saffron::devices {

/// What a connector tells its backend, always inside the device's activation and never from within a call of the
/// backend.
class connector_owner {
public:
  virtual ~connector_owner() = default;
  /// The answer to connect(): a connected stream socket, non-blocking. errc::backend_gone: there will never be one;
  /// any other error: try again later.
  virtual void on_socket(result<unique_fd> socket) = 0;
  /// The guest has opened or closed its side. A connector that cannot know never calls it, and the guest's side counts
  /// as open.
  virtual void on_guest(bool opened) = 0;
};

class connector {
public:
  virtual ~connector() = default;
  /// Both live until stop(). May be started again after that.
  virtual void start(transport::activation& actor, connector_owner& owner) = 0;
  /// Asks for one socket, which may take for ever. No second call before the first is answered or cancelled.
  virtual void connect() = 0;
  /// No socket is wanted now, and the VM's side may notice. A connect() is not answered any more.
  virtual void cancel() = 0;
  /// cancel(), and no call of the owner after this.
  virtual void stop() = 0;
  /// A break for the guest, where there is such a thing.
  virtual void send_break() {}
};

} // namespace saffron::devices
