// SPDX-License-Identifier: BSD-3-Clause
// Bytes for tests, from annotated hex: `01 00 # window`, a comment ending with its line.
#pragma once

#include "messages/wire/codec.hpp"

#include <stdexcept>
#include <string_view>
#include <vector>

namespace saffron::test {

inline std::vector<std::byte> hex(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    throw std::invalid_argument("not a hex digit");
  };
  std::vector<std::byte> bytes;
  while (!text.empty()) {
    if (text.front() == '#') {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (text.front() == ' ' || text.front() == '\n') {
      text.remove_prefix(1);
    } else {
      bytes.push_back(static_cast<std::byte>(digit(text.at(0)) * 16 + digit(text.at(1))));
      text.remove_prefix(2);
    }
  }
  return bytes;
}

/// A view of a literal's characters, without its NUL.
inline wire::byte_view view(std::string_view literal) { return std::as_bytes(std::span{literal}); }

} // namespace saffron::test
