// SPDX-License-Identifier: BSD-3-Clause
// A connected user. The client and all its channels live on one loop.
#pragma once

#include "actors/channel_setup.hpp"
#include "actors/channel_table.hpp"
#include "messages/actors.hpp"

#include <map>
#include <memory>

namespace saffron::actors {

/// What all clients of a process have in common.
struct client_policies {
  channel_timing timing;
  /// Outlives every client.
  const channel_table* channels = nullptr;
};

struct client_setup {
  client_id id = 0;
  /// Its main channel.
  std::shared_ptr<transport::accepted_link> link;
  vm_actor owner;
  vm_view_ptr vm;
  client_policies policies;
  counters* counted = nullptr;
};

/// Which channels a client has open and how its mouse is led.
class client_state {
public:
  client_state(vm_view_ptr vm, const channel_table& channels) : vm_(std::move(vm)), table_(channels) {}

  /// errc::channel_not_available when the VM has no such channel or it is open already.
  [[nodiscard]] result<void> may_open(channel_key key) const;
  void opened(channel_key key, spawned_channel channel) { channels_[key] = std::move(channel); }
  /// False when it was not open.
  bool closed(channel_key key) { return channels_.erase(key) != 0; }
  /// By address, for actors that ended without a word; nothing when it is none of ours.
  [[nodiscard]] std::optional<channel_key> find(const caf::actor_addr& address) const;

  /// The client asks for a mode. True when the mode is another one now.
  bool ask_mouse_mode(mouse_mode wanted);
  /// The VM is different. True when the mode is another one now, because the old one is not possible any more.
  bool vm_changed(vm_view_ptr vm);

  [[nodiscard]] mouse_mode mode() const noexcept { return mode_; }
  [[nodiscard]] const vm_view_ptr& vm() const noexcept { return vm_; }
  [[nodiscard]] const std::map<channel_key, spawned_channel>& channels() const noexcept { return channels_; }
  void clear() { channels_.clear(); }

private:
  vm_view_ptr vm_;
  const channel_table& table_;
  mouse_mode mode_ = mouse_mode::server;
  std::map<channel_key, spawned_channel> channels_;
};

client_actor make_client(caf::actor_system& system, transport::loop& home, client_setup setup);

} // namespace saffron::actors
