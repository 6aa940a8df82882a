// SPDX-License-Identifier: BSD-3-Clause
// A guest that sends back what a port gives it. What it cannot send back now it does not take.
#pragma once

#include "devices/char/memory_backend.hpp"

namespace saffron::devices::demo {

class demo_echo final : public memory_peer {
public:
  void on_start(memory_line& line) override {
    line_ = &line;
    memory_peer::on_start(line);
  }
  std::size_t on_bytes(std::span<const std::byte> bytes) override { return line_->write(bytes); }

private:
  memory_line* line_ = nullptr;
};

/// For a char_device_offer of kind port.
[[nodiscard]] inline std::shared_ptr<char_backend> make_echo_backend() {
  return std::make_shared<memory_backend>(std::make_unique<demo_echo>());
}

} // namespace saffron::devices::demo
