// SPDX-License-Identifier: BSD-3-Clause
// A SPICE client that has nothing but a main channel and the channels that carry streams of bytes.
#pragma once

#include "bench/load/ticket.hpp"
#include "bench/ports/line.hpp"
#include "bench/ports/script.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace saffron::ports {

class spice_session {
public:
  /// Connects the main channel, which stays on `io`. `loops` are all that are to run meanwhile.
  spice_session(asio::io_context& io, std::vector<asio::io_context*> loops, load::target server, std::string ticket);

  /// Opens this kind's channels whose names begin with "org.saffron.bench.", in the order of their numbers, or the
  /// first USB channels: one on each of `homes`. They have not been started, and their order is that of the VM's
  /// settings.
  [[nodiscard]] std::vector<std::unique_ptr<line>> open(port_kind kind, std::span<asio::io_context* const> homes);

private:
  std::unique_ptr<line> link(asio::io_context& io, wire::channel_type type, std::uint8_t id);

  std::vector<asio::io_context*> loops_;
  load::target server_;
  std::string ticket_;
  load::ticket_encryptor tickets_;
  std::uint32_t session_id_ = 0;
  struct channel_place {
    wire::channel_type type;
    std::uint8_t id;
  };
  std::vector<channel_place> channels_;
  std::unique_ptr<line> main_;
};

} // namespace saffron::ports
