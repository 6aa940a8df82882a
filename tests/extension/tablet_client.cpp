// SPDX-License-Identifier: BSD-3-Clause
#include "tablet_client.hpp"

#include "actors/channel_actor.hpp"
#include "devices/char/stream_protocol.hpp"
#include "tablet_channel.hpp"

namespace tablet {

namespace actors = saffron::actors;
namespace devices = saffron::devices;
using saffron::port_client_actor; // what every client of a char device understands

namespace {

class tablet_client final : public actors::channel_actor<port_client_actor, tablet_channel> {
public:
  tablet_client(caf::actor_config& config, saffron::transport::loop& home, actors::channel_setup s,
                saffron::char_device_actor device)
      : channel_actor(config, home, std::move(s)), id_(setup().id), device_(std::move(device)) {}
  const char* name() const override { return "tablet_client"; }
  void on_exit() override {
    caf::anon_send(device_, saffron::detach_client{id_});
    device_ = nullptr;
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    begin(std::make_unique<tablet_channel>(make_context(), ports()), device_);
    return {
        [](const saffron::device_message&) {}, // the guest has nothing to say to a pen
        [this](saffron::token_grant t) { logic().granted(t); },
        [](saffron::device_event) {},
        [this](const saffron::device_attached& a) { logic().attached(a); },
        [this](saffron::remove_client why) { logic().removed(why); },
        [this](saffron::status_query) { return status("tablet"); },
        [this](saffron::disconnect d) { handle_disconnect(d); },
        [this](saffron::tick t) { on_tick(t); },
    };
  }

private:
  tablet_ports ports() {
    return {[this](const saffron::client_flow& flow) {
              send(device_, saffron::attach_client{id_, saffron::device_client_actor{port_client_actor{this}}, flow});
            },
            [this](saffron::shared_bytes line) {
              send(device_, saffron::client_data{id_, std::move(line), 1});
            },
            [this](saffron::errc reason) { handle_disconnect({reason}); }};
  }

  saffron::client_id id_;
  saffron::char_device_actor device_;
};

// The VM's port with our channel type; the client has been asked whether it is there.
actors::spawned_channel make_tablet(caf::actor_system& system, saffron::transport::loop& home,
                                    actors::channel_setup s) {
  saffron::char_device_actor device;
  for (const auto& d : s.vm->devices)
    if (d.channel == s.key) device = d.device;
  return {port_client_actor{system.spawn<tablet_client>(home, std::move(s), std::move(device))}, {}};
}

} // namespace

saffron::result<void> add_to(actors::extensions& to) {
  actors::channel_kind channel;
  channel.type = channel_type;
  channel.name = "tablet";
  channel.message_limit = 64;
  channel.outbox_limit = 64 * 1024;
  channel.ids = actors::of_devices(channel_type);
  channel.make = make_tablet;
  actors::device_kind port;
  port.port_name = port_name;
  port.channel_type = channel_type;
  port.flow = {1, 0, 64 * 1024, 64 * 1024};
  port.protocol = [](devices::agent_host&) { return std::make_unique<devices::stream_protocol>(); };
  if (auto added = to.devices.add(std::move(port)); !added) return added;
  return to.channels.add(std::move(channel));
}

} // namespace tablet
