// SPDX-License-Identifier: BSD-3-Clause
// The signals a daemon lives by: SIGTERM and SIGINT end it in order, SIGHUP makes it read its files again.
#pragma once

#include <asio/io_context.hpp>

#include <functional>
#include <memory>

namespace saffron::host {

/// Calls back on the thread that runs `io`. A second SIGTERM or SIGINT ends the process at once, as if nobody had
/// caught it: an ordered end that hangs must not need SIGKILL. SIGPIPE is ignored from construction on.
class signals {
public:
  signals(asio::io_context& io, std::function<void()> end, std::function<void()> reload);
  /// Closes from any thread; a callback that runs already is not waited for.
  ~signals();
  signals(const signals&) = delete;
  signals& operator=(const signals&) = delete;

private:
  struct state;
  std::shared_ptr<state> state_;
};

} // namespace saffron::host
