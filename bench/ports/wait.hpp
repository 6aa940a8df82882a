// SPDX-License-Identifier: BSD-3-Clause
// Before the measuring, all loops are run by hand on one thread.
#pragma once

#include "bench/ports/end_run.hpp"

#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <chrono>
#include <span>
#include <string_view>

namespace saffron::ports {

/// Runs these until `there` says so; after ten seconds there is no run.
template <class F>
void wait_until(std::span<asio::io_context* const> loops, F there, std::string_view what) {
  using clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds patience{10};
  constexpr std::chrono::milliseconds turn{1};
  const auto deadline = clock::now() + patience;
  while (!there()) {
    if (clock::now() > deadline) end_run(fmt::format("waited in vain for {}", what));
    for (auto* io : loops) {
      io->restart();
      io->run_one_for(turn);
    }
  }
}

} // namespace saffron::ports
