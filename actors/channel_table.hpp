// SPDX-License-Identifier: BSD-3-Clause
// The types of channels that clients can open. A new one is a line here or, from outside, one call of add() at start.
#pragma once

#include "actors/channel_setup.hpp"
#include "messages/wire/link.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace saffron::actors {

/// A channel client on its loop; `mouse` only where it cares.
struct spawned_channel {
  channel_client_actor channel;
  mouse_follower mouse;
};

struct channel_kind {
  /// The protocol's number; extensions take one that the protocol does not use.
  std::uint8_t type = 0;
  std::string name;
  /// What the server announces when such a channel is linked.
  wire::capability_set capabilities;
  /// Largest body of a client's message.
  std::uint32_t message_limit = 0;
  /// Bytes in the outbox beyond which the client is cut.
  std::size_t outbox_limit = 0;
  /// Refused on plain listeners unless the operator says otherwise.
  bool needs_tls = false;
  /// The channels of this type that a VM has.
  std::function<std::vector<std::uint8_t>(const vm_view&)> ids;
  /// Null for main, which makes a client and is made with it.
  std::function<spawned_channel(caf::actor_system&, transport::loop&, channel_setup)> make;
};

/// Filled at start, before the first client; read by all loops from then on.
class channel_table {
public:
  /// The channels of the protocol.
  channel_table();

  /// errc::bad_setting when the type or the name is taken, or something is missing.
  [[nodiscard]] result<void> add(channel_kind kind);
  /// Null for a type that is not there.
  [[nodiscard]] const channel_kind* find(std::uint8_t type) const;
  [[nodiscard]] const std::vector<channel_kind>& kinds() const noexcept { return kinds_; }
  /// True when the VM has this channel now.
  [[nodiscard]] bool has(const vm_view& vm, channel_key key) const;
  /// Every channel that the VM has but the main one, in the order of the table.
  [[nodiscard]] std::vector<channel_key> channels_of(const vm_view& vm) const;

private:
  std::vector<channel_kind> kinds_;
};

/// The numbers of the VM's char devices whose channel has this type, for channel_kind::ids. Readers of smartcards share
/// one.
[[nodiscard]] std::function<std::vector<std::uint8_t>(const vm_view&)> of_devices(std::uint8_t channel_type);

spawned_channel make_display_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
spawned_channel make_inputs_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
spawned_channel make_cursor_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
spawned_channel make_port_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
spawned_channel make_smartcard_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
main_client_actor make_main_client(caf::actor_system& system, transport::loop& home, channel_setup setup);

} // namespace saffron::actors
