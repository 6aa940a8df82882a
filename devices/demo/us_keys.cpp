// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/us_keys.hpp"

#include "devices/input/keyboard.hpp"

#include <string_view>

namespace saffron::devices::demo {

namespace {

/// Keys that lie in a row, from the first key's number on.
struct key_row {
  key_number first;
  std::string_view plain, shifted;
};

constexpr key_row rows[] = {
    {0x02, "1234567890-=\b", "!@#$%^&*()_+\b"},
    {0x10, "qwertyuiop[]\n", "QWERTYUIOP{}\n"},
    {0x1e, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
    {0x2b, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
    {0x37, "*", "*"},
    {0x39, " ", " "},
    {0x4a, "-", "-"},
    {0x4e, "+", "+"},
    {0x56, "\\", "|"},
    {0x9c, "\n", "\n"},
    {0xb5, "/", "/"},
};
/// The keypad from Home on, which only writes with the num lock.
constexpr key_row keypad = {0x47, "789-456+1230.", ""};

constexpr key_number left_shift = 0x2a, right_shift = 0x36, left_control = 0x1d, right_control = 0x9d, letter_l = 0x26;

constexpr bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

} // namespace

std::optional<char> us_keys::key(const key_input& event) {
  const bool repeated = down_.test(event.key);
  down_.set(event.key, event.pressed);
  if (!event.pressed) return std::nullopt;
  if (const auto lock = lock_of(event.key)) {
    if (!repeated) locks_ ^= lock;
    return std::nullopt;
  }
  if (control()) return event.key == letter_l ? std::optional{form_feed} : std::nullopt;
  if ((locks_ & locks::num) != 0 && event.key >= keypad.first && event.key - keypad.first < int(keypad.plain.size()))
    return keypad.plain[event.key - keypad.first];
  for (const auto& row : rows) {
    if (event.key < row.first || event.key - row.first >= int(row.plain.size())) continue;
    const auto place = static_cast<std::size_t>(event.key - row.first);
    const bool caps = (locks_ & locks::caps) != 0 && is_letter(row.plain[place]);
    return shift() != caps ? row.shifted[place] : row.plain[place];
  }
  return std::nullopt;
}

bool us_keys::shift() const noexcept { return down_.test(left_shift) || down_.test(right_shift); }
bool us_keys::control() const noexcept { return down_.test(left_control) || down_.test(right_control); }

} // namespace saffron::devices::demo
