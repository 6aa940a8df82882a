// SPDX-License-Identifier: BSD-3-Clause
// A guest that looks at the folder a client shares: opens a connection through the client's WebDAV server, asks
// OPTIONS, and tells what it answered. The port carries many connections: each piece is i64 connection, u16 size,
// bytes, little endian; size 0 closes it (spice-webdavd).
#pragma once

#include "devices/char/memory_backend.hpp"

#include <functional>
#include <string>
#include <vector>

namespace saffron::devices::demo {

class demo_webdav final : public memory_peer {
public:
  /// `answered` hears the first line of the answer, at most 200 bytes of it.
  explicit demo_webdav(std::function<void(std::string)> answered) : answered_(std::move(answered)) {}

  void on_start(memory_line& line) override;
  void on_in_use(bool in_use) override;
  std::size_t on_bytes(std::span<const std::byte> bytes) override;

private:
  void look_at(std::span<const std::byte> piece);

  std::function<void(std::string)> answered_;
  memory_line* line_ = nullptr;
  /// The head of a piece that is arriving, and how much of the piece is left.
  std::vector<std::byte> head_;
  std::size_t left_ = 0;
  std::string first_line_;
  bool told_ = false;
};

} // namespace saffron::devices::demo
