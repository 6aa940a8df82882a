// SPDX-License-Identifier: BSD-3-Clause
// Text of guests and peers on its way to people.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace saffron {

/// What moves a terminal's cursor or begins another log line.
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  const auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7f;
}

/// With '?' for each control character.
[[nodiscard]] inline std::string without_controls(std::string_view text) {
  std::string safe{text};
  std::replace_if(safe.begin(), safe.end(), is_control, '?');
  return safe;
}

} // namespace saffron
