// SPDX-License-Identifier: BSD-3-Clause
// What makes a char device an agent, a port, a smartcard reader: a protocol between the clients' bytes and the guest's.
// It is driven by the device's actor and acts through two collaborators: the queues of the flow control, and the host.
#pragma once

#include "devices/char/char_backend.hpp"
#include "messages/char_device.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace saffron::devices {

/// A message that was read from a device, or that a protocol made.
struct outgoing {
  device_message message;
  /// Whom it is for; none is for all.
  std::optional<std::vector<client_id>> recipients{};
};

/// How a kind of device reads: the agent in pieces of messages, a port whatever is there.
class device_reader {
public:
  virtual ~device_reader() = default;
  /// The next message; none when nothing whole is there. Its price must not be above `budget`, which is at least 1.
  virtual std::optional<outgoing> read(char_io& from, std::uint64_t budget) = 0;
  /// False: what is read next is not for this client, so its tokens do not count.
  [[nodiscard]] virtual bool concerns(client_id) const { return true; }
  /// True: what is read next goes on with a message that has begun, so nobody else can be served before its end.
  [[nodiscard]] virtual bool in_the_middle() const { return false; }
};

/// The queues of a device as its protocol sees them. flow_control is one; tests have their own.
class device_queues {
public:
  virtual ~device_queues() = default;
  /// To one client or several, in order with what is read: at once, or into their queues.
  virtual void send(const outgoing& message) = 0;
  /// Queues bytes of a client for the guest, whose tokens were taken before. Empty bytes are done at once.
  /// errc::too_many, tokens returned and removal recommended, when a limit in bytes would be passed.
  virtual result<void> write_client(client_id client, shared_bytes bytes, std::uint64_t price) = 0;
  /// Gives tokens back without writing.
  virtual void release_client_tokens(client_id client, std::uint64_t price) = 0;
  /// Queues a buffer that costs a self token. False when no self token or no room is left.
  [[nodiscard]] virtual bool write_server(shared_bytes bytes) = 0;
  /// Queues a buffer that costs none. False when the queue has no room.
  [[nodiscard]] virtual bool write_server_no_token(shared_bytes bytes) = 0;
};

/// What a protocol wants of its device and VM.
class protocol_host {
public:
  virtual ~protocol_host() = default;
  /// The guest sent nonsense: one log line, a counter, and the VM's side is closed until it opens anew.
  virtual void guest_failed(std::string_view why) = 0;
  /// A client broke the rules: its removal is recommended.
  virtual void client_failed(client_id client, errc reason) = 0;
};

class device_protocol : public device_reader {
public:
  /// Once, before anything else.
  virtual void connect(device_queues& queues) = 0;
  /// A client is attached; its flow is known to the queues.
  virtual void attached(client_id) {}
  /// A client has ended; the queues have forgotten it already.
  virtual void detached(client_id) {}
  /// Data of a client. Its tokens were taken; they go with what is written for it, or are released.
  [[nodiscard]] virtual result<void> from_client(client_id client, shared_bytes data, std::uint64_t price) = 0;
  /// The VM's side is there: a fresh stream in both directions.
  virtual void opened() {}
  /// The VM's side is gone; the queues were reset.
  virtual void closed() {}
  /// A buffer of write_server() was taken by the guest.
  virtual void self_token_freed() {}
  /// The guest has taken everything that was queued: called whenever the write queue has become empty after a write,
  /// at once or later.
  virtual void room() {}
  /// Clients see the device as open. Most see what the VM's side says.
  [[nodiscard]] virtual bool open_for_clients(bool opened) const { return opened; }

  // What only an agent cares for.
  virtual void pointer(const agent_pointer&) {}
  virtual void set_places(const std::vector<display_place>&) {}
  virtual void set_resizable(bool) {}
  /// Every defaults::device_tick, while there are clients.
  virtual void tick() {}
};

} // namespace saffron::devices
