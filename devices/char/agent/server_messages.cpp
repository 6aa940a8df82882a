// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/server_messages.hpp"

#include "devices/char/agent/chunks.hpp"
#include "messages/defaults.hpp"

#include <algorithm>

namespace saffron::devices {

namespace agent = wire::agent;

namespace {

shared_bytes as_chunks(std::span<const std::byte> message) { return chunks(agent::port::server, message); }

} // namespace

void server_messages::pointer(const agent_pointer& state) {
  const bool same = !pointers_.empty() && pointers_.back().buttons == state.buttons;
  if (same || pointers_.size() >= defaults::agent_button_states)
    pointers_.back() = state;
  else
    pointers_.push_back(state);
}

void server_messages::displays(const std::vector<display_place>& places) {
  agent::graphics_device_info info;
  for (const auto& place : places) {
    if (info.displays.size() == defaults::agent_displays) break;
    if (place.address.empty()) continue; // the guest knows them by their address only
    info.displays.push_back(
        {place.channel, place.monitor, place.device_display, place.address.substr(0, defaults::agent_address - 1)});
  }
  displays_ = as_chunks(agent::encode_whole(info));
}

shared_bytes server_messages::client_disconnected() {
  return as_chunks(agent::with_header(agent::message_type::client_disconnected, {}));
}

shared_bytes server_messages::next() const {
  if (pointers_.empty()) return displays_;
  const auto& state = pointers_.front();
  // The agent's bits are those of the inputs channel, one place higher.
  return as_chunks(agent::encode_whole(agent::mouse_state{state.x, state.y, state.buttons << 1, state.display}));
}

void server_messages::pop() {
  if (!pointers_.empty())
    pointers_.pop_front();
  else
    displays_ = {};
}

void server_messages::reset() { *this = {}; }

} // namespace saffron::devices
