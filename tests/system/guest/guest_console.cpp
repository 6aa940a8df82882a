// SPDX-License-Identifier: BSD-3-Clause
#include "tests/system/guest/guest_console.hpp"

#include <termios.h>
#include <unistd.h>

#include <array>
#include <sstream>

namespace saffron::guest {

json::json(std::string_view from) : text("\"") {
  constexpr std::string_view digits = "0123456789abcdef";
  for (const char c : from) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || c == '"' || c == '\\') {
      text += "\\u00";
      text += digits[code >> 4];
      text += digits[code & 15];
    } else {
      text += c;
    }
  }
  text += '"';
}

json::json(const std::vector<json>& list) : text("[") {
  for (const auto& one : list) {
    if (text.size() > 1) text += ',';
    text += one.text;
  }
  text += ']';
}

guest_console::guest_console(int fd) : fd_(fd) {
  termios settings{};
  if (::tcgetattr(fd_, &settings) != 0) return;
  ::cfmakeraw(&settings);
  settings.c_cc[VMIN] = 0; // a read never waits
  settings.c_cc[VTIME] = 0;
  (void)::tcsetattr(fd_, TCSANOW, &settings);
}

void guest_console::event(std::string_view name,
                          std::initializer_list<std::pair<std::string_view, json>> fields) const {
  // A newline first: what the kernel writes may have left the line begun.
  auto line = "\n{\"event\":" + json{name}.text;
  for (const auto& [key, value] : fields) {
    line += ',';
    line += json{key}.text;
    line += ':';
    line += value.text;
  }
  line += "}\n";
  std::string_view left = line;
  while (!left.empty()) {
    const auto n = ::write(fd_, left.data(), left.size());
    if (n <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::optional<std::vector<std::string>> guest_console::command() {
  std::array<char, 256> piece{};
  ssize_t n = 0;
  while (line_.find('\n') == std::string::npos && (n = ::read(fd_, piece.data(), piece.size())) > 0) {
    if (line_.size() > line_limit) line_.clear();
    line_.append(piece.data(), static_cast<std::size_t>(n));
  }
  const auto end = line_.find('\n');
  if (end == std::string::npos) return {};
  std::istringstream words{line_.substr(0, end)};
  line_.erase(0, end + 1);
  std::vector<std::string> out;
  for (std::string word; words >> word;) out.push_back(word);
  return out;
}

} // namespace saffron::guest
