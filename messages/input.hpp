// SPDX-License-Identifier: BSD-3-Clause
// The conversation about keyboards and pointers: clients send events to their VM's input actor, it sends what remains
// of them to the VM's source.
#pragma once

#include "messages/char_device.hpp"
#include "messages/geometry.hpp"
#include "messages/session.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace saffron {

/// Keys are numbered as QEMU's qnum: the set 1 scancode, with 0x80 added for keys behind the 0xe0 prefix; Pause is
/// 0xc6.
using key_number = std::uint8_t;

/// Mouse modes of the protocol.
enum class mouse_mode : std::uint16_t {
  /// The server moves the pointer by relative motion.
  server = 1,
  /// The client tells absolute positions and draws the cursor itself.
  client = 2,
};

/// The mode of this client's mouse.
struct mouse_mode_changed {
  mouse_mode mode = mouse_mode::server;
};

/// Keyboard locks: scroll 1, num 2, caps 4 (protocol).
struct lock_state {
  std::uint16_t locks = 0;
  friend bool operator==(const lock_state&, const lock_state&) = default;
};

/// The pointer moved by so many pixels.
struct pointer_motion {
  std::int32_t dx = 0, dy = 0;
};
/// The pointer is at this pixel of this display.
struct pointer_position {
  std::uint8_t display = 0;
  std::uint32_t x = 0, y = 0;
};
/// A button changed: left 1, middle 2, right 3, wheel up 4, wheel down 5, side 6, extra 7, up to 16 (protocol). The
/// wheel turns on each press and ignores releases.
struct pointer_button {
  std::uint8_t button = 0;
  bool pressed = false;
};
using pointer_event = std::variant<pointer_motion, pointer_position, pointer_button>;

/// An inputs client: one user's keyboard and mouse.
using inputs_client_actor = actor_handle<
    // The guest's locks have changed.
    void(lock_state),
    // The client's mouse mode has changed.
    void(mouse_mode_changed),
    // How are you?
    channel_status(status_query),
    // Close the channel.
    void(disconnect)>;

/// A key of a client went down or up.
struct client_key {
  client_id client = 0;
  key_number key = 0;
  bool pressed = false;
};
/// A client's pointer did something.
struct client_pointer {
  client_id client = 0;
  pointer_event event;
};
/// A client wants the locks to be so: keys are pressed until they are.
struct client_locks {
  client_id client = 0;
  std::uint16_t locks = 0;
};
/// An inputs client starts; it is told the locks.
struct attach_inputs {
  client_id client = 0;
  inputs_client_actor inputs;
};
/// An inputs client has ended: what it holds down is released.
struct detach_inputs {
  client_id client = 0;
};

/// Pointers of clients go to this agent, because the VM's own pointer is not absolute; none: to the source.
struct set_agent_pointer {
  char_device_actor agent;
};

/// The input devices of one VM: merges the clients' keys and pointers into one keyboard and one mouse.
using input_actor = actor_handle<
    // A client's key.
    void(client_key),
    // A client's pointer.
    void(client_pointer),
    // A client's wish for the locks.
    void(client_locks),
    // The source reports the guest's locks.
    void(lock_state),
    // An inputs client starts.
    void(attach_inputs),
    // An inputs client has ended.
    void(detach_inputs),
    // The VM has a source now, or another one; keys held are not carried over.
    void(struct attach_source),
    // Who leads the pointer in client mouse mode.
    void(set_agent_pointer),
    // End.
    void(shut_down)>;

/// A key for the VM.
struct key_input {
  key_number key = 0;
  bool pressed = false;
};
/// A pointer event for the VM.
struct pointer_input {
  pointer_event event;
};
/// A client wants this head to have this size.
struct resize_head {
  std::uint8_t head = 0;
  extent size;
};

/// The VM's side of a VM: the demo, a QEMU. Draws on consoles, takes input.
using source_actor = actor_handle<
    // Press or release a key.
    void(key_input),
    // Move the pointer or press a button.
    void(pointer_input),
    // Change the size of a head, if the VM can.
    void(resize_head),
    // End.
    void(shut_down)>;

struct attach_source {
  source_actor source;
};

} // namespace saffron
