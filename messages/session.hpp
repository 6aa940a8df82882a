// SPDX-License-Identifier: BSD-3-Clause
// The conversation about who may connect to what: links, tickets, VMs and clients; and what `saffron status` asks.
#pragma once

#include "messages/actor_types.hpp"
#include "messages/errc.hpp"
#include "messages/picture_settings.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace saffron::transport {
class accepted_link;
}

namespace saffron {

/// The connection id of a client's main channel, as the protocol carries it. Never 0.
using client_id = std::uint32_t;
/// A VM of this process; given by the registry, never reused.
using vm_id = std::uint32_t;
/// A display or cursor client, in the eyes of a console. Unique in the process.
using viewer_id = std::uint64_t;

/// A channel of a VM: the protocol's type number and the number within the type.
struct channel_key {
  std::uint8_t type = 0, id = 0;
  friend auto operator<=>(const channel_key&, const channel_key&) = default;
};

/// What a char device is; the first four are the names that QEMU's spicevmc chardev knows.
enum class char_device_kind : std::uint8_t { vdagent, smartcard, usbredir, port, webdav };

/// What happens when a second client connects to a VM.
enum class client_policy : std::uint8_t {
  /// Both see it.
  shared,
  /// The new one takes over, the old ones are disconnected.
  exclusive,
  /// The new one is refused.
  refuse,
};

/// Whose keyboard and mouse reach the VM when several clients are connected.
enum class input_policy : std::uint8_t { all, first };

/// Whose monitors configuration counts when several clients ask for different ones.
enum class monitors_policy : std::uint8_t { first, last };

/// What happens when a second client opens a port of a VM.
enum class port_policy : std::uint8_t {
  /// It is told that the port is in use.
  first,
  /// It takes the port over.
  last,
  /// It reads along; the first one alone writes.
  all_readers,
};

/// The password that opens a VM. On a port that serves several VMs it also names the VM.
struct ticket {
  std::string password;
  /// Not valid from then on; none is for ever.
  std::optional<std::chrono::system_clock::time_point> expires;
};

/// What an operator says about one VM.
struct vm_settings {
  std::string name;
  /// None: no ticket is asked, which needs a listener of the VM's own.
  std::optional<struct ticket> ticket;
  client_policy clients = client_policy::shared;
  input_policy inputs = input_policy::all;
  /// What may pass between clients and the guest's agent.
  bool copy_paste = true, file_transfer = true, monitors_config = true;
  monitors_policy monitors = monitors_policy::last;
  port_policy port_clients = port_policy::first;
  picture_settings pictures;
};

/// A link has shown its ticket: who is it, and may it?
struct authorize {
  /// Which listener it came through, as the host numbered them.
  std::uint32_t listener = 0;
  /// 0 for a new main channel.
  client_id connection_id = 0;
  channel_key channel;
  bool secured = false;
  /// "127.0.0.1:40000" or "unix", for log lines.
  std::string peer;
  /// The decrypted ticket without its final NUL.
  std::string password;
};

/// The stream of a finished link, with its capabilities. Ours to close from now on.
struct linked {
  std::shared_ptr<transport::accepted_link> link;
  client_id client = 0;
  /// Of a main channel: the loop that the new client is to live on.
  std::size_t loop = 0;
};

/// Takes the stream of a finished link.
using link_sink = actor_handle<
    // The link is authorised; answer it and speak.
    void(linked)>;

/// The answer to authorize.
struct link_verdict {
  /// errc::none: accepted.
  errc error = errc::none;
  /// The loop of the client.
  std::size_t loop = 0;
  /// Who takes the stream: the VM.
  link_sink receiver;
  client_id client = 0;
};

/// A client has ended and its id is free.
struct client_ended {
  vm_id vm = 0;
  client_id client = 0;
  std::size_t loop = 0;
};

/// Disconnect, with this reason for the log and, where the protocol can say it, for the peer.
struct disconnect {
  errc reason = errc::closed_by_us;
};

/// End in order: tell the peers, release what is held, quit.
struct shut_down {};

/// The registry should change the ticket of this VM; connected clients stay.
struct set_ticket {
  std::string vm;
  std::optional<struct ticket> ticket;
};

// -- status -----------------------------------------------------------------------------------------------------------

/// Tell how you are.
struct status_query {};

struct channel_status {
  std::string name;
  std::uint8_t id = 0;
  std::uint64_t bytes_received = 0, bytes_sent = 0;
  /// Bytes that wait in our outbox.
  std::uint64_t queued = 0;
  /// Smallest round trip seen, microseconds; 0 before the first.
  std::uint64_t latency_us = 0;
  bool secured = false;
  /// Display: the form of the last picture; empty otherwise.
  std::string codec;
  /// Display: why that form; and what the way to the client is, "fast", "slow", …
  std::string codec_reason, link;
  /// Display: bytes per second that the client takes; 0 before it is known.
  std::uint64_t bytes_per_second = 0;
  /// Display: pixels that the client has not got yet, and those that it shows with loss.
  std::uint64_t damage_pixels = 0, lossy_pixels = 0;
  /// Display: videos that travel as streams.
  std::size_t streams = 0;
  /// Display: the coding of one of them, for people: "h264, 8000 kbit/s".
  std::string video;
};

struct client_status {
  client_id id = 0;
  std::string peer;
  std::uint64_t connected_seconds = 0;
  std::string mouse_mode;
  /// Bits per second by the bandwidth test; 0 before it has ended.
  std::uint64_t bandwidth = 0;
  std::vector<channel_status> channels;
};

struct console_status {
  std::uint8_t id = 0;
  std::uint32_t width = 0, height = 0;
  std::uint64_t draws = 0;
  std::size_t viewers = 0;
  /// Pixels that the furthest-behind viewer has not taken yet.
  std::uint64_t damage_pixels = 0;
  /// Of guests' pictures in the draw log, and of pixels that are kept for the next viewer (each in its encoded forms,
  /// too, which are smaller).
  std::uint64_t log_bytes = 0, kept_bytes = 0;
};

struct char_device_status {
  /// "vdagent", "port", …
  std::string kind;
  /// Of a port.
  std::string name;
  /// The VM's side is there.
  bool opened = false;
  bool running = false;
  std::size_t clients = 0;
  /// Bytes that the device has not taken, and that wait for clients' tokens.
  std::uint64_t write_queue_bytes = 0, send_queue_bytes = 0;
  std::uint64_t bytes_from_guest = 0, bytes_to_guest = 0;
  std::uint64_t clients_removed = 0;
};

struct vm_status {
  std::string name;
  /// "running", "paused", "waiting for /run/web01.qmp", …
  std::string state;
  std::string uuid;
  std::vector<console_status> consoles;
  /// The agent first.
  std::vector<char_device_status> devices;
  std::vector<client_status> clients;
};

struct host_status {
  std::vector<vm_status> vms;
};

} // namespace saffron
