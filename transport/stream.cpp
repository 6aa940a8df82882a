// SPDX-License-Identifier: BSD-3-Clause
#include "transport/stream.hpp"

#include "messages/defaults.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace saffron::transport {

detached_stream::detached_stream(detached_stream&& other) noexcept
    : family(other.family), descriptor(std::exchange(other.descriptor, -1)),
      session(std::exchange(other.session, nullptr)) {}

detached_stream::~detached_stream() {
  if (session != nullptr) SSL_free(session);
  if (descriptor >= 0) ::close(descriptor);
}

stream::stream(socket plain) : any_(std::move(plain)) {}

stream::stream(socket plain, asio::ssl::context& context)
    : any_(std::make_unique<tls_stream>(std::move(plain), context)) {}

stream::any stream::attach(asio::io_context& io, detached_stream from) {
  socket plain{io, asio::generic::stream_protocol{from.family, 0}, std::exchange(from.descriptor, -1)};
  if (from.session == nullptr) return plain;
  return std::make_unique<tls_stream>(std::move(plain), std::exchange(from.session, nullptr));
}

stream::stream(asio::io_context& io, detached_stream from) : any_(attach(io, std::move(from))) {}

void stream::async_read_some(asio::mutable_buffer into, handler done) {
  visit([&](auto& s) { s.async_read_some(into, std::move(done)); });
}

void stream::async_write_some(std::span<const asio::const_buffer> from, handler done) {
  visit([&](auto& s) { s.async_write_some(from, std::move(done)); });
}

detached_stream stream::release() {
  const auto family = lowest().local_endpoint().data()->sa_family;
  std::error_code failed;
  const int descriptor = lowest().release(failed);
  SSL* session = nullptr;
  if (auto* tls = std::get_if<std::unique_ptr<tls_stream>>(&any_)) {
    session = (*tls)->native_handle();
    SSL_up_ref(session);
    // The old stream shares a BIO pair with the session, which the next loop replaces: it must be gone before that.
    const auto executor = lowest().get_executor();
    any_.emplace<socket>(executor);
  }
  return {family, failed ? -1 : descriptor, session};
}

void stream::close() noexcept {
  std::error_code ignored;
  lowest().close(ignored);
}

socket& stream::lowest() noexcept {
  if (auto* plain = std::get_if<socket>(&any_)) return *plain;
  return std::get<std::unique_ptr<tls_stream>>(any_)->next_layer();
}

std::string peer_name(int descriptor, bool with_port) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return "unknown";
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (address.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
    ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return with_port ? fmt::format("{}:{}", text.data(), ntohs(v4.sin_port)) : std::string{text.data()};
  }
  if (address.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return with_port ? fmt::format("[{}]:{}", text.data(), ntohs(v6.sin6_port)) : std::string{text.data()};
  }
  return "unix";
}

void prepare_client_socket(int descriptor) noexcept {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  const auto set = [descriptor](int level, int option, int value) {
    (void)::setsockopt(descriptor, level, option, &value, sizeof value);
  };
  const auto seconds = [](auto d) { return static_cast<int>(std::chrono::seconds{d}.count()); };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, seconds(defaults::tcp_keepalive));
  // What the kernel has not sent yet only ages: with this the socket is writable when a fresh picture would leave soon.
  set(IPPROTO_TCP, TCP_NOTSENT_LOWAT, defaults::socket_unsent_limit);
}

} // namespace saffron::transport
