// SPDX-License-Identifier: BSD-3-Clause
// One line an event: subject, verb, object. A line that could not be written at once is dropped and counted, because no
// loop may wait for whoever reads the log.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>
#include <utility>

namespace saffron::log {

enum class level : std::uint8_t { error, warning, info, debug };
enum class style : std::uint8_t {
  /// `2026-01-31T12:00:00.123Z info  text`
  plain,
  /// `<6>text`, as systemd's journal wants it on standard error
  journal,
};

/// Takes a finished line, with its newline. Called from any thread; must not wait.
using sink = void (*)(level, std::string_view line);

/// Once, before threads start. The default is style plain, level info, standard error.
void configure(level most_detailed, style how) noexcept;
/// Replaces standard error (the drop-in library hands lines to its host). nullptr restores it.
void set_sink(sink where) noexcept;
[[nodiscard]] bool enabled(level l) noexcept;
/// Lines that found no room and were dropped.
[[nodiscard]] std::uint64_t dropped() noexcept;
void write(level l, std::string_view text) noexcept;

template <class... A>
void error(fmt::format_string<A...> text, A&&... args) {
  write(level::error, fmt::format(text, std::forward<A>(args)...));
}
template <class... A>
void warning(fmt::format_string<A...> text, A&&... args) {
  if (enabled(level::warning)) write(level::warning, fmt::format(text, std::forward<A>(args)...));
}
template <class... A>
void info(fmt::format_string<A...> text, A&&... args) {
  if (enabled(level::info)) write(level::info, fmt::format(text, std::forward<A>(args)...));
}
template <class... A>
void debug(fmt::format_string<A...> text, A&&... args) {
  if (enabled(level::debug)) write(level::debug, fmt::format(text, std::forward<A>(args)...));
}

} // namespace saffron::log
