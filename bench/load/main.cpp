// SPDX-License-Identifier: BSD-3-Clause
// load: SPICE clients without a screen, for measuring and testing any SPICE server.
#include "bench/load/report.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string_view>

namespace {

void raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Ends the process, whatever happens: a test does not hang here.
void end_by(std::chrono::duration<double> time) {
  std::signal(SIGALRM, [](int) {
    constexpr std::string_view text = "load: the run did not end in time\n";
    [[maybe_unused]] const auto n = write(STDERR_FILENO, text.data(), text.size());
    _exit(2);
  });
  alarm(static_cast<unsigned>(time.count()));
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
  constexpr seconds grace{15};
  end_by(o.start_timeout + o.warmup + o.duration + grace);

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
