// SPDX-License-Identifier: BSD-3-Clause
// Whether finished options make sense together, and are secure unless somebody says --insecure. Pure: what it asks of
// the file system is handed in.
#pragma once

#include "actors/host/config.hpp"

#include <functional>

namespace saffron::host {

/// What the rules want to know of a file.
struct file_facts {
  bool exists = false;
  bool readable = false;
  bool is_socket = false;
  /// Users other than owner and group may read or write it.
  bool open_to_others = false;
};
using look_at = std::function<file_facts(const std::filesystem::path&)>;

/// The real file system.
file_facts look_at_file(const std::filesystem::path& path);

findings check(const options& o, const look_at& look);

/// "ok: 2 VMs, 3 listeners (1 with TLS)"
std::string summary(const options& o);

} // namespace saffron::host
