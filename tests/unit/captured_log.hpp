// SPDX-License-Identifier: BSD-3-Clause
// Log lines of a test go here and not to the terminal.
#pragma once

#include "messages/log.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace saffron::tests {

/// One at a time; for tests whose actors all run on the test's own thread.
class captured_log {
public:
  captured_log() {
    lines_.clear();
    log::set_sink([](log::level, std::string_view line) { lines_.emplace_back(line); });
  }
  ~captured_log() { log::set_sink(nullptr); }
  captured_log(const captured_log&) = delete;
  captured_log& operator=(const captured_log&) = delete;

  [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
  void clear() { lines_.clear(); }

private:
  static inline std::vector<std::string> lines_;
};

} // namespace saffron::tests
