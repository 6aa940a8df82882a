// SPDX-License-Identifier: BSD-3-Clause
// Options from where people put them: the TOML file, the command line on top of it, then the ticket files. What is
// wrong is collected, one line each, so that one look is enough.
#pragma once

#include "actors/host/options.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace saffron::host {

/// One option of the command line. "vm" has a text for each --vm; "demo" has the same text made from the options of
/// `saffron demo`, which stand there without --vm.
struct given {
  std::string name;
  std::vector<std::string> texts;
};

/// Where the options come from; kept, so that SIGHUP can load them again.
struct sources {
  /// Empty: no file.
  std::filesystem::path config;
  std::vector<given> command_line;
  /// What both are applied to.
  options base;
};

struct findings {
  /// Each stops the start: "saffron.toml:3: loops: expected a whole number from 0 to 64, got "-1"".
  std::vector<std::string> problems;
  /// Each is logged.
  std::vector<std::string> warnings;
};

struct loaded {
  options value;
  findings found;
};

/// Everything but the rules.
loaded load(const sources& from);

// -- the steps --------------------------------------------------------------------------------------------------------

/// `file` is how problems name it.
void apply_toml(std::string_view text, std::string_view file, options& o, findings& found);
void apply_command_line(const std::vector<given>& command_line, options& o, findings& found);
/// Puts the first line of each ticket_file into ticket.
void load_tickets(options& o, findings& found);

/// "name=web01,qmp=/run/web01.sock,demo" as keys and values; ",," is a comma, a key alone is true.
std::vector<std::pair<std::string, std::string>> split_vm(std::string_view text);

} // namespace saffron::host
