// SPDX-License-Identifier: BSD-3-Clause
// Where a listener listens, as people write it: 127.0.0.1:5930, [::1]:5930, unix:/run/x.sock, unix:@abstract.
#pragma once

#include "messages/errc.hpp"

#include <asio/ip/address.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace saffron::transport {

struct address {
  enum class family : std::uint8_t {
    tcp,
    /// A socket file.
    unix_path,
    /// A name in the kernel's abstract namespace (Linux): no file, no permissions, every local user may connect.
    unix_abstract,
  };

  family kind = family::tcp;
  asio::ip::address ip;
  /// 0 is any free one.
  std::uint16_t port = 0;
  /// Path or abstract name (without the @).
  std::string name;

  friend bool operator==(const address&, const address&) = default;
};

/// Of a unix socket, in bytes: what fits into the kernel's address. Asio's endpoints throw at a longer one.
inline constexpr std::size_t longest_socket_name = 107;

/// errc::bad_setting for anything but the four forms above; host names are not looked up.
result<address> parse_address(std::string_view text);
/// The same without a port: 127.0.0.1, ::1 or [::1].
result<asio::ip::address> parse_ip(std::string_view text);
std::string to_string(const address& a);

address tcp_address(const asio::ip::address& ip, std::uint16_t port);

/// Nobody beyond this host can reach it.
bool is_local(const address& a);
/// 127.0.0.0/8 or ::1, also written as an IPv4-mapped IPv6 address.
bool is_loopback(const asio::ip::address& ip);
/// Both cannot be bound at once: the same place, or one of them is the wildcard of the other.
bool overlap(const address& a, const address& b);

/// What Asio binds. `kind` must fit, and a name must be one that parse_address takes.
asio::ip::tcp::endpoint tcp_endpoint(const address& a);
asio::local::stream_protocol::endpoint unix_endpoint(const address& a);

} // namespace saffron::transport
