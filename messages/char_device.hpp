// SPDX-License-Identifier: BSD-3-Clause
// The conversation about char devices: the guest agent, ports, WebDAV, USB redirection, smartcards. Nobody writes and
// nobody sends without a token. A token is a message for the agent and a smartcard (protocol), a byte for everything
// that is a stream of bytes; what a buffer or message costs is its price.
#pragma once

#include "messages/actor_types.hpp"
#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/geometry.hpp"
#include "messages/session.hpp"
#include "messages/wire/port.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace saffron {

class char_backend;

/// More tokens than can ever be spent: no flow control.
inline constexpr std::uint64_t unlimited_tokens = std::numeric_limits<std::uint64_t>::max();

/// What a device and a client agree on when the client attaches.
struct client_flow {
  /// False: neither side's tokens are checked, only the queues' limits.
  bool flow_control = true;
  /// Messages that wait for the client's tokens; one more, and the device recommends to remove the client.
  std::size_t max_send_queue_size = 0;
  /// The same in bytes.
  std::size_t max_send_queue_bytes = 0;
  /// The window: what the client may have on its way to the device.
  std::uint64_t client_tokens = 0;
  /// What the device may send before the client grants more.
  std::uint64_t send_tokens = 0;
  /// A client that comes from another server: nothing moves before restore_device.
  bool wait_for_migrate_data = false;
};

/// Data for a client, made once and shared by all it is for.
struct device_message {
  shared_bytes data;
  /// Send tokens that it costs.
  std::uint64_t price = 1;
};
/// So many of the client's tokens are free again.
struct token_grant {
  std::uint64_t tokens = 0;
};
/// What the VM's side of a port does, or a client.
using port_event = wire::port::event_code;
struct device_event {
  port_event event = port_event::opened;
};
/// The device's answer to attach_client.
struct device_attached {
  /// errc::none; errc::device_in_use; errc::backend_gone.
  errc error = errc::none;
  /// The VM's side is there.
  bool opened = false;
};
/// A recommendation: this client is too slow (errc::send_queue_overflow), gave no tokens in time (errc::timed_out),
/// wrote without a token (errc::token_violation), sent nonsense (errc::bad_message), or another one took the device
/// (errc::taken_over).
struct remove_client {
  errc reason = errc::none;
};

/// A client of a device: a main client for the agent, a port client for a port, …
using device_client_actor = actor_handle<
    // Data of the device.
    void(device_message),
    // Tokens are free again.
    void(token_grant),
    // The VM's side was opened or closed, or sent a break.
    void(device_event),
    // The answer to attach_client.
    void(device_attached),
    // The device wants to be rid of this client.
    void(remove_client)>;

/// A client starts to use the device. The answer is device_attached.
struct attach_client {
  client_id client = 0;
  device_client_actor actor;
  client_flow flow;
};
/// A client has ended, or does not use the device any more.
struct detach_client {
  client_id client = 0;
};
/// Bytes of a client for the device. They cost `price` client tokens, which come back with token_grant when the device
/// has taken them.
struct client_data {
  client_id client = 0;
  shared_bytes data;
  std::uint64_t price = 1;
};
/// The client can take more.
struct add_send_tokens {
  client_id client = 0;
  std::uint64_t tokens = 0;
};
/// The client can take so much from now on, whatever it said before (AGENT_START).
struct set_send_tokens {
  client_id client = 0;
  std::uint64_t tokens = 0;
};
/// An event of a client for the VM's side of a port.
struct client_event {
  client_id client = 0;
  port_event event = port_event::opened;
};
/// The VM's side of the device is this from now on; none: it is gone.
struct attach_backend {
  std::shared_ptr<char_backend> backend;
};
/// The VM runs: bytes move.
struct start_device {};
/// The VM is paused: what arrives is kept.
struct stop_device {};
/// Where a client's pointer is, for an agent that leads the mouse. The newest wins.
struct agent_pointer {
  std::uint32_t x = 0, y = 0;
  /// Bits of the inputs channel's button mask.
  std::uint32_t buttons = 0;
  std::uint8_t display = 0;
  friend bool operator==(const agent_pointer&, const agent_pointer&) = default;
};
/// The displays that the VM has, which the agent is told with their names in the guest.
struct display_place {
  /// A display channel and its monitor; `device_display` is the output of the device at `address`.
  std::uint32_t channel = 0, monitor = 0, device_display = 0;
  /// "pci/0000/02.0", as QEMU tells it.
  std::string address;
  friend bool operator==(const display_place&, const display_place&) = default;
};
struct set_display_places {
  std::vector<display_place> places;
};
/// Heads can be resized by the VM's side: monitors configurations are for it, not for the guest's agent.
struct set_resizable {
  bool resizable = false;
};

/// The state that moves with a client to another server: flow control, and what the device has not taken.
struct device_state {
  std::uint64_t client_tokens = 0, send_tokens = 0, write_tokens = 0;
  std::vector<std::byte> unwritten;
  friend bool operator==(const device_state&, const device_state&) = default;
};
/// This client moves away: what is its state?
struct save_device {
  client_id client = 0;
};
/// This client has come from another server, with this state.
struct restore_device {
  client_id client = 0;
  device_state state;
};

/// Sent by a device to itself after 30 s: this client has given no tokens since `epoch`.
struct wait_for_tokens_expired {
  client_id client = 0;
  std::uint64_t epoch = 0;
};
/// Sent by a device to itself after 100 ms: try again to write to a backend that does not tell when it can take more.
struct retry_write {
  std::uint64_t epoch = 0;
};

/// A char device: write queue, tokens, and its clients' send queues, between a backend and any number of clients.
using char_device_actor = actor_handle<
    // A client writes.
    void(client_data),
    // A client can take more.
    void(add_send_tokens),
    // A client says anew what it can take.
    void(set_send_tokens),
    // A client starts to use the device.
    void(attach_client),
    // A client has ended.
    void(detach_client),
    // A client opens or closes its end of a port, or sends a break.
    void(client_event),
    // A client's pointer, for an agent that leads the mouse.
    void(agent_pointer),
    // The VM's side is there, another one, or gone.
    void(attach_backend),
    // The VM runs.
    void(start_device),
    // The VM is paused.
    void(stop_device),
    // Which displays the VM has.
    void(set_display_places),
    // Who resizes heads.
    void(set_resizable),
    // What moves with this client to another server?
    device_state(save_device),
    // A client has come from another server.
    void(restore_device),
    // How are you?
    char_device_status(status_query),
    // End.
    void(shut_down)>;

/// A char device in the eyes of clients.
struct char_device_view {
  channel_key channel;
  char_device_kind kind = char_device_kind::port;
  /// Of a port: "org.saffron.echo.0".
  std::string name;
  char_device_actor device;
};
/// What a source offers: one for each char device that its VM has.
struct char_device_offer {
  char_device_kind kind = char_device_kind::port;
  std::string name;
  std::shared_ptr<char_backend> backend;
};

} // namespace saffron
