// SPDX-License-Identifier: BSD-3-Clause
// The agent's mouth: the clients' port by a window of bytes, the server's port by the self token.
#include "devices/char/agent/agent.hpp"
#include "messages/defaults.hpp"

#include <utility>

namespace saffron::devices {

namespace wa = wire::agent;

void agent::pump() {
  // room() may come from within a write, when the guest is fast.
  if (std::exchange(pumping_, true)) return;
  for (std::size_t filled = 0; opened_ && !failed_ && outstanding_ < defaults::agent_write_window;) {
    if (announce_due_) {
      const bool ask = !capabilities_.guest_known() && !asked_;
      announce_due_ =
          !port_.push_own(wa::encode_whole(wa::announce_capabilities{ask ? 1u : 0u, capabilities_.for_guest()}));
      if (!announce_due_) {
        asked_ = asked_ || ask;
        capabilities_.guest_told();
      }
    }
    const auto bytes = port_.peek();
    if (bytes.empty()) break;
    const auto size = bytes.size();
    if (port_.filling() && (filled += size) > defaults::agent_filling_batch) break; // the next call goes on
    const auto before = std::exchange(outstanding_, outstanding_ + size);
    if (!queues_->write_server_no_token(chunks(wa::port::client, bytes))) {
      outstanding_ = before;
      break;
    }
    port_.advance(size);
  }
  pumping_ = false;
  return_tokens();
}

void agent::return_tokens() {
  for (auto& m : members_)
    if (m.owed != 0 && port_.waiting(m.id) + m.in.kept() <= defaults::agent_assembly)
      queues_->release_client_tokens(m.id, std::exchange(m.owed, 0));
}

void agent::room() {
  outstanding_ = 0;
  room_while_serving_ = room_while_serving_ || serving_;
  if (pumping_ || serving_) return; // whoever writes goes on afterwards
  pump();
  serve();
}

void agent::serve() {
  if (!opened_ || failed_ || std::exchange(serving_, true)) return;
  if (disconnected_due_) disconnected_due_ = !queues_->write_server_no_token(server_messages::client_disconnected());
  while (!server_.empty() && queues_->write_server(server_.next())) server_.pop();
  serving_ = false;
  if (std::exchange(room_while_serving_, false)) pump();
}

void agent::pointer(const agent_pointer& state) {
  if (!leads_mouse_ || failed_) return;
  server_.pointer(state);
  serve();
}

void agent::set_places(const std::vector<display_place>& places) {
  if (places == places_) return; // the source says so with everything else that is new
  places_ = places;
  tell_displays();
}

void agent::tell_displays() {
  if (!opened_ || !capabilities_.guest_has(wa::capability::graphics_device_info)) return;
  server_.displays(places_);
  serve();
}

} // namespace saffron::devices
