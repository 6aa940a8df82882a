// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/process_usage.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace saffron::load {

process_usage usage_of(const std::vector<int>& pids) {
  process_usage sum;
  for (const auto pid : pids) {
    std::string stat;
    std::getline(std::ifstream{fmt::format("/proc/{}/stat", pid)}, stat);
    // The second field is the name in parentheses and may hold anything; the third follows the last one.
    const auto name_end = stat.rfind(')');
    if (name_end == std::string::npos) continue;
    std::istringstream fields{stat.substr(name_end + 1)};
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    std::uint64_t user = 0, system = 0, threads = 0, resident_pages = 0;
    fields >> user >> system; // 14, 15
    for (int field = 16; field < 20; ++field) fields >> skipped;
    fields >> threads; // 20
    for (int field = 21; field < 24; ++field) fields >> skipped;
    fields >> resident_pages; // 24
    sum.cpu_seconds += static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    sum.resident_bytes += resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    sum.threads += threads;
  }
  return sum;
}

process_usage own_usage() { return usage_of({static_cast<int>(getpid())}); }

} // namespace saffron::load
