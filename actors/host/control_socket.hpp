// SPDX-License-Identifier: BSD-3-Clause
// The file of the control socket: made so that only its owner can connect, and so that two processes never share it.
#pragma once

#include <tl/expected.hpp>

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace saffron::host {

/// A listening unix socket (non-blocking, close-on-exec, mode 0600) and its file, which goes with it.
class control_socket {
public:
  control_socket() = default;
  control_socket(control_socket&& other) noexcept;
  control_socket& operator=(control_socket&& other) noexcept;
  ~control_socket();

  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// The descriptor belongs to the caller from now on; the file is still removed by us.
  [[nodiscard]] int release() noexcept;

private:
  friend tl::expected<control_socket, std::string> open_control_socket(const std::filesystem::path& path);

  int fd_ = -1;
  std::filesystem::path path_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Makes the last directory of the path, mode 0700, when it is missing. A socket file that nobody answers on is
/// replaced. The error is a sentence: "/run/saffron/control.sock: another saffron answers there".
tl::expected<control_socket, std::string> open_control_socket(const std::filesystem::path& path);

} // namespace saffron::host
