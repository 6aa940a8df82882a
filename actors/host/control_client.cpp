// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/control_client.hpp"

#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <fmt/format.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace saffron::host {

namespace {

constexpr std::size_t longest_reply = 64 * 1024 * 1024;

tl::unexpected<std::string> failed(const std::filesystem::path& path, std::string_view why) {
  return tl::unexpected{fmt::format("{}: {}", path.string(), why)};
}

} // namespace

tl::expected<std::string, std::string> ask_control(const std::filesystem::path& path, std::string_view request,
                                                   std::chrono::seconds timeout) {
  using protocol = asio::local::stream_protocol;
  asio::io_context io;
  protocol::socket socket{io};
  std::error_code error;
  if (path.string().size() >= sizeof(sockaddr_un::sun_path)) return failed(path, "is too long for a unix socket");
  socket.connect(protocol::endpoint{path.string()}, error);
  if (error.value() == ENOENT || error.value() == ECONNREFUSED) // Asio's category is not comparable with std::errc
    return failed(path, "no saffron answers there");
  if (error) return failed(path, error.message());

  // A socket that somebody else has put there must not tell us things.
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      (peer.uid != ::geteuid() && peer.uid != 0 && ::geteuid() != 0))
    return failed(path, "belongs to another user");

  std::string reply;
  asio::async_write(socket, asio::buffer(fmt::format("{}\n", request)), [](std::error_code, std::size_t) {});
  asio::async_read(socket, asio::dynamic_buffer(reply, longest_reply),
                   [&](std::error_code e, std::size_t) { error = e; });
  io.run_for(timeout);
  if (!io.stopped()) return failed(path, "did not answer in time");
  if (error && error != asio::error::eof) return failed(path, error.message());
  if (reply.empty()) return failed(path, "closed without an answer");
  return reply;
}

} // namespace saffron::host
