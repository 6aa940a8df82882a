// SPDX-License-Identifier: BSD-3-Clause
// The link stage: TLS handshake, link message, capabilities, ticket; from an accepted socket to a stream that a channel
// takes over. Replies and the order of checks are the reference's (section 1.2 of its census), byte for byte; what
// differs: there is a time limit, keys are not made for each link, and SASL, which is not offered, cannot be chosen.
#pragma once

#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "messages/wire/link.hpp"
#include "transport/loop.hpp"
#include "transport/stream.hpp"
#include "transport/ticket.hpp"
#include "transport/tls.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace saffron::transport {

/// What is offered for one type of channel. A type without an offer does not exist: its links are closed unanswered.
struct channel_offer {
  std::uint8_t type = 0;
  wire::capability_set capabilities;
  bool plain_allowed = true, tls_allowed = true;
};

/// Says who a link belongs to. Called on any loop; must call back once, from any thread.
class gate {
public:
  virtual ~gate() = default;
  virtual void authorize(saffron::authorize question, std::function<void(link_verdict)> answer) = 0;
};

/// What all links of a process share. Outlives them.
struct link_environment {
  loops& all_loops;
  gate& door;
  counters& counted;
  std::vector<channel_offer> offers;
  std::chrono::milliseconds timeout;
  /// One pool for each loop.
  std::vector<ticket_keys> keys;
};

/// A link that was authorised: a stream on its way to the loop of its client, and what was agreed on.
class accepted_link {
public:
  accepted_link(detached_stream from, wire::link_message said, bool is_secured, std::string peer_text)
      : message(std::move(said)), secured(is_secured), peer(std::move(peer_text)), stream_(std::move(from)) {}

  /// The peer's link message: channel, connection id, capabilities.
  const wire::link_message message;
  const bool secured;
  const std::string peer;

  /// The stream on its new loop. Once. The peer still waits for the link's result: four zero bytes come first.
  [[nodiscard]] stream take(asio::io_context& io) { return stream{io, std::move(stream_)}; }
  /// True when both sides know the 6 byte header.
  [[nodiscard]] bool mini_header() const {
    return message.common_capabilities.has(wire::common_capability::mini_header);
  }

private:
  detached_stream stream_;
};

/// An accepted socket at the start of its link.
struct incoming {
  int family = 0;
  /// Ours to close.
  int descriptor = -1;
  std::uint32_t listener = 0;
  /// Null for a plain listener.
  tls_context tls;
  /// Called on the loop of the link when its first sensible bytes came, and when it ended either way.
  std::function<void()> spoke, ended;
};

/// Answers an accepted link with an error after all, and closes it. On the loop that it was handed to.
void refuse_link(accepted_link& link, asio::io_context& io, wire::link_error error);

/// Cuts a link short from any thread.
using link_cutter = std::function<void()>;

/// Runs the link on `home`. May be called from any thread.
link_cutter start_link(link_environment& environment, loop& home, incoming from);

} // namespace saffron::transport
