// SPDX-License-Identifier: BSD-3-Clause
// What the first process of a Linux has to do before it can do anything else.
#pragma once

#include <string>
#include <vector>

namespace saffron::guest {

/// Mounts /dev, /proc and /sys.
void mount_all();
/// Loads each file of the folder, in the order of the names; those that could not be loaded.
[[nodiscard]] std::vector<std::string> load_modules(const std::string& folder);

struct virtio_port {
  std::string name, path;
};
/// The named virtio ports that the kernel knows now.
[[nodiscard]] std::vector<virtio_port> virtio_ports();

} // namespace saffron::guest
