// SPDX-License-Identifier: BSD-3-Clause
// One connection to the server: TCP or unix socket, with or without TLS. The coarse seam between the protocol and
// sockets; Asio's own composed operations do the rest.
#pragma once

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/host_name_verification.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>

#include <optional>
#include <string>
#include <utility>

namespace saffron::load {

/// The server's address, resolved.
struct target {
  asio::generic::stream_protocol::endpoint endpoint;
  bool tcp = true;
  /// For TLS: the name to ask for.
  std::string host;
};

/// Of "host:port", "[v6 address]:port" or "unix:path". An error text when it cannot be resolved.
[[nodiscard]] std::pair<target, std::string> resolve(const std::string& address);

class stream {
public:
  using socket = asio::generic::stream_protocol::socket;

  stream(asio::io_context& io, asio::ssl::context* tls) : socket_(io) {
    if (tls != nullptr) tls_.emplace(socket_, *tls);
  }
  /// Of a connection that somebody else made.
  explicit stream(socket connected) : socket_(std::move(connected)) {}

  /// Connects and shakes hands; `handler(const char* where, error_code)`. `to` must live as long.
  template <class H>
  void connect(const target& to, const std::string& certificate_name, H handler) {
    socket_.async_connect(to.endpoint, [this, &to, certificate_name, handler](asio::error_code error) mutable {
      if (error) return handler("connect", error);
      asio::error_code ignored;
      if (to.tcp) socket_.set_option(asio::ip::tcp::no_delay{true}, ignored);
      if (!tls_) return handler("connect", error);
      if (!to.host.empty()) SSL_set_tlsext_host_name(tls_->native_handle(), to.host.c_str());
      if (!certificate_name.empty())
        tls_->set_verify_callback(asio::ssl::host_name_verification{certificate_name}, ignored);
      tls_->async_handshake(asio::ssl::stream_base::client,
                            [handler](asio::error_code e) mutable { handler("tls", e); });
    });
  }

  template <class H>
  void read_some(asio::mutable_buffer into, H handler) {
    if (tls_)
      tls_->async_read_some(into, std::move(handler));
    else
      socket_.async_read_some(into, std::move(handler));
  }
  template <class H>
  void read_all(asio::mutable_buffer into, H handler) {
    if (tls_)
      asio::async_read(*tls_, into, std::move(handler));
    else
      asio::async_read(socket_, into, std::move(handler));
  }
  template <class Buffers, class H>
  void write_all(const Buffers& from, H handler) {
    if (tls_)
      asio::async_write(*tls_, from, std::move(handler));
    else
      asio::async_write(socket_, from, std::move(handler));
  }

  /// Bytes that have arrived and were not read. TLS may hold some more.
  [[nodiscard]] std::size_t available() noexcept {
    asio::error_code error;
    const auto n = socket_.available(error);
    return error ? 0 : n;
  }
  /// Ends all operations. Like spice-gtk it does not say goodbye in TLS.
  void close() noexcept {
    asio::error_code ignored;
    socket_.close(ignored);
  }

private:
  socket socket_;
  std::optional<asio::ssl::stream<socket&>> tls_;
};

} // namespace saffron::load
