// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_actor.hpp"
#include "actors/channel_table.hpp"
#include "actors/inputs_channel.hpp"

namespace saffron::actors {

namespace {

class inputs_client final : public channel_actor<inputs_client_actor, inputs_channel> {
public:
  using channel_actor::channel_actor;
  const char* name() const override { return "inputs_client"; }

  void on_exit() override {
    if (input_ != nullptr) caf::anon_send(input_, detach_inputs{id_});
    input_ = nullptr;
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    input_ = setup().vm->input;
    id_ = setup().id;
    // What a user does overtakes pictures that wait in the same mailbox.
    const inputs_ports ports{
        [this](key_input k) {
          send_high(client_key{id_, k.key, k.pressed});
        },
        [this](const pointer_event& e) {
          send_high(client_pointer{id_, e});
        },
        [this](std::uint16_t locks) {
          send_high(client_locks{id_, locks});
        },
    };
    begin(std::make_unique<inputs_channel>(make_context(), ports, setup().mode), input_);
    caf::anon_send(input_, attach_inputs{id_, inputs_client_actor{this}});
    return {
        [this](lock_state s) { logic().locks_changed(s); },
        [this](mouse_mode_changed m) { logic().mouse_mode_changed(m.mode); },
        [this](status_query) { return status("inputs"); },
        [this](disconnect d) { handle_disconnect(d); },
        [this](tick t) { on_tick(t); },
    };
  }

private:
  template <class M>
  void send_high(M message) {
    caf::anon_send<caf::message_priority::high>(input_, std::move(message));
  }

  input_actor input_;
  client_id id_ = 0;
};

} // namespace

spawned_channel make_inputs_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  const auto made = inputs_client_actor{system.spawn<inputs_client>(home, std::move(setup))};
  return {made, made};
}

} // namespace saffron::actors
