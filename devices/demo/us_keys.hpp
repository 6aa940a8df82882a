// SPDX-License-Identifier: BSD-3-Clause
// A US keyboard: keys in, characters and locks out.
#pragma once

#include "messages/input.hpp"

#include <bitset>
#include <cstdint>
#include <optional>

namespace saffron::devices::demo {

/// What a key means to the text area besides a printable character.
inline constexpr char newline = '\n', backspace = '\b', form_feed = '\f';

class us_keys {
public:
  /// The character of a press, '\n' for Enter, '\b' for Backspace, '\f' for Ctrl+L; none for keys without one and for
  /// releases. Presses of lock keys toggle their lock, once however long they are held.
  std::optional<char> key(const key_input& event);
  [[nodiscard]] std::uint16_t locks() const noexcept { return locks_; }

private:
  [[nodiscard]] bool shift() const noexcept;
  [[nodiscard]] bool control() const noexcept;

  std::bitset<256> down_;
  std::uint16_t locks_ = 0;
};

} // namespace saffron::devices::demo
