// SPDX-License-Identifier: BSD-3-Clause
// QMP on the wire: one JSON object a line. Commands are answered in order and carry an id; events come in between.
#pragma once

#include "messages/errc.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace saffron::devices::qemu_dbus {

/// The first line of a QEMU.
struct qmp_greeting {
  std::int64_t major = 0, minor = 0, micro = 0;
};
/// A command's answer: what it returns, or what QEMU says went wrong.
struct qmp_answer {
  std::uint64_t id = 0;
  nlohmann::json value;
  std::string error;
  [[nodiscard]] bool ok() const noexcept { return error.empty(); }
};
struct qmp_event {
  std::string name;
};
/// A line that is none of these, and no reason to end either.
struct qmp_unknown {};

using qmp_line = std::variant<qmp_greeting, qmp_answer, qmp_event, qmp_unknown>;

/// errc::bad_message when the line is no JSON object.
[[nodiscard]] result<qmp_line> parse_qmp(std::string_view line);

/// A command as a line. `arguments` is an object or null.
[[nodiscard]] std::string make_qmp_command(std::string_view name, std::uint64_t id, const nlohmann::json& arguments);

/// The string member of an object; empty when it has none.
[[nodiscard]] std::string text_member(const nlohmann::json& object, const char* name);

/// Cuts a stream of bytes into lines.
class line_cutter {
public:
  explicit line_cutter(std::size_t longest) : longest_(longest) {}

  /// Calls `line` for each line that is complete, until it returns false. errc::message_too_large when a line does not
  /// end.
  template <class F>
  [[nodiscard]] result<void> feed(std::string_view bytes, F line) {
    for (;;) {
      const auto end = bytes.find('\n');
      if (rest_.size() + std::min(end, bytes.size()) > longest_) return fail{errc::message_too_large};
      if (end == bytes.npos) break;
      rest_ += bytes.substr(0, end);
      bytes.remove_prefix(end + 1);
      const auto whole = std::exchange(rest_, {});
      if (!line(std::string_view{whole})) return {};
    }
    rest_ += bytes;
    return {};
  }

private:
  std::size_t longest_;
  std::string rest_;
};

} // namespace saffron::devices::qemu_dbus
