// SPDX-License-Identifier: BSD-3-Clause
// A ticket kept in a file: out of the configuration, and out of the process list.
#pragma once

#include "messages/errc.hpp"

#include <filesystem>
#include <string>

namespace saffron::host {

struct ticket_file {
  /// The first line, without its newline.
  std::string ticket;
  /// Users other than the owner and the group may read or write the file.
  bool open_to_others = false;
};

/// Waits for nothing: a FIFO or a device is errc::file_failed.
result<ticket_file> read_ticket_file(const std::filesystem::path& path);

} // namespace saffron::host
