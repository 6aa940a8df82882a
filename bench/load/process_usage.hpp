// SPDX-License-Identifier: BSD-3-Clause
// What processes have used so far, from /proc.
#pragma once

#include <cstdint>
#include <vector>

namespace saffron::load {

struct process_usage {
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t threads = 0;
};

/// The sum of those that exist.
[[nodiscard]] process_usage usage_of(const std::vector<int>& pids);
/// This process's own.
[[nodiscard]] process_usage own_usage();

} // namespace saffron::load
