// SPDX-License-Identifier: BSD-3-Clause
// A backend is the VM's side of a char device: a socket to QEMU, a D-Bus chardev, something in the process. It takes
// bytes, says how many it took, and says when it can take or give more. It lives on the loop of its device's actor,
// which owns it from start() to stop().
#pragma once

#include "messages/char_device.hpp"
#include "transport/loop.hpp"

#include <cstddef>
#include <span>

namespace saffron {

/// The bytes of a backend.
class char_io {
public:
  virtual ~char_io() = default;
  /// Takes bytes from the front and says how many; 0 when it takes none now.
  virtual std::size_t write(std::span<const std::byte> bytes) = 0;
  /// Fills `room` from the front with what has arrived and says how much; 0 when nothing is there now.
  virtual std::size_t read(std::span<std::byte> room) = 0;
  /// True: wakeup() comes when a write that took too little can go on. False: the device has to try again by its clock.
  [[nodiscard]] virtual bool tells_writable() const { return true; }
};

/// What a backend tells its device, always inside the device's activation and never from within a call of the device.
class backend_owner {
public:
  virtual ~backend_owner() = default;
  /// There is something to read, or room to write again.
  virtual void on_wakeup() = 0;
  /// The VM's side was opened, closed, or sent a break. After `closed` nothing can be read or written until `opened`.
  virtual void on_event(port_event event) = 0;
};

class char_backend : public char_io {
public:
  /// By the device that owns it from now on; once more after stop(), when the guest has sent nonsense. Both references
  /// outlive the last completion, if every completion is wrapped with transport::completion(actor, …).
  virtual void start(transport::activation& actor, backend_owner& owner) = 0;
  /// No call of the owner after this. The device lets go of it then; pending completions keep it themselves.
  virtual void stop() = 0;
  /// Somebody uses the device, or nobody does: connect, or let go, where the guest can see the difference. A backend
  /// that starts is not in use.
  virtual void set_in_use(bool in_use) = 0;
  /// A client opened or closed its end, or sent a break.
  virtual void send_event(port_event) {}
};

} // namespace saffron
