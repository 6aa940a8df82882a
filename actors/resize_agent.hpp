// SPDX-License-Identifier: BSD-3-Clause
// A guest agent in small: clients resize a VM's heads only through an agent, so a VM whose heads its own side can
// resize gets this one. It announces nothing but that, and takes nothing else.
#pragma once

#include "messages/errc.hpp"
#include "messages/wire/agent.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace saffron::actors {

class resize_agent {
public:
  struct answer {
    /// Whole agent messages to send, in order.
    std::vector<std::vector<std::byte>> messages;
    /// The monitors the client wants; empty when it said nothing about them.
    std::vector<wire::agent::monitor> monitors;
  };

  /// A piece of the client's agent stream. errc::bad_message for what no agent message can be, errc::message_too_large
  /// for one longer than any list of monitors.
  [[nodiscard]] result<answer> receive(std::span<const std::byte> piece);
  /// The client starts anew.
  void restart() {
    partial_.clear();
    skip_ = 0;
  }

private:
  void handle(const wire::agent::message_header& header, std::span<const std::byte> body, answer& out);

  std::vector<std::byte> partial_;
  /// Bytes of a message of another kind that are still to be passed over.
  std::size_t skip_ = 0;
};

} // namespace saffron::actors
