// SPDX-License-Identifier: BSD-3-Clause
// load: SPICE clients without a screen, for measuring and testing any SPICE server.
#include "bench/load/report.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>

namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

/// 0: as expected, 1: not, 2: there was no run.
int main(int argc, char** argv) {
  using namespace saffron::load;
  const auto parsed = parse_options({argv + 1, argv + argc});
  if (parsed.help) {
    fmt::print("{}", help_text());
    return 0;
  }
  if (!parsed.error.empty()) {
    fmt::print(stderr, "load: {}; see --help\n", parsed.error);
    return 2;
  }
  const auto& o = parsed.value;
  raise_descriptor_limit();
  // Whatever happens, a test does not hang here: SIGALRM ends the process.
  constexpr auto grace = 15.0;
  alarm(static_cast<unsigned>((o.start_timeout + o.warmup + o.duration).count() + grace));

  const auto result = run(o);
  if (!result.error.empty()) {
    fmt::print(stderr, "load: {}\n", result.error);
    return 2;
  }
  fmt::print("{}\n", o.json ? json_report(o, result) : text_report(o, result));
  const auto failure = failure_of(o, result);
  if (!failure.empty()) fmt::print(stderr, "load: {}\n", failure);
  return failure.empty() ? 0 : 1;
}
