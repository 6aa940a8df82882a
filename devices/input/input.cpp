// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/input.hpp"

#include "devices/input/agent_mouse.hpp"
#include "devices/input/input_state.hpp"
#include "messages/actors.hpp"
#include "messages/defaults.hpp"
#include "messages/log.hpp"

#include <algorithm>
#include <map>

namespace saffron::devices {

namespace {

using ticking_input_actor = input_actor::extend<detail::signature<void(tick)>::type>;

class input final : public transport::pinned_actor<ticking_input_actor>, private input_outlet {
public:
  input(caf::actor_config& config, transport::loop& home, input_policy policy, counters& count)
      : pinned_actor(config, home), state_(policy, *this, count) {}

  const char* name() const override { return "input"; }
  void on_exit() override {
    source_ = nullptr;
    agent_ = nullptr;
    clients_.clear();
  }

protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { on_down(down.source); });
    return {
        [this](const client_key& event) { state_.key(event); },
        [this](const client_pointer& event) { state_.pointer(event); },
        [this](const client_locks& wish) { state_.want_locks(wish); },
        [this](lock_state locks) { state_.source_locks(locks); },
        [this](const attach_inputs& a) { welcome(a); },
        [this](detach_inputs d) { forget(d.client); },
        [this](const attach_source& a) { set_source(a.source); },
        [this](const set_agent_pointer& a) { set_agent(a.agent); },
        [this](tick t) { state_.led_report_due(t.epoch); },
        [this](shut_down) {
          state_.release_all();
          quit();
        },
    };
  }

private:
  // -- what the state says --------------------------------------------------------------------------------------------

  void to_source(const key_input& key) override {
    if (source_) send(source_, key);
  }
  void to_source(const pointer_input& event) override {
    const auto states = agent_ ? agent_mouse_.states(event.event) : std::vector<agent_pointer>{};
    for (const auto& state : states) send(agent_, state);
    if (states.empty() && source_) send(source_, event);
  }
  void to_client(client_id client, lock_state locks) override {
    if (const auto i = clients_.find(client); i != clients_.end()) send(i->second, locks);
  }
  void schedule_led_report(std::uint64_t epoch) override {
    delayed_send(ticking_input_actor{this}, defaults::led_report, tick{epoch});
  }

  // -- births and deaths ----------------------------------------------------------------------------------------------

  void welcome(const attach_inputs& a) {
    if (!a.inputs) return;
    forget(a.client); // the handle may be another one
    monitor(a.inputs);
    clients_.emplace(a.client, a.inputs);
    state_.attach(a.client);
  }

  void forget(client_id client) {
    const auto i = clients_.find(client);
    if (i == clients_.end()) return;
    demonitor(i->second.address());
    clients_.erase(i);
    state_.detach(client);
  }

  // The same source once more is no news: it keeps what is held and its locks.
  void set_source(const source_actor& source) {
    if (source == source_) return;
    if (source_) demonitor(source_.address());
    source_ = source;
    if (!source_) {
      state_.source_gone();
      return;
    }
    monitor(source_);
    state_.source_attached();
  }

  void set_agent(const char_device_actor& agent) {
    if (agent == agent_) return;
    agent_ = agent;
    agent_mouse_.forget();
  }

  void on_down(const caf::actor_addr& who) {
    if (source_ && who == source_.address()) {
      log::debug("input lost its source");
      source_ = nullptr;
      state_.source_gone();
      return;
    }
    const auto i = std::find_if(clients_.begin(), clients_.end(), [&](auto& c) { return c.second.address() == who; });
    if (i != clients_.end()) forget(i->first);
  }

  input_state state_;
  source_actor source_;
  char_device_actor agent_;
  agent_mouse agent_mouse_;
  std::map<client_id, inputs_client_actor> clients_;
};

} // namespace

input_actor make_input(caf::actor_system& system, transport::loop& home, input_policy policy, counters& count) {
  return system.spawn<input>(home, policy, count);
}

} // namespace saffron::devices
