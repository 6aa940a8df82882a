// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/daemon.hpp"

#include "actors/host/system.hpp"
#include "messages/log.hpp"

#include <malloc.h>

namespace saffron::host {

namespace {

// glibc gives blocks of 128 KiB and more back to the kernel at once; pictures come and go by the megabyte, and a page
// fault for each of their pages costs ten times the copy itself.
void keep_picture_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
  ::mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
}

} // namespace

int run_daemon(const options& o, const std::function<loaded()>& read_again, const actors::extensions& added) {
  keep_picture_memory();
  running_system system{o, read_again, added};
  if (auto started = system.start(); !started) {
    log::error("{}", started.error());
    return 1;
  }
  return system.wait() ? 0 : 1;
}

} // namespace saffron::host
