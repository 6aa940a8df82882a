// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/daemon.hpp"

#include "actors/host/system.hpp"
#include "messages/log.hpp"

namespace saffron::host {

int run_daemon(const options& o, const std::function<loaded()>& read_again) {
  running_system system{o, read_again};
  if (auto started = system.start(); !started) {
    log::error("{}", started.error());
    return 1;
  }
  return system.wait() ? 0 : 1;
}

} // namespace saffron::host
