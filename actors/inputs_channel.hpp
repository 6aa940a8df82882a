// SPDX-License-Identifier: BSD-3-Clause
// The logic of an inputs client: scancodes become keys, pointer messages become events, locks are told both ways.
#pragma once

#include "actors/channel_setup.hpp"
#include "devices/input/keyboard.hpp"
#include "messages/input.hpp"

#include <functional>

namespace saffron::actors {

/// Where an inputs client's events go.
struct inputs_ports {
  std::function<void(key_input)> key;
  std::function<void(pointer_event)> pointer;
  /// The locks the client wants.
  std::function<void(std::uint16_t)> locks;
};

class inputs_channel final : public channel {
public:
  inputs_channel(channel_context context, inputs_ports ports, mouse_mode mode);

  /// The guest's locks. The first call completes the channel's start.
  void locks_changed(lock_state state);
  void mouse_mode_changed(mouse_mode mode) { mode_ = mode; }

private:
  void on_start() override {}
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;

  void scancode(std::uint8_t byte);
  void scancodes(std::uint32_t code);
  void pointer(const pointer_event& event) { ports_.pointer(event); }
  void acknowledge_motion();

  inputs_ports ports_;
  mouse_mode mode_;
  devices::scancode_decoder decoder_;
  std::uint32_t motions_ = 0;
  bool introduced_ = false;
};

} // namespace saffron::actors
