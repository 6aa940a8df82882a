// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_table.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <array>

namespace saffron::actors {

std::span<const channel_kind> channel_table() {
  using wire::channel_type;
  using wire::display_capability;
  using wire::main_capability;
  // Small messages only: more than this waiting means that nobody reads.
  constexpr std::size_t small = 4 * 1024 * 1024;
  static const std::array<channel_kind, 4> table{{
      {channel_type::main,
       "main",
       {main_capability::name_and_uuid, main_capability::agent_connected_tokens},
       defaults::main_message_limit,
       small,
       nullptr},
      // One update is on the way at a time, and an update is at most a surface.
      {channel_type::display,
       "display",
       {display_capability::monitors_config, display_capability::pref_compression},
       defaults::display_message_limit,
       2 * defaults::surface_bytes,
       make_display_client},
      {channel_type::inputs,
       "inputs",
       {wire::inputs_capability::key_scancode},
       defaults::inputs_message_limit,
       small,
       make_inputs_client},
      {channel_type::cursor, "cursor", {}, defaults::cursor_message_limit, small, make_cursor_client},
  }};
  return table;
}

const channel_kind* find_channel(std::uint8_t type) {
  const auto table = channel_table();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [type](const channel_kind& k) { return static_cast<std::uint8_t>(k.type) == type; });
  return found == table.end() ? nullptr : &*found;
}

const channel_kind* find_channel(std::string_view name) {
  const auto table = channel_table();
  const auto found = std::find_if(table.begin(), table.end(), [name](const channel_kind& k) { return k.name == name; });
  return found == table.end() ? nullptr : &*found;
}

} // namespace saffron::actors
