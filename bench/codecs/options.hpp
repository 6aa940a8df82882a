// SPDX-License-Identifier: BSD-3-Clause
// The command line of `codecs`.
#pragma once

#include <string>
#include <vector>

namespace saffron::codecs {

struct options {
  bool json = false;
  /// Names of codecs; empty for all.
  std::vector<std::string> only;
  /// Everything is measured so often, in turn, that a bad moment of the machine spoils no figure.
  unsigned passes = 5;
  /// For each figure in each pass.
  double seconds = 0.2;
  /// The samples' size.
  unsigned width = 1920, height = 1080;
};

/// The options, or a sentence that says what is wrong with them.
struct parsed_options {
  options value;
  std::string error;
  bool help = false;
};
[[nodiscard]] parsed_options parse_options(const std::vector<std::string>& arguments);
[[nodiscard]] std::string help_text();

} // namespace saffron::codecs
