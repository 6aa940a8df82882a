// SPDX-License-Identifier: BSD-3-Clause
// The inputs channel: keyboard and pointer. Source: spice-protocol's enums.h.
// Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"

#include <variant>

namespace saffron::wire::inputs {

/// SPICE_KEYBOARD_MODIFIER_FLAGS_*: locks, not keys.
namespace keyboard_modifiers {
inline constexpr std::uint16_t scroll_lock = 1, num_lock = 2, caps_lock = 4;
}

/// SPICE_MOUSE_BUTTON_*; up and down are the wheel.
enum class mouse_button : std::uint8_t {
  invalid = 0,
  left = 1,
  middle = 2,
  right = 3,
  up = 4,
  down = 5,
  side = 6,
  extra = 7,
};

/// SPICE_MOUSE_BUTTON_MASK_*: the buttons that are held.
namespace mouse_button_mask {
inline constexpr std::uint16_t left = 1, middle = 2, right = 4, up = 8, down = 16, side = 32, extra = 64;
}

namespace to_client {

/// First message; the guest's locks.
struct init {
  static constexpr std::uint16_t type = 101;
  /// Bits of keyboard_modifiers.
  std::uint16_t keyboard_modifiers = 0;
  static auto fields(auto& self) { return std::tie(self.keyboard_modifiers); }
  friend bool operator==(const init&, const init&) = default;
};

/// The guest's locks changed.
struct key_modifiers {
  static constexpr std::uint16_t type = 102;
  /// Bits of keyboard_modifiers.
  std::uint16_t modifiers = 0;
  static auto fields(auto& self) { return std::tie(self.modifiers); }
  friend bool operator==(const key_modifiers&, const key_modifiers&) = default;
};

/// Four mouse_motion or mouse_position were handled (SPICE_INPUT_MOTION_ACK_BUNCH).
struct mouse_motion_ack : empty_message<111> {};

using message = std::variant<init, key_modifiers, mouse_motion_ack>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_client

namespace to_server {

/// Up to four PC scancode bytes, the lowest byte first, ended by a zero byte.
struct key_down {
  static constexpr std::uint16_t type = 101;
  std::uint32_t code = 0;
  static auto fields(auto& self) { return std::tie(self.code); }
  friend bool operator==(const key_down&, const key_down&) = default;
};

/// As key_down; the break bit (0x80) is in the code.
struct key_up {
  static constexpr std::uint16_t type = 102;
  std::uint32_t code = 0;
  static auto fields(auto& self) { return std::tie(self.code); }
  friend bool operator==(const key_up&, const key_up&) = default;
};

/// The locks that the client wants the guest to have.
struct key_modifiers {
  static constexpr std::uint16_t type = 103;
  /// Bits of keyboard_modifiers.
  std::uint16_t modifiers = 0;
  static auto fields(auto& self) { return std::tie(self.modifiers); }
  friend bool operator==(const key_modifiers&, const key_modifiers&) = default;
};

/// Any number of scancode bytes; needs inputs_capability::key_scancode.
struct key_scancode {
  static constexpr std::uint16_t type = 104;
  byte_view scancodes{};
  friend bool operator==(const key_scancode&, const key_scancode&) = default;
};
inline void write(writer& w, const key_scancode& m) { w.bytes(m.scancodes); }
inline void read(reader& r, key_scancode& m) { read_tail(r, m.scancodes); }

/// In server mouse mode: the pointer moved by so much.
struct mouse_motion {
  static constexpr std::uint16_t type = 111;
  std::int32_t dx = 0;
  std::int32_t dy = 0;
  /// Bits of mouse_button_mask.
  std::uint16_t buttons = 0;
  static auto fields(auto& self) { return std::tie(self.dx, self.dy, self.buttons); }
  friend bool operator==(const mouse_motion&, const mouse_motion&) = default;
};

/// In client mouse mode: the pointer is there.
struct mouse_position {
  static constexpr std::uint16_t type = 112;
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  /// Bits of mouse_button_mask.
  std::uint16_t buttons = 0;
  std::uint8_t display_id = 0;
  static auto fields(auto& self) { return std::tie(self.x, self.y, self.buttons, self.display_id); }
  friend bool operator==(const mouse_position&, const mouse_position&) = default;
};

/// `button` went down; for the wheel a press is a step.
struct mouse_press {
  static constexpr std::uint16_t type = 113;
  mouse_button button = mouse_button::invalid;
  /// Bits of mouse_button_mask, after the press.
  std::uint16_t buttons = 0;
  static auto fields(auto& self) { return std::tie(self.button, self.buttons); }
  friend bool operator==(const mouse_press&, const mouse_press&) = default;
};

/// `button` went up.
struct mouse_release {
  static constexpr std::uint16_t type = 114;
  mouse_button button = mouse_button::invalid;
  /// Bits of mouse_button_mask, after the release.
  std::uint16_t buttons = 0;
  static auto fields(auto& self) { return std::tie(self.button, self.buttons); }
  friend bool operator==(const mouse_release&, const mouse_release&) = default;
};

using message = std::variant<key_down, key_up, key_modifiers, key_scancode, mouse_motion, mouse_position, mouse_press,
                             mouse_release>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_server

} // namespace saffron::wire::inputs
