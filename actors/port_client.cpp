// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_actor.hpp"
#include "actors/channel_table.hpp"
#include "actors/port_channel.hpp"
#include "messages/wire/link.hpp"

#include <algorithm>

namespace saffron::actors {

namespace {

class port_client final : public channel_actor<port_client_actor, port_channel> {
public:
  port_client(caf::actor_config& config, transport::loop& home, channel_setup setup, char_device_view device)
      : channel_actor(config, home, std::move(setup)), device_(std::move(device)) {}
  const char* name() const override { return "port_client"; }

  void on_exit() override {
    if (device_.device) caf::anon_send(device_.device, detach_client{id_});
    device_.device = nullptr;
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    id_ = setup().id;
    const auto& link = *setup().link;
    const bool packs = link.message.channel_capabilities.has(wire::port_capability::data_compress_lz4);
    begin(std::make_unique<port_channel>(make_context(), ports(),
                                         port_peer{device_.kind, device_.name, packs && link.peer != "unix"}),
          device_.device);
    return {
        [this](const device_message& m) { logic().data(m); }, [this](token_grant t) { logic().granted(t); },
        [this](device_event e) { logic().event(e); },         [this](const device_attached& a) { logic().attached(a); },
        [this](remove_client why) { logic().removed(why); },  [this](status_query) { return status(setup().name); },
        [this](disconnect d) { handle_disconnect(d); },       [this](tick t) { on_tick(t); },
    };
  }

private:
  [[nodiscard]] port_ports ports() {
    return {
        [this](const client_flow& flow) {
          send(device_.device, attach_client{id_, device_client_actor{port_client_actor{this}}, flow});
        },
        [this](shared_bytes bytes) {
          const auto price = bytes.size();
          send(device_.device, client_data{id_, std::move(bytes), price});
        },
        [this](std::uint64_t tokens) {
          send(device_.device, add_send_tokens{id_, tokens});
        },
        [this](port_event event) {
          send(device_.device, client_event{id_, event});
        },
        [this](bool hold) { hold ? wire_connection().hold() : wire_connection().resume(); },
        [this](std::string text) {
          if (setup().client) caf::anon_send(setup().client, notify{std::move(text)});
        },
        [this](errc reason) { handle_disconnect({reason}); },
    };
  }

  char_device_view device_;
  client_id id_ = 0;
};

} // namespace

spawned_channel make_port_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  const auto& devices = setup.vm->devices;
  const auto found = std::ranges::find(devices, setup.key, &char_device_view::channel);
  auto device = *found; // the client has asked before whether it is there
  const auto made = port_client_actor{system.spawn<port_client>(home, std::move(setup), std::move(device))};
  return {made, {}};
}

} // namespace saffron::actors
