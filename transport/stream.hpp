// SPDX-License-Identifier: BSD-3-Clause
// A connected byte stream: TCP or unix socket, plain or TLS. It belongs to one loop; release() and the second
// constructor move it to another one.
#pragma once

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/io_context.hpp>
#include <asio/ssl.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <variant>

namespace saffron::transport {

using socket = asio::generic::stream_protocol::socket;
using tls_stream = asio::ssl::stream<socket>;

/// A stream between two loops: a descriptor and, with TLS, the session. Closes both if nobody takes them.
struct detached_stream {
  detached_stream() = default;
  detached_stream(int family_, int descriptor_, SSL* session_)
      : family(family_), descriptor(descriptor_), session(session_) {}
  detached_stream(detached_stream&& other) noexcept;
  detached_stream& operator=(detached_stream&&) = delete;
  ~detached_stream();

  int family = 0;
  int descriptor = -1;
  SSL* session = nullptr;
};

class stream {
public:
  using handler = std::function<void(std::error_code, std::size_t)>;

  /// Plain.
  explicit stream(socket plain);
  /// TLS, before its handshake.
  stream(socket plain, asio::ssl::context& context);
  /// Takes what another loop has released.
  stream(asio::io_context& io, detached_stream from);

  void async_read_some(asio::mutable_buffer into, handler done);
  /// Gathers: one writev where the system has it (plain), one record at a time with TLS.
  void async_write_some(std::span<const asio::const_buffer> from, handler done);

  /// Gives the descriptor away; this stream is closed then. Nothing may be pending. With TLS no byte may be on the way
  /// from the peer: the link stage calls it where the protocol makes the peer wait for us.
  [[nodiscard]] detached_stream release();
  /// Ends pending operations with an error. Further calls do nothing.
  void close() noexcept;

  [[nodiscard]] bool secured() const noexcept { return std::holds_alternative<std::unique_ptr<tls_stream>>(any_); }
  [[nodiscard]] socket& lowest() noexcept;
  /// For code that is written for both kinds: calls `f` with a socket& or a tls_stream&.
  template <class F>
  decltype(auto) visit(F&& f) {
    if (auto* plain = std::get_if<socket>(&any_)) return f(*plain);
    return f(*std::get<std::unique_ptr<tls_stream>>(any_));
  }

private:
  using any = std::variant<socket, std::unique_ptr<tls_stream>>;
  static any attach(asio::io_context& io, detached_stream from);

  any any_;
};

/// "192.0.2.1:4000", "[2001:db8::1]:4000" or "unix", for log lines and limits; `with_port` false leaves the port out.
[[nodiscard]] std::string peer_name(int descriptor, bool with_port = true);

/// Options every client socket gets: close-on-exec, no delay, keepalive, a bound on unsent bytes. Failures are
/// harmless.
void prepare_client_socket(int descriptor) noexcept;

} // namespace saffron::transport
