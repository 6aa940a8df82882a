// SPDX-License-Identifier: BSD-3-Clause
// The far end of a socket in a virtual world: writes and reads as a simple client would, one call after the other,
// while the world moves.
#pragma once

#include "tests/unit/crypto.hpp"
#include "tests/unit/virtual_world.hpp"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

namespace saffron::tests {

/// A descriptor that closes itself.
class owned_fd {
public:
  explicit owned_fd(int fd = -1) : fd_(fd) {}
  owned_fd(owned_fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  owned_fd& operator=(owned_fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  ~owned_fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

private:
  int fd_;
};

inline owned_fd connect_socket(const sockaddr* to, socklen_t size) {
  owned_fd fd{::socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  // Connecting to a listening socket on this host needs nobody's help, so it may block.
  if (fd.get() < 0 || ::connect(fd.get(), to, size) != 0) throw std::runtime_error(std::strerror(errno));
  return fd;
}

inline owned_fd connect_v4(std::uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect_socket(reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

/// A path, or an abstract name behind '@'.
inline owned_fd connect_unix(const std::string& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, path.data(), path.size());
  if (path.front() == '@') to.sun_path[0] = '\0';
  return connect_socket(reinterpret_cast<const sockaddr*>(&to),
                        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size()));
}

/// Both ends of a TCP connection over loopback.
inline std::pair<owned_fd, owned_fd> loopback_pair() {
  const owned_fd listening{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  ::bind(listening.get(), reinterpret_cast<const sockaddr*>(&at), size);
  ::listen(listening.get(), 1);
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&at), &size);
  owned_fd near = connect_v4(ntohs(at.sin_port));
  return {std::move(near), owned_fd{::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)}};
}

class test_peer {
public:
  test_peer(virtual_world& world, owned_fd fd) : world_(world), fd_(std::move(fd)) {
    ::fcntl(fd_.get(), F_SETFL, ::fcntl(fd_.get(), F_GETFL) | O_NONBLOCK);
  }
  ~test_peer() { close(); }
  test_peer(const test_peer&) = delete;
  test_peer& operator=(const test_peer&) = delete;

  /// Shakes hands as a client that believes any certificate.
  void start_tls() {
    context_.reset(SSL_CTX_new(TLS_client_method()));
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), fd_.get());
    const bool done = world_.wait_until([&] { return SSL_connect(session_.get()) == 1; });
    if (!done) throw std::runtime_error("the TLS handshake did not end");
  }

  /// Writes all of it. What the peer does not take is an error.
  void write(std::span<const std::byte> bytes) {
    const bool done = world_.wait_until([&] {
      bytes = bytes.subspan(try_write(bytes));
      return bytes.empty();
    });
    if (!done) throw std::runtime_error("the other end does not read");
  }
  /// Writes what fits now; 0 when nothing does.
  std::size_t try_write(std::span<const std::byte> bytes) {
    if (bytes.empty()) return 0;
    if (session_ == nullptr) {
      const auto n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      return n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    std::size_t n = 0;
    return SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &n) == 1 ? n : 0;
  }

  /// Exactly so many bytes; the end before them is an error.
  std::vector<std::byte> read(std::size_t n) {
    if (!world_.wait_until([&] { return pull(n), received_.size() >= n || ended_; }))
      throw std::runtime_error("nothing came");
    if (received_.size() < n) throw std::runtime_error("the connection ended");
    std::vector<std::byte> out{received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(n)};
    received_.erase(received_.begin(), received_.begin() + static_cast<std::ptrdiff_t>(n));
    return out;
  }
  /// Everything until the other end closes.
  std::vector<std::byte> read_to_end() {
    if (!world_.wait_until([&] { return pull(1 << 30), ended_; }))
      throw std::runtime_error("the connection stays open");
    return std::exchange(received_, {});
  }
  /// What has come so far.
  std::vector<std::byte> read_available() {
    world_.settle();
    pull(1 << 30);
    return std::exchange(received_, {});
  }
  /// True when the other end has closed and everything was read.
  [[nodiscard]] bool at_end() {
    world_.settle();
    if (received_.empty()) pull(1);
    return ended_ && received_.empty();
  }

  void close() {
    session_.reset();
    fd_ = owned_fd{};
  }
  /// No more bytes from here; reading goes on.
  void shut_down_writing() { ::shutdown(fd_.get(), SHUT_WR); }
  [[nodiscard]] int descriptor() const { return fd_.get(); }
  [[nodiscard]] SSL* session() const { return session_.get(); }

private:
  void pull(std::size_t wanted) {
    while (!ended_ && received_.size() < wanted) {
      std::byte chunk[65536];
      const auto n = pull_some(chunk);
      if (n == 0) return;
      received_.insert(received_.end(), chunk, chunk + n);
    }
  }
  std::size_t pull_some(std::span<std::byte> into) {
    if (session_ != nullptr) {
      std::size_t n = 0;
      if (SSL_read_ex(session_.get(), into.data(), into.size(), &n) == 1) return n;
      const auto why = SSL_get_error(session_.get(), 0);
      ended_ = why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE;
      return 0;
    }
    const auto n = ::recv(fd_.get(), into.data(), into.size(), 0);
    ended_ = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
    return n > 0 ? static_cast<std::size_t>(n) : 0;
  }

  virtual_world& world_;
  owned_fd fd_;
  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context_;
  std::unique_ptr<SSL, freed_by<SSL_free>> session_;
  std::vector<std::byte> received_;
  bool ended_ = false;
};

} // namespace saffron::tests
