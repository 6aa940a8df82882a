// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/agent.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {

namespace wa = wire::agent;

agent::agent(agent_policy policy, agent_host& host)
    : policy_(policy), host_(host), choice_(policy.monitors), capabilities_(policy) {}

agent::member* agent::find(client_id client) {
  const auto it = std::find_if(members_.begin(), members_.end(), [&](const member& m) { return m.id == client; });
  return it == members_.end() ? nullptr : &*it;
}

std::vector<client_id> agent::everyone() const {
  std::vector<client_id> out;
  for (const auto& m : members_)
    if (m.current) out.push_back(m.id);
  return out;
}

void agent::attached(client_id client) {
  auto* m = find(client);
  if (m == nullptr)
    m = &members_.emplace_back(member{client, false, {}, 0});
  else
    forget_words_of(*m);
  m->current = connected();
  choice_.join(client);
  if (!m->current) return;
  capabilities_.join(client);
  port_.join(client);
  disconnected_due_ = false;
  tell_displays();
  settle();
  pump();
}

void agent::detached(client_id client) {
  auto* m = find(client);
  if (m == nullptr) return;
  const bool counted = m->current;
  m->owed = 0; // gone with the client
  forget_words_of(*m);
  members_.remove_if([&](const member& one) { return one.id == client; });
  if (const auto config = choice_.leave(client)) apply(*config);
  disconnected_due_ = opened_ && counted && everyone().empty();
  settle();
  pump();
  serve();
}

void agent::forget_words_of(member& m) {
  m.in.reset();
  m.current = false;
  pieces_.leave(m.id);
  port_.leave(m.id);
  for (const auto id : transfers_.leave(m.id))
    port_.push_own(wa::encode_whole(wa::file_xfer_status{id, wa::file_xfer_result::cancelled}));
  clipboard_.leave(m.id);
  capabilities_.leave(m.id);
  if (m.owed != 0) queues_->release_client_tokens(m.id, std::exchange(m.owed, 0));
}

void agent::start_anew() {
  chunks_.reset();
  guest_in_.reset();
  pieces_.reset();
  clipboard_.reset();
  transfers_.reset();
  for (auto& m : members_) forget_words_of(m);
  port_.reset();
  server_.reset();
  capabilities_.guest_gone();
  failed_ = announce_due_ = asked_ = disconnected_due_ = false;
  outstanding_ = 0;
  set_leads_mouse(false);
}

void agent::opened() {
  const bool another = connected();
  start_anew();
  opened_ = true;
  if (another) host_.agent_connected(false);
  host_.agent_connected(true);
}

void agent::closed() {
  if (!opened_) return;
  start_anew();
  opened_ = false;
  host_.agent_connected(false);
  if (connected()) host_.agent_connected(true);
}

void agent::set_resizable(bool resizable) {
  const auto refused = resizable ? std::nullopt : std::exchange(tried_, std::nullopt);
  const bool before = connected();
  resizable_ = resizable;
  capabilities_.set_resizable(resizable);
  if (connected() == before) {
    // A VM's side may learn only from a wish that it cannot resize.
    if (refused && !everyone().empty()) apply(*refused);
    settle();
    pump();
    return;
  }
  start_anew();
  host_.agent_connected(connected());
}

void agent::apply(const wa::monitors_config& config) {
  if (resizable_) {
    tried_ = config;
    host_.set_monitors(config.monitors);
  } else if (opened_) {
    port_.push_own(wa::encode_whole(config));
  }
}

void agent::set_leads_mouse(bool leads) {
  if (std::exchange(leads_mouse_, leads) != leads) host_.agent_leads_mouse(leads);
}

void agent::tick() {
  const auto holder = port_.holder_others_wait_for();
  const bool still = holder && port_.moved() == std::exchange(moved_at_tick_, port_.moved());
  stalled_ticks_ = still ? stalled_ticks_ + 1 : 0;
  pump();
  serve();
  if (stalled_ticks_ < defaults::agent_stall_ticks) return;
  stalled_ticks_ = 0;
  host_.client_failed(*holder, errc::timed_out);
}

} // namespace saffron::devices
