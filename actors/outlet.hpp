// SPDX-License-Identifier: BSD-3-Clause
// What the parts of a channel send through: every message counts for the acknowledgements, whoever sends it.
#pragma once

#include "actors/ack_window.hpp"
#include "transport/connection.hpp"

#include <cstdint>
#include <span>

namespace saffron::actors {

class outlet {
public:
  /// Both outlive it.
  outlet(transport::message_sink& sink, ack_window& acks) : sink_(sink), acks_(acks) {}

  template <class M>
  void send(const M& message) {
    acks_.sent();
    sink_.send(message);
  }
  void send(std::uint16_t type, std::span<const std::byte> head, std::span<const shared_bytes> payload) {
    acks_.sent();
    sink_.send(type, head, payload);
  }

private:
  transport::message_sink& sink_;
  ack_window& acks_;
};

} // namespace saffron::actors
