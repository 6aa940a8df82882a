// SPDX-License-Identifier: BSD-3-Clause
// The types of channels there are. A new one is a line here, its messages, its wire structs and its actor.
#pragma once

#include "actors/channel_setup.hpp"
#include "messages/wire/link.hpp"

#include <span>
#include <string_view>

namespace saffron::actors {

/// A channel client on its loop; `mouse` only where it cares.
struct spawned_channel {
  channel_client_actor channel;
  mouse_follower mouse;
};

struct channel_kind {
  wire::channel_type type;
  std::string_view name;
  /// What the server announces when such a channel is linked.
  wire::capability_set capabilities;
  /// Largest body of a client's message.
  std::uint32_t message_limit;
  /// Bytes in the outbox beyond which the client is cut.
  std::size_t outbox_limit;
  /// Null for main, which makes a client and is made with it.
  spawned_channel (*make)(caf::actor_system&, transport::loop&, channel_setup);
};

[[nodiscard]] std::span<const channel_kind> channel_table();
/// Null for a type that is not in the table.
[[nodiscard]] const channel_kind* find_channel(std::uint8_t type);
/// By name, as options spell it: "main", "display", …; null for others.
[[nodiscard]] const channel_kind* find_channel(std::string_view name);

spawned_channel make_display_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
spawned_channel make_inputs_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
spawned_channel make_cursor_client(caf::actor_system& system, transport::loop& home, channel_setup setup);
main_client_actor make_main_client(caf::actor_system& system, transport::loop& home, channel_setup setup);

} // namespace saffron::actors
