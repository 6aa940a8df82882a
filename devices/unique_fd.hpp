// SPDX-License-Identifier: BSD-3-Clause
// A file descriptor that is closed with its owner, and how descriptors are made and sent here: never inherited by a
// child process, never blocking at our end.
#pragma once

#include "messages/errc.hpp"

#include <unistd.h>

#include <cstddef>
#include <span>
#include <utility>

namespace saffron::devices {

class unique_fd {
public:
  unique_fd() = default;
  explicit unique_fd(int fd) noexcept : fd_(fd) {}
  unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    reset(other.release());
    return *this;
  }
  ~unique_fd() { reset(); }

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
  void reset(int fd = -1) noexcept {
    if (const auto old = std::exchange(fd_, fd); old >= 0) ::close(old);
  }
  explicit operator bool() const noexcept { return fd_ >= 0; }

private:
  int fd_ = -1;
};

/// Our end and the one that QEMU gets.
struct socket_pair {
  unique_fd ours, theirs;
};
/// Room for a frame, which spares QEMU's thread and ours a wake-up for every 200 KiB.
inline constexpr int frame_room = 4 * 1024 * 1024;
/// A pair whose ends hold so many bytes each, if the kernel allows it; 0: as many as it likes.
[[nodiscard]] result<socket_pair> make_socket_pair(int room = frame_room);

/// Sends all of `bytes`, and `fd` with them when it is not -1. False when the socket has no room for all of it or is
/// closed: whoever does not read our few small messages is lost anyway.
[[nodiscard]] bool send_all(int socket, std::span<const std::byte> bytes, int fd = -1);

} // namespace saffron::devices
