// SPDX-License-Identifier: BSD-3-Clause
#include "devices/unique_fd.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace saffron::devices {

result<socket_pair> make_socket_pair(int room) {
  int fds[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) return fail{errc::socket_failed};
  for (const auto fd : fds)
    if (room > 0) ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  return socket_pair{unique_fd{fds[0]}, unique_fd{fds[1]}};
}

bool send_all(int socket, std::span<const std::byte> bytes, int fd) {
  iovec place{const_cast<std::byte*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
  msghdr message{};
  message.msg_iov = &place;
  message.msg_iovlen = 1;
  if (fd >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    auto* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
  }
  ssize_t sent = 0;
  do sent = ::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return sent >= 0 && static_cast<std::size_t>(sent) == bytes.size();
}

} // namespace saffron::devices
