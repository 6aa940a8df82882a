// SPDX-License-Identifier: BSD-3-Clause
// Listening sockets: TCP (v4 and v6), unix paths, abstract unix names, and sockets that somebody else has accepted.
// Accepted sockets go to the loops in turn, where their links run.
#pragma once

#include "transport/address.hpp"
#include "transport/admission.hpp"
#include "transport/link.hpp"

#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>
#include <tl/expected.hpp>

#include <memory>
#include <string>
#include <vector>

namespace saffron::transport {

struct listener_settings {
  /// Port 0: any free one.
  address where;
  /// Comes back in authorize::listener.
  std::uint32_t number = 0;
  /// Null: plain.
  std::shared_ptr<tls_slot> tls;
};

/// All listening sockets of a process. Lives on loop 0 and is used from there only.
class listeners {
public:
  listeners(link_environment& environment, admission::limits limits);
  ~listeners();

  /// The port that was bound (0 for unix), or a sentence that names the address and what is wrong.
  [[nodiscard]] tl::expected<std::uint16_t, std::string> open(const listener_settings& settings);
  /// A socket accepted elsewhere; ours from now on, as if it had come through the listener with this number.
  void adopt(int descriptor, std::uint32_t number, tls_context tls);
  /// Stops listening; links under way are cut.
  void close();

  [[nodiscard]] std::size_t half_open() const;

private:
  struct acceptor;
  struct shared;
  std::shared_ptr<shared> shared_;
  std::vector<std::shared_ptr<acceptor>> acceptors_;
};

} // namespace saffron::transport
