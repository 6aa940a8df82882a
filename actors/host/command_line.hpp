// SPDX-License-Identifier: BSD-3-Clause
// The command line: which subcommand, and the options it was given. Options come from the table; only what no TOML file
// can say is written here.
#pragma once

#include "actors/host/config.hpp"

#include <string>
#include <variant>
#include <vector>

namespace saffron::host {

/// What the process ends with: 0 well, 1 a problem, 2 a mistake on the command line.
enum exit_code : int { exit_well = 0, exit_problem = 1, exit_usage = 2 };

enum class verb : std::uint8_t { demo, serve, check, status, version, options_table };

struct command {
  verb what = verb::serve;
  /// demo, serve, check
  sources from;
  /// status
  std::filesystem::path control;
  bool json = false;
};

/// What to print, and the end.
struct outcome {
  int code = exit_well;
  std::string out, err;
};

/// Arguments without the program's name. An outcome when all is said with it: help, or a mistake.
std::variant<command, outcome> parse(const std::vector<std::string>& arguments);

/// Copies main's arguments, then overwrites every ticket= of a --vm in argv itself: the process list shows asterisks.
std::vector<std::string> take_arguments(int argc, char** argv);

} // namespace saffron::host
