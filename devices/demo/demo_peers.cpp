// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo_peers.hpp"

#include "devices/char/device_names.hpp"
#include "devices/demo/demo_agent.hpp"
#include "devices/demo/demo_card.hpp"
#include "devices/demo/demo_echo.hpp"
#include "devices/demo/demo_webdav.hpp"
#include "messages/text.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace saffron::devices::demo {

namespace {

using teller = std::function<void(std::string)>;

/// The agent on its port; what a client cannot be told now waits in the agent.
class agent_peer final : public memory_peer, private agent_observer {
public:
  explicit agent_peer(teller tell) : tell_(std::move(tell)), agent_({}, *this) {}

  void on_start(memory_line& line) override {
    line_ = &line;
    memory_peer::on_start(line);
    agent_.start();
    speak();
  }
  std::size_t on_bytes(std::span<const std::byte> bytes) override {
    const auto taken = agent_.write(bytes);
    speak();
    return taken;
  }
  void on_room() override {
    speak();
    line_->ask_again();
  }

private:
  void speak() {
    std::array<std::byte, 4096> buffer{};
    while (agent_.has_output() && line_->room_or_wait() > 0) {
      const auto n = agent_.read(std::span{buffer}.first(std::min(buffer.size(), line_->room())));
      line_->write(std::span{buffer}.first(n));
    }
  }

  void clipboard_changed(clipboard_selection, clipboard_type type, std::span<const std::byte> bytes) override {
    tell_(fmt::format("{} bytes of {} are in the clipboard", bytes.size(),
                      type == clipboard_type::text ? "text" : "a picture"));
  }
  void file_received(received_file&& file) override {
    tell_(fmt::format("received {}, {} bytes, SHA-256 {}", without_controls(file.name), file.size, file.sha256));
  }
  void file_dropped(std::string_view name, file_status why) override {
    tell_(fmt::format("did not receive {}: status {}", without_controls(std::string{name}), static_cast<int>(why)));
  }

  teller tell_;
  memory_line* line_ = nullptr;
  demo_agent agent_;
};

std::string hexadecimal(std::span<const std::byte> bytes) {
  std::string out;
  for (const auto b : bytes.first(std::min<std::size_t>(bytes.size(), 64)))
    out += fmt::format("{:02x}", static_cast<unsigned>(b));
  return out;
}

} // namespace

std::vector<char_device_offer> make_demo_devices(const teller& tell) {
  std::vector<char_device_offer> out;
  out.push_back({char_device_kind::vdagent, {}, std::make_shared<memory_backend>(std::make_unique<agent_peer>(tell))});
  out.push_back({char_device_kind::port, echo_port, make_echo_backend()});
  out.push_back({char_device_kind::webdav, std::string{webdav_port},
                 std::make_shared<memory_backend>(std::make_unique<demo_webdav>([tell](const std::string& line) {
                   tell(fmt::format("the shared folder answers {}", without_controls(line)));
                 }))});
  out.push_back({char_device_kind::smartcard, {}, make_card_backend([tell](std::span<const std::byte> answer) {
                   tell(fmt::format("the card answers {}", hexadecimal(answer)));
                 })});
  return out;
}

} // namespace saffron::devices::demo
