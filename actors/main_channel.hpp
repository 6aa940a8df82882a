// SPDX-License-Identifier: BSD-3-Clause
// The logic of a main client: who the VM is, which channels there are, how the mouse is led, how fast the line is, and
// the words between the user and the guest's agent.
#pragma once

#include "actors/agent_line.hpp"
#include "actors/channel_setup.hpp"

#include <array>
#include <functional>
#include <string>

namespace saffron::actors {

/// Where a main client's requests go.
struct main_ports {
  std::function<void(mouse_mode)> ask_mouse_mode;
  std::function<void(bandwidth_measured)> measured;
  agent_ports agent;
};

class main_channel final : public channel {
public:
  main_channel(channel_context context, main_ports ports, client_id session, vm_view_ptr vm,
               const channel_table& channels, const wire::capability_set& peer, bool local_peer);

  void vm_changed(vm_view_ptr vm);
  void mouse_mode_changed(mouse_mode mode);
  /// Shows the user a sentence.
  void notify(const std::string& text);

  // The agent's words, as its device sends them.
  void agent_attached(const device_attached& answer) { agent_.attached(answer); }
  void agent_data(const device_message& message);
  void agent_granted(token_grant tokens);

private:
  void on_start() override;
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;
  void on_pong(std::uint32_t id) override;
  void on_drained() override { agent_.drained(); }

  void send_name_and_uuid();
  void send_mouse_mode();
  void send_channels(const std::vector<channel_key>& keys);
  void test_bandwidth();
  void finish_bandwidth_test();
  [[nodiscard]] std::uint16_t supported_mouse_modes() const;

  main_ports ports_;
  client_id session_;
  vm_view_ptr vm_;
  const channel_table& channels_;
  bool peer_has_name_, peer_has_agent_tokens_, local_peer_;
  bool list_sent_ = false;
  mouse_mode mode_ = mouse_mode::server;

  agent_line agent_;

  /// When the pings of the bandwidth test were answered.
  std::array<steady_time, 3> answered_{};
  steady_time test_started_{};
};

} // namespace saffron::actors
