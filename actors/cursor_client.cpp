// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_actor.hpp"
#include "actors/channel_table.hpp"
#include "actors/cursor_channel.hpp"

namespace saffron::actors {

namespace {

class cursor_client final : public channel_actor<cursor_client_actor, cursor_channel> {
public:
  using channel_actor::channel_actor;
  const char* name() const override { return "cursor_client"; }

  void on_exit() override {
    if (console_ != nullptr) caf::anon_send(console_, detach_viewer{setup().viewer});
    console_ = nullptr;
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    console_ = setup().vm->consoles.at(setup().key.id);
    caf::anon_send(console_, attach_cursor{setup().viewer, cursor_client_actor{this}});
    begin(std::make_unique<cursor_channel>(
              make_context(), [this] { caf::anon_send(console_, pull_cursor{setup().viewer}); }, setup().mode),
          console_);
    return {
        [this](const cursor_update& u) { logic().update(u.state); },
        [this](mouse_mode_changed m) { logic().mouse_mode_changed(m.mode); },
        [this](status_query) { return status("cursor"); },
        [this](disconnect d) { handle_disconnect(d); },
        [this](tick t) { on_tick(t); },
    };
  }

private:
  console_actor console_;
};

} // namespace

spawned_channel make_cursor_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  const auto made = cursor_client_actor{system.spawn<cursor_client>(home, std::move(setup))};
  return {made, made};
}

} // namespace saffron::actors
