// SPDX-License-Identifier: BSD-3-Clause
// A run's figures, for people and for programs.
#pragma once

#include "bench/load/run.hpp"

namespace saffron::load {

/// One JSON object; times in microseconds, sizes in bytes. bench/run and the system tests read it: keys stay.
[[nodiscard]] std::string json_report(const options& o, const run_result& r);

/// A table that leaves out what did not happen.
[[nodiscard]] std::string text_report(const options& o, const run_result& r);

/// Why the run failed, or empty: a picture that is not the expected one; with --strict also links that failed,
/// violations, connections that ended; or no client at all that came through.
[[nodiscard]] std::string failure_of(const options& o, const run_result& r);

} // namespace saffron::load
