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

protected:
  behavior_type make_behavior() override {
    const main_ports ports{
        [this](mouse_mode mode) { caf::anon_send(setup().client, mouse_mode_request{mode}); },
        [this](resize_head wish) { caf::anon_send(setup().client, wish); },
        [this](bandwidth_measured m) { caf::anon_send(setup().client, m); },
    };
    begin(std::make_unique<main_channel>(make_context(), ports, setup().id, setup().vm,
                                         setup().link->message.channel_capabilities, setup().link->peer == "unix"));
    return {
        [this](const vm_changed& m) { logic().vm_changed(m.view); },
        [this](mouse_mode_changed m) { logic().mouse_mode_changed(m.mode); },
        [this](const notify& m) { logic().notify(m.text); },
        [this](status_query) { return status("main"); },
        [this](disconnect d) { handle_disconnect(d); },
        [this](tick t) { on_tick(t); },
    };
  }
};

} // namespace

main_client_actor make_main_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  return system.spawn<main_client>(home, std::move(setup));
}

} // namespace saffron::actors
