// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/usbredir_filter.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace saffron::devices::usbredir {

namespace {

// What a rule's numbers may be at most; the last one, allow, has no -1.
constexpr std::array<std::uint32_t, 5> most{0xff, 0xffff, 0xffff, 0xffff, 1};

bool is_number(std::string_view text, std::uint32_t limit) {
  constexpr int decimal = 10;
  constexpr int hexadecimal = 16;
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  // A C library takes a leading zero for octal.
  if (!hex && text.size() > 1 && text.front() == '0') return false;
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? hexadecimal : decimal);
  return error == std::errc{} && end == text.data() + text.size() && value <= limit;
}

// Takes the text up to the separator from the front.
std::string_view take(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const auto part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

bool is_rule(std::string_view rule) {
  if (rule.empty() || rule.back() == ',') return false;
  for (const auto limit : most) {
    const auto number = take(rule, ',');
    if (!(number == "-1" && limit != 1) && !is_number(number, limit)) return false;
  }
  return rule.empty();
}

} // namespace

bool is_filter(std::string_view text) {
  if (text.empty() || text.back() == '|') return false;
  while (!text.empty())
    if (!is_rule(take(text, '|'))) return false;
  return true;
}

} // namespace saffron::devices::usbredir
