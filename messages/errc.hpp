// SPDX-License-Identifier: BSD-3-Clause
// Everything that can go wrong, one sentence each, and the type of a result that may be one of them.
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string_view>

namespace saffron {

enum class errc : std::uint8_t {
  /// No error; only where a reason is reported, never in a result.
  none = 0,
  /// The peer closed its end.
  closed_by_peer = 1,
  /// We closed it ourselves, as asked.
  closed_by_us = 2,
  /// The operating system reported an error on the socket.
  socket_failed = 3,
  /// The TLS handshake or a TLS record failed.
  tls_failed = 4,
  /// The first four bytes are not the SPICE magic.
  bad_magic = 5,
  /// The peer speaks another major version of the protocol.
  version_mismatch = 6,
  /// A message is malformed: shorter than its fields say, or a field has an impossible value.
  bad_message = 7,
  /// A message has a type that this channel does not know.
  unknown_message = 8,
  /// A message is larger than this channel accepts.
  message_too_large = 9,
  /// A message is well formed but not allowed now.
  out_of_order = 10,
  /// The ticket is wrong, missing, expired, or names no VM.
  permission_denied = 11,
  /// The channel must be opened on the TLS port.
  need_secured = 12,
  /// The channel must be opened on the plain port.
  need_unsecured = 13,
  /// No client has this connection id.
  bad_connection_id = 14,
  /// The VM has no such channel, or this client has it open already.
  channel_not_available = 15,
  /// The peer did not answer in time.
  timed_out = 16,
  /// A limit on connections, half-open links or connects per second was reached.
  too_many = 17,
  /// Another client took the VM over (policy exclusive).
  taken_over = 18,
  /// The process is ending.
  shutting_down = 19,
  /// A file could not be opened or read.
  file_failed = 20,
  /// A setting has a value that makes no sense.
  bad_setting = 21,
  /// An encoder or decoder refused its input.
  codec_failed = 22,
  /// The VM's side of a device is gone.
  backend_gone = 23,
  /// An actor did not answer, or answered with an error.
  actor_failed = 24,
  /// More waits for this client than its queue holds.
  send_queue_overflow = 25,
  /// The client wrote to a device without a token for it.
  token_violation = 26,
  /// Another client uses this device.
  device_in_use = 27,
};

/// A sentence for people, without a full stop.
std::string_view to_string(errc code) noexcept;

template <class T>
using result = tl::expected<T, errc>;
using fail = tl::unexpected<errc>;

} // namespace saffron
