// SPDX-License-Identifier: BSD-3-Clause
// Our own messages to the guest's agent on the server's port: where the pointer is, and which displays there are. They
// cost the one self token, so while it is in use the newest position and the newest displays wait. Buttons are not
// lost: states that differ in their buttons wait one behind the other. The pointer goes first.
#pragma once

#include "messages/bytes.hpp"
#include "messages/char_device.hpp"

#include <deque>
#include <vector>

namespace saffron::devices {

class server_messages {
public:
  /// Beyond defaults::agent_button_states the newest state takes the place of the one before it.
  void pointer(const agent_pointer& state);
  /// The displays are to be told. At most defaults::agent_displays, an address cut after defaults::agent_address - 1.
  void displays(const std::vector<display_place>& places);
  /// The last client has gone; costs no token.
  [[nodiscard]] static shared_bytes client_disconnected();

  [[nodiscard]] bool empty() const noexcept { return pointers_.empty() && displays_.empty(); }
  /// What waits longest, as chunks; empty() must be false.
  [[nodiscard]] shared_bytes next() const;
  /// It was taken.
  void pop();
  void reset();

private:
  std::deque<agent_pointer> pointers_;
  /// The message, as chunks.
  shared_bytes displays_;
};

} // namespace saffron::devices
