// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_table.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <set>

namespace saffron::actors {

namespace {

using wire::channel_type;
using wire::display_capability;
using wire::main_capability;

using ids = std::vector<std::uint8_t>;

ids always(const vm_view& /*vm*/) { return {0}; }

// A display and a cursor for each console.
ids of_consoles(const vm_view& vm) {
  ids out(vm.consoles.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i);
  return out;
}

// Small messages only: more than this waiting means that nobody reads.
constexpr std::size_t small = 4 * 1024 * 1024;
// The device stops at its window; a message from us or an event may come on top.
constexpr std::size_t stream = 4 * defaults::stream_send_window;

channel_kind kind(channel_type type, std::string name, wire::capability_set capabilities, std::uint32_t message_limit,
                  std::size_t outbox_limit) {
  channel_kind k;
  k.type = static_cast<std::uint8_t>(type);
  k.name = std::move(name);
  k.capabilities = std::move(capabilities);
  k.message_limit = message_limit;
  k.outbox_limit = outbox_limit;
  return k;
}

channel_kind stream_kind(channel_type type, std::string name) {
  auto k =
      kind(type, std::move(name), {wire::port_capability::data_compress_lz4}, defaults::port_message_limit, stream);
  k.ids = of_devices(k.type);
  k.make = make_port_client;
  return k;
}

} // namespace

std::function<ids(const vm_view&)> of_devices(std::uint8_t channel_type) {
  return [channel_type](const vm_view& vm) {
    std::set<std::uint8_t> found;
    for (const auto& device : vm.devices)
      if (device.channel.type == channel_type) found.insert(device.channel.id);
    return ids{found.begin(), found.end()};
  };
}

channel_table::channel_table() {
  auto main =
      kind(channel_type::main, "main", {main_capability::name_and_uuid, main_capability::agent_connected_tokens},
           defaults::main_message_limit, small);
  main.ids = always;
  auto inputs = kind(channel_type::inputs, "inputs", {wire::inputs_capability::key_scancode},
                     defaults::inputs_message_limit, small);
  inputs.ids = always;
  inputs.make = make_inputs_client;
  // One update is on the way at a time, and an update is at most a surface.
  auto display = kind(channel_type::display, "display",
                      {display_capability::monitors_config, display_capability::pref_compression},
                      defaults::display_message_limit, 2 * defaults::surface_bytes);
  display.ids = of_consoles;
  display.make = make_display_client;
  auto cursor = kind(channel_type::cursor, "cursor", {}, defaults::cursor_message_limit, small);
  cursor.ids = of_consoles;
  cursor.make = make_cursor_client;
  auto smartcard = kind(channel_type::smartcard, "smartcard", {}, defaults::smartcard_message_limit, small);
  smartcard.ids = of_devices(smartcard.type);
  smartcard.make = make_smartcard_client;
  kinds_ = {std::move(main),
            std::move(inputs),
            std::move(display),
            std::move(cursor),
            stream_kind(channel_type::usbredir, "usbredir"),
            stream_kind(channel_type::port, "port"),
            stream_kind(channel_type::webdav, "webdav"),
            std::move(smartcard)};
}

result<void> channel_table::add(channel_kind kind) {
  const bool taken =
      std::ranges::any_of(kinds_, [&](const channel_kind& k) { return k.type == kind.type || k.name == kind.name; });
  if (taken || kind.name.empty() || !kind.ids || !kind.make || kind.message_limit == 0 || kind.outbox_limit == 0)
    return fail{errc::bad_setting};
  kinds_.push_back(std::move(kind));
  return {};
}

const channel_kind* channel_table::find(std::uint8_t type) const {
  const auto found = std::ranges::find(kinds_, type, &channel_kind::type);
  return found == kinds_.end() ? nullptr : &*found;
}

bool channel_table::has(const vm_view& vm, channel_key key) const {
  const auto* kind = find(key.type);
  return kind != nullptr && std::ranges::count(kind->ids(vm), key.id) != 0;
}

std::vector<channel_key> channel_table::channels_of(const vm_view& vm) const {
  std::vector<channel_key> out;
  for (const auto& kind : kinds_)
    if (kind.make)
      for (const auto id : kind.ids(vm)) out.push_back({kind.type, id});
  return out;
}

} // namespace saffron::actors
