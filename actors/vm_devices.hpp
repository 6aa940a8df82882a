// SPDX-License-Identifier: BSD-3-Clause
// The char devices of a VM: which there are, what clients see of them, and the backends that its source offers.
#pragma once

#include "actors/device_table.hpp"
#include "messages/actors.hpp"
#include "messages/session.hpp"

#include <functional>
#include <string>
#include <vector>

namespace saffron::actors {

/// Spawns the actor of a device.
using device_maker = std::function<char_device_actor(devices::device_description, devices::protocol_factory)>;

class vm_devices {
public:
  vm_devices(vm_settings settings, const device_table& table, device_maker make);

  /// The agent is there from the start.
  [[nodiscard]] const char_device_actor& agent() const noexcept { return agent_.device; }
  /// What the source has from now on; what it had before and does not offer is gone.
  void offered(const std::vector<char_device_offer>& offers);
  /// The source is gone, and every backend with it.
  void source_gone() { offered({}); }
  /// The VM runs or is paused.
  void run(bool running);

  /// What clients can open. A port stays when its VM's side is gone, because its client may wait for the next one.
  /// Streams that begin with a handshake are there only as long as their VM's side is.
  [[nodiscard]] std::vector<char_device_view> view() const;
  [[nodiscard]] std::vector<char_device_actor> all() const;
  /// An actor has ended without being asked to. True when it was one of these: its backend is lost, it was made anew.
  bool replace(const caf::actor_addr& who);
  void clear();

private:
  struct entry {
    char_device_kind kind = char_device_kind::port;
    std::string name;
    channel_key channel;
    char_device_actor device;
    std::shared_ptr<char_backend> backend;
  };

  [[nodiscard]] entry make(char_device_kind kind, const std::string& name, std::uint8_t id);
  [[nodiscard]] std::uint8_t next_id(std::uint8_t type) const;
  void give(entry& to, std::shared_ptr<char_backend> backend);

  vm_settings settings_;
  const device_table& table_;
  device_maker make_;
  bool running_ = true;
  std::vector<entry> entries_;
  entry agent_; // last: to make one takes the others
};

} // namespace saffron::actors
