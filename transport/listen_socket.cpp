// SPDX-License-Identifier: BSD-3-Clause
#include "transport/listen_socket.hpp"

#include <fmt/format.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace saffron::transport {

namespace {

using problem = tl::unexpected<std::string>;

// A path left by a process that has died is in the way of bind(); one that somebody holds is not ours to remove. Only a
// refused connect says that nobody does: any other error may be a socket that we may not use, or of another type.
bool remove_stale(const address& a) {
  struct stat status {};
  if (a.kind != address::family::unix_path) return true;
  if (::lstat(a.name.c_str(), &status) != 0) return true;
  if (!S_ISSOCK(status.st_mode)) return false;
  const auto to = unix_endpoint(a);
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const bool refused = ::connect(probe, to.data(), static_cast<socklen_t>(to.size())) != 0 && errno == ECONNREFUSED;
  ::close(probe);
  return refused && ::unlink(a.name.c_str()) == 0;
}

tl::expected<int, std::string> listen_at(const address& a, const auto& endpoint, const listen_settings& settings) {
  const int fd = ::socket(endpoint.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return problem{fmt::format("{}: {}", to_string(a), std::strerror(errno))};
  const int on = 1;
  if (a.kind == address::family::tcp) ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // [::] takes v6 only, so that 0.0.0.0 can be listened on beside it.
  if (a.kind == address::family::tcp && a.ip.is_v6()) ::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
  // Before bind: the file is never there with another mode.
  if (settings.owner_only && a.kind == address::family::unix_path) ::fchmod(fd, S_IRUSR | S_IWUSR);
  if (::bind(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
      ::listen(fd, settings.backlog) != 0) {
    const int why = errno;
    ::close(fd);
    return problem{fmt::format("{}: {}", to_string(a),
                               why == EADDRINUSE ? "the port is in use by another program" : std::strerror(why))};
  }
  return fd;
}

} // namespace

tl::expected<int, std::string> listen_on(const address& where, const listen_settings& settings) {
  if (where.kind == address::family::tcp) return listen_at(where, tcp_endpoint(where), settings);
  if (where.name.empty() || where.name.size() > longest_socket_name)
    return problem{fmt::format("{}: a unix socket's path has 1 to {} bytes", to_string(where), longest_socket_name)};
  if (!remove_stale(where)) return problem{fmt::format("{}: the path is in use", to_string(where))};
  return listen_at(where, unix_endpoint(where), settings);
}

} // namespace saffron::transport
