// SPDX-License-Identifier: BSD-3-Clause
#include "transport/address.hpp"

#include <fmt/format.h>

#include <sys/un.h>

#include <charconv>
#include <system_error>

namespace saffron::transport {

namespace {

constexpr std::string_view unix_prefix = "unix:";
static_assert(longest_socket_name == sizeof(sockaddr_un::sun_path) - 1);

result<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (text.empty() || error != std::errc{} || stop != end) return fail{errc::bad_setting};
  return port;
}

result<address> parse_unix(std::string_view name) {
  const bool abstract = name.starts_with('@');
  if (abstract) name.remove_prefix(1);
  if (name.empty() || name.size() > longest_socket_name || name.find('\0') != name.npos) return fail{errc::bad_setting};
  address a;
  a.kind = abstract ? address::family::unix_abstract : address::family::unix_path;
  a.name = name;
  return a;
}

} // namespace

result<asio::ip::address> parse_ip(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  if (bracketed) text = text.substr(1, text.size() - 2);
  std::error_code error;
  auto ip = asio::ip::make_address(std::string{text}, error);
  if (error || (bracketed && !ip.is_v6())) return fail{errc::bad_setting};
  return ip;
}

result<address> parse_address(std::string_view text) {
  if (text.starts_with(unix_prefix)) return parse_unix(text.substr(unix_prefix.size()));
  const auto colon = text.rfind(':');
  if (colon == text.npos) return fail{errc::bad_setting};
  const auto ip = parse_ip(text.substr(0, colon));
  const auto port = parse_port(text.substr(colon + 1));
  // ::1:5930 could be an address without a port: IPv6 wants its brackets.
  if (!ip || !port || (ip->is_v6() && text.front() != '[')) return fail{errc::bad_setting};
  return tcp_address(*ip, *port);
}

std::string to_string(const address& a) {
  switch (a.kind) {
  case address::family::tcp:
    return a.ip.is_v6() ? fmt::format("[{}]:{}", a.ip.to_string(), a.port)
                        : fmt::format("{}:{}", a.ip.to_string(), a.port);
  case address::family::unix_path: return fmt::format("unix:{}", a.name);
  case address::family::unix_abstract: return fmt::format("unix:@{}", a.name);
  }
  return {};
}

address tcp_address(const asio::ip::address& ip, std::uint16_t port) {
  address a;
  a.ip = ip;
  a.port = port;
  return a;
}

bool is_loopback(const asio::ip::address& ip) {
  if (ip.is_v6() && ip.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, ip.to_v6()).is_loopback();
  return ip.is_loopback();
}

bool is_local(const address& a) { return a.kind != address::family::tcp || is_loopback(a.ip); }

bool overlap(const address& a, const address& b) {
  if (a.kind != b.kind) return false;
  if (a.kind != address::family::tcp) return a.name == b.name;
  if (a.port != b.port || a.port == 0 || a.ip.is_v6() != b.ip.is_v6()) return false;
  return a.ip == b.ip || a.ip.is_unspecified() || b.ip.is_unspecified();
}

asio::ip::tcp::endpoint tcp_endpoint(const address& a) { return {a.ip, a.port}; }

asio::local::stream_protocol::endpoint unix_endpoint(const address& a) {
  return {a.kind == address::family::unix_abstract ? std::string{'\0'} + a.name : a.name};
}

} // namespace saffron::transport
