// SPDX-License-Identifier: BSD-3-Clause
// codecs: measures the picture encoders on the sample pictures.
#include "bench/codecs/report.hpp"

#include <fmt/format.h>

/// 0: measured, 2: not.
int main(int argc, char** argv) {
  using namespace saffron::codecs;
  const auto parsed = parse_options({argv + 1, argv + argc});
  if (parsed.help) {
    fmt::print("{}", help_text());
    return 0;
  }
  if (!parsed.error.empty()) {
    fmt::print(stderr, "codecs: {}; see --help\n", parsed.error);
    return 2;
  }
  const auto result = run(parsed.value);
  if (!result.error.empty()) {
    fmt::print(stderr, "codecs: {}\n", result.error);
    return 2;
  }
  fmt::print("{}\n", parsed.value.json ? json_report(result) : text_report(result));
  return 0;
}
