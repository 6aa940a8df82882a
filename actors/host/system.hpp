// SPDX-License-Identifier: BSD-3-Clause
// The daemon put together: threads, registry, VMs, listeners, control socket, signals; and taken apart in order.
#pragma once

#include "actors/extensions.hpp"
#include "actors/host/config.hpp"

#include <tl/expected.hpp>

#include <functional>
#include <memory>
#include <string>

namespace saffron::host {

class running_system {
public:
  /// `o` has passed the rules. `read_again` is called on SIGHUP. `added` outlives the system.
  running_system(const options& o, std::function<loaded()> read_again, const actors::extensions& added);
  ~running_system();

  /// Everything is listening when this returns; or a sentence that says what is in the way, and nothing runs.
  [[nodiscard]] tl::expected<void, std::string> start();
  /// Returns after SIGTERM or SIGINT, when all has ended; false when something did not end in time.
  [[nodiscard]] bool wait();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace saffron::host
