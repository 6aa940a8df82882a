// SPDX-License-Identifier: BSD-3-Clause
// A whole run: threads, clients, phases. All clients connect, then warm up, then the figures start at zero, and after
// the duration everything is closed. Every phase is bounded in time.
#pragma once

#include "bench/load/process_usage.hpp"
#include "bench/load/worker.hpp"

namespace saffron::load {

struct run_result {
  figures counts;
  std::vector<picture> pictures;
  /// Of the measured time.
  double measured_seconds = 0;
  double start_seconds = 0;
  /// Clients that were not there (nor had failed) when --start-timeout ended.
  std::size_t unsettled = 0;
  /// Of --pid and of this process, in the measured time; memory and threads at its end.
  process_usage server, own;
  /// Memory of --pid before the first client connected.
  std::uint64_t server_resident_before = 0;
  /// Not empty when there was no run.
  std::string error;
};

[[nodiscard]] run_result run(const options& o);

} // namespace saffron::load
