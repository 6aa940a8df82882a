// SPDX-License-Identifier: BSD-3-Clause
// Keyboards: bytes of set 1 scancodes become keys, and the keyboards of several clients become one.
#pragma once

#include "messages/input.hpp"

#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace saffron::devices {

/// The keyboard locks of the protocol.
namespace locks {
inline constexpr std::uint16_t scroll = 1, num = 2, caps = 4, all = 7;
} // namespace locks

/// Their keys.
namespace lock_keys {
inline constexpr key_number scroll = 0x46, num = 0x45, caps = 0x3a;
} // namespace lock_keys

/// The lock that this key toggles; 0 for any other key.
[[nodiscard]] std::uint16_t lock_of(key_number key) noexcept;

/// Set 1 scancodes, byte by byte, as the client sends them:
///   xx        key xx goes down; with bit 7 it goes up
///   e0 xx     the same for key xx | 0x80 (e0 37 is Print, 0xb7)
///   e1 1d 45  Pause (0xc6) goes down; e1 9d c5: up
/// Left out, because no key is behind them: the fake shifts of old keyboards (e0 2a, e0 36 and their releases; the
/// guest's emulated keyboard makes its own), error codes (00, 80, ff), and what follows e2 or any other e1.
class scancode_decoder {
public:
  /// An event is complete with the last of its bytes.
  [[nodiscard]] std::optional<key_input> feed(std::uint8_t byte) noexcept;

private:
  enum class state : std::uint8_t { plain, after_e0, after_e1, after_e1_1d, after_e2 };
  state state_ = state::plain;
};

/// The keys that one client holds down.
using held_keys = std::bitset<256>;

/// One keyboard made of the keyboards of several clients. A key is down for the VM while any client holds it.
class keyboard {
public:
  /// What the VM is to see. Every press: a repeated one is auto-repeat, on which guests rely. A release only when
  /// the client did hold the key and nobody else does.
  [[nodiscard]] std::optional<key_input> key(client_id client, key_number key, bool pressed);
  /// Releases what only this client held.
  [[nodiscard]] std::vector<key_input> leave(client_id client);
  /// The VM is another one and sees no key down.
  void forget() noexcept { held_.clear(); }
  [[nodiscard]] bool held(key_number key) const noexcept;

  /// The locks to toggle for `wanted`, given what the guest has. A lock whose key is physically held is left alone:
  /// that press toggles it.
  [[nodiscard]] std::uint16_t locks_to_toggle(std::uint16_t wanted, std::uint16_t guest) const noexcept;
  /// A press and a release for each lock, in the order scroll, num, caps.
  [[nodiscard]] static std::vector<key_input> toggles(std::uint16_t locks);

private:
  std::map<client_id, held_keys> held_;
};

} // namespace saffron::devices
