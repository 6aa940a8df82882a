// SPDX-License-Identifier: BSD-3-Clause
// The guest's serial line: a JSON object a line to the test, commands of words from it.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saffron::guest {

/// Anything as JSON text.
struct json {
  json(std::string_view from);
  json(const char* from) : json(std::string_view{from}) {}
  json(const std::string& from) : json(std::string_view{from}) {}
  json(std::integral auto number) : text(std::to_string(number)) {}
  json(const std::vector<json>& list);
  json(bool value) : text(value ? "true" : "false") {}
  std::string text;
};

class guest_console {
public:
  /// Takes over the terminal: bytes as they are, no echo.
  explicit guest_console(int fd);

  [[nodiscard]] int fd() const noexcept { return fd_; }
  /// {"event": name, …}. Waits for the line to take it: the test always reads.
  void event(std::string_view name, std::initializer_list<std::pair<std::string_view, json>> fields = {}) const;
  /// The next whole line's words, without waiting.
  [[nodiscard]] std::optional<std::vector<std::string>> command();

private:
  static constexpr std::size_t line_limit = 4096;

  int fd_;
  std::string line_;
};

} // namespace saffron::guest
