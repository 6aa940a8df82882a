// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/control_socket.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

namespace saffron::host {

namespace {

constexpr int backlog = 16;

class descriptor {
public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

private:
  int fd_;
};

tl::unexpected<std::string> refuse(const std::filesystem::path& path, std::string_view why) {
  return tl::unexpected{fmt::format("{}: {}", path.string(), why)};
}
tl::unexpected<std::string> refuse_errno(const std::filesystem::path& path, std::string_view what) {
  return refuse(path, fmt::format("{}: {}", what, std::strerror(errno)));
}

/// A directory that nobody else can put a socket into. In a sticky one (/tmp) others can put, but not replace.
tl::expected<descriptor, std::string> private_directory(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return refuse_errno(directory, "cannot be made");
  descriptor fd{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  struct stat about {};
  if (fd.get() < 0 || ::fstat(fd.get(), &about) != 0) return refuse_errno(directory, "cannot be opened");
  if (about.st_uid != ::geteuid() && about.st_uid != 0) return refuse(directory, "belongs to another user");
  if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0 && (about.st_mode & S_ISVTX) == 0)
    return refuse(directory, "can be written by other users");
  return fd;
}

/// Nothing when the path is free (a stale socket has been removed), else why it is not.
std::optional<std::string> occupied(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return {};
  if (!S_ISSOCK(about.st_mode)) return "is there and is not a socket";
  const descriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 || errno == EAGAIN)
    return "another saffron answers there";
  if (errno != ECONNREFUSED) return fmt::format("cannot be asked whether it is in use: {}", std::strerror(errno));
  if (::unlink(path.c_str()) != 0) return fmt::format("is stale and cannot be removed: {}", std::strerror(errno));
  return {};
}

} // namespace

control_socket::control_socket(control_socket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), path_(std::exchange(other.path_, {})), device_(other.device_),
      inode_(other.inode_) {}

control_socket& control_socket::operator=(control_socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(path_, other.path_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  return *this;
}

control_socket::~control_socket() {
  if (fd_ >= 0) ::close(fd_);
  struct stat about {};
  // Only our own file: somebody may have replaced it.
  if (!path_.empty() && ::lstat(path_.c_str(), &about) == 0 && about.st_dev == device_ && about.st_ino == inode_)
    ::unlink(path_.c_str());
}

int control_socket::release() noexcept { return std::exchange(fd_, -1); }

tl::expected<control_socket, std::string> open_control_socket(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.string().size() >= sizeof address.sun_path) return refuse(path, "is too long for a unix socket");
  std::memcpy(address.sun_path, path.c_str(), path.string().size());

  const auto directory = private_directory(path.has_parent_path() ? path.parent_path() : ".");
  if (!directory) return tl::unexpected{directory.error()};
  // Of two processes that start at once, one must see the other's socket. Released with the descriptor.
  if (::flock(directory->get(), LOCK_EX | LOCK_NB) != 0) return refuse(path, "another process is opening it");
  if (const auto why = occupied(path, address)) return refuse(path, *why);

  descriptor fd{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (fd.get() < 0) return refuse_errno(path, "no socket");
  // Before bind: the file is never there with another mode.
  if (::fchmod(fd.get(), 0600) != 0) return refuse_errno(path, "its mode cannot be set");
  if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return refuse_errno(path, "cannot be bound");
  control_socket made;
  made.path_ = path;
  struct stat about {};
  if (::lstat(path.c_str(), &about) != 0) return refuse_errno(path, "is gone");
  made.device_ = about.st_dev;
  made.inode_ = about.st_ino;
  if (::listen(fd.get(), backlog) != 0) return refuse_errno(path, "cannot be listened on");
  made.fd_ = fd.release();
  return made;
}

} // namespace saffron::host
