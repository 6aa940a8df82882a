// SPDX-License-Identifier: BSD-3-Clause
// How each type of setting is spelt: read from text, written as text, and named for people.
#pragma once

#include "actors/host/options.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace saffron::host {

/// What a number is held to.
struct bounds {
  std::uint64_t least = 0, most = 0;
};

/// Sets `where`. One text, or any number for a list. The error is a whole one: "expected …, got …".
tl::expected<void, std::string> read_setting(const setting& where, const std::vector<std::string>& texts, bounds b);
/// The value as read_setting takes it, the items of a list joined with ", ". A ticket is never written.
std::string write_setting(const setting& where);
/// "count", "path", "plain or journal", …: one or two words for a table.
std::string type_name(const setting& where);
/// "expected a whole number from 0 to 64"
std::string expectation(const setting& where, bounds b);

/// Takes any number of texts.
bool is_list(const setting& where);
/// Needs no text: its name alone says true.
bool is_switch(const setting& where);

/// 2026-01-31T12:00:00Z or with an offset such as +01:00; a fraction of a second is dropped.
result<std::chrono::system_clock::time_point> parse_rfc3339(std::string_view text);
std::string to_rfc3339(std::chrono::system_clock::time_point t);

/// "main", "display", … and back; 0 for no channel.
std::string_view channel_name(std::uint8_t type);
std::uint8_t channel_type(std::string_view name);

} // namespace saffron::host
