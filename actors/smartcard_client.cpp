// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_actor.hpp"
#include "actors/channel_table.hpp"
#include "actors/smartcard_channel.hpp"

#include <algorithm>

namespace saffron::actors {

namespace {

class smartcard_client final : public channel_actor<smartcard_client_actor, smartcard_channel> {
public:
  using channel_actor::channel_actor;
  const char* name() const override { return "smartcard_client"; }

  void on_exit() override {
    // Also those that were asked and have not answered: their answer would come too late to be heard.
    for (const auto& reader : readers_) caf::anon_send(reader, detach_client{setup().id});
    readers_.clear();
    channel_actor::on_exit();
  }

protected:
  behavior_type make_behavior() override {
    for (const auto& device : setup().vm->devices)
      if (device.kind == char_device_kind::smartcard) readers_.push_back(device.device);
    const smartcard_ports ports{
        [this](std::size_t reader, const client_flow& flow) {
          send(readers_[reader], attach_client{setup().id, device_client_actor{this}, flow});
        },
        [this](std::size_t reader, shared_bytes data) {
          send(readers_[reader], client_data{setup().id, std::move(data), 1});
        },
        [this](std::size_t reader, std::uint64_t tokens) {
          send(readers_[reader], add_send_tokens{setup().id, tokens});
        },
        [this](bool hold) { hold ? wire_connection().hold() : wire_connection().resume(); },
    };
    for (const auto& reader : readers_) monitor(reader);
    begin(std::make_unique<smartcard_channel>(make_context(), ports, readers_.size()));
    return {
        [this](const device_message& m) { with_reader([&](std::size_t r) { logic().device_says(r, m); }); },
        [this](token_grant g) { with_reader([&](std::size_t r) { logic().tokens_freed(r, g.tokens); }); },
        [](device_event) {},
        [this](device_attached a) { with_reader([&](std::size_t r) { logic().attach_answered(r, a); }); },
        [this](remove_client r) { end(r.reason); },
        [this](status_query) { return status("smartcard"); },
        [this](disconnect d) { handle_disconnect(d); },
        [this](tick t) { on_tick(t); },
    };
  }

private:
  // A device speaks as itself, so the sender tells which reader it is.
  template <class F>
  void with_reader(F f) {
    const auto device = caf::actor_cast<caf::actor_addr>(current_sender());
    const auto found =
        std::ranges::find_if(readers_, [&](const char_device_actor& r) { return r.address() == device; });
    if (found != readers_.end()) f(static_cast<std::size_t>(found - readers_.begin()));
  }

  /// The VM's smartcard devices; a reader's number is its place.
  std::vector<char_device_actor> readers_;
};

} // namespace

spawned_channel make_smartcard_client(caf::actor_system& system, transport::loop& home, channel_setup setup) {
  const auto made = smartcard_client_actor{system.spawn<smartcard_client>(home, std::move(setup))};
  return {made, {}};
}

} // namespace saffron::actors
