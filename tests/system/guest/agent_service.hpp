// SPDX-License-Identifier: BSD-3-Clause
// The agent on a virtio port of the guest, which tells the test what clients do.
#pragma once

#include "devices/demo/demo_agent.hpp"
#include "tests/system/guest/guest_console.hpp"
#include "tests/system/guest/port_service.hpp"

namespace saffron::guest {

/// The digest in hexadecimal digits; empty when OpenSSL fails.
[[nodiscard]] std::string sha256_of(std::span<const std::byte> bytes);

class agent_service final : public port_service, private devices::demo::agent_observer {
public:
  explicit agent_service(guest_console& console);

  void connected() override { agent_.start(); }
  void disconnected() override { agent_.stop(); }
  std::size_t write(std::span<const std::byte> bytes) override { return agent_.write(bytes); }
  std::size_t read(std::span<std::byte> room) override { return agent_.read(room); }

  [[nodiscard]] devices::demo::demo_agent& agent() noexcept { return agent_; }

private:
  void capabilities(const wire::capability_set& set) override;
  void clipboard_changed(devices::demo::clipboard_selection selection, devices::demo::clipboard_type type,
                         std::span<const std::byte> bytes) override;
  void clipboard_pasted(devices::demo::clipboard_selection selection, devices::demo::clipboard_type type,
                        std::size_t size) override;
  void clipboard_released(devices::demo::clipboard_selection selection) override;
  void file_received(devices::demo::received_file&& file) override;
  void file_dropped(std::string_view name, devices::demo::file_status why) override;
  void monitors(const wire::agent::monitors_config& config) override;
  void mouse(const wire::agent::mouse_state& state) override;
  void displays(std::span<const devices::demo::agent_display> all) override;
  void client_disconnected() override;
  void problem(std::string_view what) override;

  guest_console& console_;
  devices::demo::demo_agent agent_;
};

} // namespace saffron::guest
