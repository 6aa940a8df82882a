// SPDX-License-Identifier: BSD-3-Clause
// The logic of a main client: who the VM is, which channels there are, how the mouse is led, how fast the line is, and
// resizing of heads.
#pragma once

#include "actors/channel_setup.hpp"
#include "actors/resize_agent.hpp"

#include <array>
#include <functional>
#include <string>

namespace saffron::actors {

/// Where a main client's requests go.
struct main_ports {
  std::function<void(mouse_mode)> ask_mouse_mode;
  std::function<void(resize_head)> resize;
  std::function<void(bandwidth_measured)> measured;
};

class main_channel final : public channel {
public:
  main_channel(channel_context context, main_ports ports, client_id session, vm_view_ptr vm,
               const wire::capability_set& peer, bool local_peer);

  void vm_changed(vm_view_ptr vm);
  void mouse_mode_changed(mouse_mode mode);
  /// Shows the user a sentence.
  void notify(const std::string& text);

private:
  void on_start() override;
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;
  void on_pong(std::uint32_t id) override;

  void send_name_and_uuid();
  void send_mouse_mode();
  void send_channels(std::size_t known_consoles, bool with_inputs);
  void test_bandwidth();
  void finish_bandwidth_test();
  void start_agent(std::uint32_t tokens);
  result<void> agent_data(std::span<const std::byte> piece);
  void send_agent_messages();
  [[nodiscard]] std::uint16_t supported_mouse_modes() const;

  main_ports ports_;
  client_id session_;
  vm_view_ptr vm_;
  bool peer_has_name_, peer_has_agent_tokens_, local_peer_;
  bool list_sent_ = false;
  mouse_mode mode_ = mouse_mode::server;

  resize_agent agent_;
  bool agent_started_ = false;
  /// Messages the client still takes, and those it may get its own tokens back for.
  std::uint32_t send_tokens_ = 0, used_tokens_ = 0;
  std::deque<std::vector<std::byte>> agent_queue_;

  /// When the pings of the bandwidth test were answered.
  std::array<steady_time, 3> answered_{};
  steady_time test_started_{};
};

} // namespace saffron::actors
