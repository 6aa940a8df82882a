// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/keyboard.hpp"

#include <algorithm>
#include <array>

namespace saffron::devices {

namespace {

constexpr key_number pause_key = 0xc6;
constexpr std::uint8_t release_bit = 0x80;

struct lock {
  std::uint16_t bit;
  key_number key;
};
// In the order in which the reference presses them.
constexpr std::array<lock, 3> all_locks{
    {{locks::scroll, lock_keys::scroll}, {locks::num, lock_keys::num}, {locks::caps, lock_keys::caps}}};

constexpr bool fake_shift(std::uint8_t code) { return code == 0x2a || code == 0x36; }
constexpr bool error_code(std::uint8_t byte) { return byte == 0x00 || byte == 0x80 || byte == 0xff; }

} // namespace

std::uint16_t lock_of(key_number key) noexcept {
  for (const auto& l : all_locks)
    if (l.key == key) return l.bit;
  return 0;
}

std::optional<key_input> scancode_decoder::feed(std::uint8_t byte) noexcept {
  // A prefix starts anew wherever it stands, so one lost byte costs one key.
  switch (byte) {
  case 0xe0: state_ = state::after_e0; return std::nullopt;
  case 0xe1: state_ = state::after_e1; return std::nullopt;
  case 0xe2: state_ = state::after_e2; return std::nullopt;
  default: break;
  }
  const auto before = state_;
  state_ = state::plain;
  const auto code = static_cast<std::uint8_t>(byte & ~release_bit);
  const bool pressed = (byte & release_bit) == 0;
  switch (before) {
  case state::after_e1:
    if (code == 0x1d) state_ = state::after_e1_1d;
    return std::nullopt;
  case state::after_e1_1d:
    if (code == 0x45) return key_input{pause_key, pressed};
    break; // not Pause after all: a byte of its own
  case state::after_e2: return std::nullopt;
  case state::after_e0:
    if (fake_shift(code) || error_code(byte)) return std::nullopt;
    return key_input{static_cast<key_number>(code | 0x80), pressed};
  case state::plain: break;
  }
  if (error_code(byte)) return std::nullopt;
  return key_input{code, pressed};
}

std::optional<key_input> keyboard::key(client_id client, key_number key, bool pressed) {
  auto& mine = held_[client];
  if (pressed) {
    mine.set(key);
    return key_input{key, true};
  }
  if (!mine.test(key)) return std::nullopt;
  mine.reset(key);
  if (held(key)) return std::nullopt;
  return key_input{key, false};
}

std::vector<key_input> keyboard::leave(client_id client) {
  std::vector<key_input> released;
  const auto leaving = held_.extract(client);
  if (leaving.empty()) return released;
  for (std::size_t k = 0; k < leaving.mapped().size(); ++k) {
    const auto number = static_cast<key_number>(k);
    if (leaving.mapped().test(k) && !held(number)) released.push_back({number, false});
  }
  return released;
}

bool keyboard::held(key_number key) const noexcept {
  return std::any_of(held_.begin(), held_.end(), [key](const auto& h) { return h.second.test(key); });
}

std::uint16_t keyboard::locks_to_toggle(std::uint16_t wanted, std::uint16_t guest) const noexcept {
  std::uint16_t toggle = 0;
  for (const auto& l : all_locks)
    if (((wanted ^ guest) & l.bit) != 0 && !held(l.key)) toggle |= l.bit;
  return toggle;
}

std::vector<key_input> keyboard::toggles(std::uint16_t locks) {
  std::vector<key_input> keys;
  for (const auto& l : all_locks) {
    if ((locks & l.bit) == 0) continue;
    keys.push_back({l.key, true});
    keys.push_back({l.key, false});
  }
  return keys;
}

} // namespace saffron::devices
