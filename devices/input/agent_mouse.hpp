// SPDX-License-Identifier: BSD-3-Clause
// Pointer events as the guest's agent wants them: each state whole, with all buttons.
#pragma once

#include "messages/char_device.hpp"
#include "messages/input.hpp"

#include <vector>

namespace saffron::devices {

class agent_mouse {
public:
  /// The states to send for this event, in order; none when it is not for the agent. Motions never are. A press follows
  /// whatever moved last, and its release goes where it went: in between another client may have moved the other way.
  [[nodiscard]] std::vector<agent_pointer> states(const pointer_event& event);
  /// The agent is another one: no button is down for it.
  void forget() { now_ = {}; }

private:
  agent_pointer now_;
  bool leads_ = true;
};

} // namespace saffron::devices
