// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/char_device.hpp"

#include "devices/char/agent/monitors_choice.hpp"
#include "devices/char/char_device_state.hpp"
#include "messages/defaults.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace saffron::devices {

namespace {

using timed_device_actor = char_device_actor::extend<caf::reacts_to<wait_for_tokens_expired>,
                                                     caf::reacts_to<retry_write>, caf::reacts_to<tick>>;

class char_device final : public transport::pinned_actor<timed_device_actor>,
                          private device_outlet,
                          private agent_host {
public:
  char_device(caf::actor_config& config, transport::loop& home, char_device_setup setup)
      : pinned_actor(config, home), vm_(std::move(setup.vm)),
        state_(std::move(setup.what), setup.protocol(*this), *this, *setup.counted) {}
  const char* name() const override { return "char_device"; }
  void on_exit() override {
    state_.set_backend(nullptr);
    clients_.clear();
    vm_ = nullptr;
  }

protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { client_down(down.source); });
    return {
        [this](client_data& m) { state_.write(m.client, std::move(m.data), m.price); },
        [this](add_send_tokens m) { state_.add_tokens(m.client, m.tokens); },
        [this](set_send_tokens m) { state_.set_tokens(m.client, m.tokens); },
        [this](const attach_client& m) { welcome(m); },
        [this](detach_client m) { forget(m.client); },
        [this](client_event m) { state_.event(m.client, m.event); },
        [this](const agent_pointer& m) { state_.protocol().pointer(m); },
        [this](const attach_backend& m) { state_.set_backend(m.backend); },
        [this](start_device) { state_.start(); },
        [this](stop_device) { state_.stop(); },
        [this](const set_display_places& m) { state_.protocol().set_places(m.places); },
        [this](set_resizable m) { state_.protocol().set_resizable(m.resizable); },
        [this](save_device m) { return state_.save(m.client); },
        [this](const restore_device& m) { state_.restore(m.client, m.state); },
        [this](status_query) { return state_.status(); },
        [this](shut_down) { quit(); },
        [this](wait_for_tokens_expired m) { state_.tokens_expired(m); },
        [this](retry_write m) { state_.retry(m); },
        [this](tick t) { t.epoch == again ? state_.on_wakeup() : clock_ticks(); },
    };
  }

private:
  static constexpr std::uint64_t again = 1;

  // -- clients --------------------------------------------------------------------------------------------------------

  void welcome(const attach_client& m) {
    if (!m.actor || clients_.contains(m.client)) return;
    monitor(m.actor);
    clients_.emplace(m.client, m.actor);
    state_.attach(m.client, m.flow);
    // Not admitted: it has its answer, and is nobody to us.
    if (std::ranges::find(state_.clients(), m.client) == state_.clients().end()) forget(m.client);
    arm();
  }

  void forget(client_id client) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return;
    demonitor(found->second.address());
    clients_.erase(found);
    state_.detach(client);
  }

  void client_down(const caf::actor_addr& who) {
    const auto found = std::ranges::find_if(clients_, [&](const auto& c) { return c.second.address() == who; });
    if (found != clients_.end()) forget(found->first);
  }

  template <class M>
  void tell(client_id client, M message) {
    if (const auto found = clients_.find(client); found != clients_.end()) send(found->second, std::move(message));
  }

  // -- what the state says --------------------------------------------------------------------------------------------

  void to_client(client_id client, const device_message& message) override { tell(client, message); }
  void to_client(client_id client, token_grant tokens) override { tell(client, tokens); }
  void to_client(client_id client, device_event event) override { tell(client, event); }
  void to_client(client_id client, device_attached answer) override { tell(client, answer); }
  void to_client(client_id client, remove_client why) override { tell(client, why); }
  void schedule(wait_for_tokens_expired what) override {
    delayed_send(timed_device_actor{this}, defaults::wait_for_tokens, what);
  }
  void schedule(retry_write what) override { delayed_send(timed_device_actor{this}, defaults::retry_write, what); }
  void continue_soon() override {
    send(timed_device_actor{this}, tick{again});
    arm();
  }
  void start(char_backend& backend) override { backend.start(*this, state_); }

  // An idle device has no clock: a host has many of them.
  void arm() {
    if (!std::exchange(armed_, true)) delayed_send(timed_device_actor{this}, defaults::device_tick, tick{});
  }
  void clock_ticks() {
    armed_ = false;
    state_.tick();
    if (!clients_.empty()) arm();
  }

  // -- what the protocol says -----------------------------------------------------------------------------------------

  void guest_failed(std::string_view why) override { state_.guest_failed(why); }
  void client_failed(client_id client, errc reason) override { state_.client_failed(client, reason); }
  void set_monitors(const std::vector<wire::agent::monitor>& monitors) override {
    for (const auto& wish : resizes_of(monitors))
      if (vm_) send(vm_, wish);
  }
  void agent_connected(bool connected) override {
    agent_.connected = connected;
    if (vm_) send(vm_, agent_);
  }
  void agent_leads_mouse(bool leads) override {
    agent_.leads_mouse = leads;
    if (vm_) send(vm_, agent_);
  }

  vm_actor vm_;
  std::map<client_id, device_client_actor> clients_;
  agent_state agent_;
  bool armed_ = false;
  char_device_state state_;
};

} // namespace

char_device_actor make_char_device(caf::actor_system& system, transport::loop& home, char_device_setup setup) {
  return system.spawn<char_device>(home, std::move(setup));
}

} // namespace saffron::devices
