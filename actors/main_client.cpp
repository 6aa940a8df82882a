// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_actor.hpp"
#include "actors/channel_table.hpp"
#include "actors/main_channel.hpp"

namespace saffron::actors {

namespace {

class main_client final : public channel_actor<main_client_actor, main_channel> {
public:
  using channel_actor::channel_actor;
  const char* name() const override { return "main_client"; }

  void on_exit() override {
    if (agent_) caf::anon_send(agent_, detach_client{id_});
    agent_ = nullptr;
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    const auto& link = *setup().link;
    agent_ = setup().vm->agent;
    id_ = setup().id;
    begin(std::make_unique<main_channel>(make_context(), ports(), id_, setup().vm, *setup().channels,
                                         link.message.channel_capabilities, link.peer == "unix"));
    return {
        [this](const vm_changed& m) {
          logic().vm_changed(m.view);
          agent_ = m.view->agent;
        },
        [this](mouse_mode_changed m) { logic().mouse_mode_changed(m.mode); },
        [this](const notify& m) { logic().notify(m.text); },
        [this](const device_message& m) { logic().agent_data(m); },
        [this](token_grant t) { logic().agent_granted(t); },
        [](device_event) {}, // the VM tells when the agent comes and goes
        [this](const device_attached& a) { logic().agent_attached(a); },
        [this](remove_client why) { handle_disconnect({why.reason}); },
        [this](status_query) { return status("main"); },
        [this](disconnect d) { handle_disconnect(d); },
        [this](tick t) { on_tick(t); },
    };
  }

private:
  [[nodiscard]] main_ports ports() {
    return {
        [this](mouse_mode mode) { caf::anon_send(setup().client, mouse_mode_request{mode}); },
        [this](bandwidth_measured m) { caf::anon_send(setup().client, m); },
        agent_ports{
            [this](const client_flow& flow) {
              tell_agent(attach_client{id_, device_client_actor{main_client_actor{this}}, flow});
            },
            [this] { tell_agent(detach_client{id_}); },
            [this](shared_bytes bytes) {
              tell_agent(client_data{id_, std::move(bytes), 1});
            },
            [this](std::uint64_t tokens) {
              tell_agent(add_send_tokens{id_, tokens});
            },
            [this](std::uint64_t tokens) {
              tell_agent(set_send_tokens{id_, tokens});
            },
        },
    };
  }
  template <class M>
  void tell_agent(M message) {
    if (agent_) send(agent_, std::move(message));
  }

  char_device_actor agent_;
  client_id id_ = 0;
};

} // namespace

main_client_actor make_main_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  return system.spawn<main_client>(home, std::move(setup));
}

} // namespace saffron::actors
