// SPDX-License-Identifier: BSD-3-Clause
#include "messages/errc.hpp"

namespace saffron {

std::string_view to_string(errc code) noexcept {
  switch (code) {
  case errc::none: return "no error";
  case errc::closed_by_peer: return "the peer closed the connection";
  case errc::closed_by_us: return "closed as asked";
  case errc::socket_failed: return "the socket failed";
  case errc::tls_failed: return "TLS failed";
  case errc::bad_magic: return "the first bytes are not the SPICE magic";
  case errc::version_mismatch: return "the peer speaks another major version";
  case errc::bad_message: return "malformed message";
  case errc::unknown_message: return "unknown message type";
  case errc::message_too_large: return "message too large";
  case errc::out_of_order: return "message not allowed now";
  case errc::permission_denied: return "wrong, missing or expired ticket";
  case errc::need_secured: return "the channel needs TLS";
  case errc::need_unsecured: return "the channel needs a plain connection";
  case errc::bad_connection_id: return "no client has this connection id";
  case errc::channel_not_available: return "no such channel, or it is open already";
  case errc::timed_out: return "timed out";
  case errc::too_many: return "too many connections";
  case errc::taken_over: return "another client took over";
  case errc::shutting_down: return "the server is ending";
  case errc::file_failed: return "a file could not be read";
  case errc::bad_setting: return "a setting makes no sense";
  case errc::codec_failed: return "a codec refused its input";
  case errc::backend_gone: return "the VM's side is gone";
  case errc::actor_failed: return "an actor did not answer";
  case errc::send_queue_overflow: return "too much waits for this client";
  case errc::token_violation: return "data without a token for it";
  case errc::device_in_use: return "another client uses the device";
  }
  return "unknown error";
}

} // namespace saffron
