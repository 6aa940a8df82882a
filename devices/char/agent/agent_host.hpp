// SPDX-License-Identifier: BSD-3-Clause
// What the guest's agent wants of whoever runs it.
#pragma once

#include "devices/char/device_protocol.hpp"
#include "messages/wire/agent.hpp"

#include <vector>

namespace saffron::devices {

/// What an agent wants of its device and VM.
class agent_host : public protocol_host {
public:
  /// The VM's side shall resize its heads.
  virtual void set_monitors(const std::vector<wire::agent::monitor>& monitors) = 0;
  /// Clients see an agent from now on, or none. Another agent is false, then true: what clients say is for the old one
  /// until they are attached again.
  virtual void agent_connected(bool connected) = 0;
  /// The guest's agent takes the pointer (it announced mouse_state), or does no more.
  virtual void agent_leads_mouse(bool leads) = 0;
};

} // namespace saffron::devices
