// SPDX-License-Identifier: BSD-3-Clause
// What `saffron status` shows: as JSON on the control socket and for programs, as text for people.
#pragma once

#include "messages/counters.hpp"
#include "messages/errc.hpp"
#include "messages/session.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saffron::host {

struct status_report {
  std::string version;
  std::uint64_t process = 0;
  std::uint64_t uptime_seconds = 0;
  std::uint64_t dropped_log_lines = 0;
  host_status host;
  std::vector<std::pair<std::string, std::uint64_t>> counters;
};

/// The values of all counters, by name.
std::vector<std::pair<std::string, std::uint64_t>> values_of(const counters& c);

std::string status_json(const status_report& report);
/// A field that is missing has its default, one that is unknown is skipped: the process may be of another version.
result<status_report> status_from_json(std::string_view json);

std::string status_text(const status_report& report);

} // namespace saffron::host
