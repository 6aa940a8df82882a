// SPDX-License-Identifier: BSD-3-Clause
#include "messages/log.hpp"

#include "messages/text.hpp"

#include <fmt/chrono.h>

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <chrono>

namespace saffron::log {

namespace {

std::atomic<level> most_detailed_level{level::info};
std::atomic<style> line_style{style::plain};
std::atomic<sink> line_sink{nullptr};
std::atomic<std::uint64_t> dropped_lines{0};

// A pipe takes PIPE_BUF (4096) bytes at once when poll says it is writable, so a shorter line never waits.
constexpr std::size_t longest_line = 4000;

void to_standard_error(std::string_view line) noexcept {
  pollfd ready{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&ready, 1, 0) != 1 || (ready.revents & POLLOUT) == 0 ||
      ::write(STDERR_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    dropped_lines.fetch_add(1, std::memory_order_relaxed);
}

std::string_view name_of(level l) noexcept {
  constexpr std::string_view names[] = {"error", "warn ", "info ", "debug"};
  return names[static_cast<std::size_t>(l)];
}

} // namespace

void configure(level most_detailed, style how) noexcept {
  most_detailed_level = most_detailed;
  line_style = how;
}

void set_sink(sink where) noexcept { line_sink = where; }

bool enabled(level l) noexcept { return l <= most_detailed_level.load(std::memory_order_relaxed); }

std::uint64_t dropped() noexcept { return dropped_lines.load(std::memory_order_relaxed); }

void write(level l, std::string_view text) noexcept try {
  std::string line;
  if (line_style.load(std::memory_order_relaxed) == style::journal) {
    constexpr int priorities[] = {3, 4, 6, 7}; // syslog's numbers
    line = fmt::format("<{}>{}", priorities[static_cast<std::size_t>(l)], text);
  } else {
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    line = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} {}", std::chrono::time_point_cast<std::chrono::seconds>(now),
                       now.time_since_epoch().count() % 1000, name_of(l), text);
  }
  if (line.size() > longest_line) line.resize(longest_line);
  for (char& c : line) // a peer's bytes must not forge a second line
    if (is_control(c)) c = ' ';
  line += '\n';
  if (const auto where = line_sink.load(std::memory_order_relaxed))
    where(l, line);
  else
    to_standard_error(line);
} catch (...) {
  dropped_lines.fetch_add(1, std::memory_order_relaxed);
}

} // namespace saffron::log
