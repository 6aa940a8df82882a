// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/stream.hpp"

#include <asio/local/stream_protocol.hpp>
#include <fmt/format.h>

namespace saffron::load {

std::pair<target, std::string> resolve(const std::string& address) {
  constexpr std::string_view unix_prefix = "unix:";
  if (address.starts_with(unix_prefix)) {
    const auto path = address.substr(unix_prefix.size());
    if (path.empty() || path.size() > 107) return {{}, "bad path of a unix socket: " + path};
    return {{asio::local::stream_protocol::endpoint{path}, false, {}}, {}};
  }
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return {{}, "no port in " + address};
  auto host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  asio::io_context io;
  asio::error_code error;
  const auto found = asio::ip::tcp::resolver{io}.resolve(host, address.substr(colon + 1), error);
  if (error || found.empty()) return {{}, fmt::format("cannot resolve {}: {}", address, error.message())};
  asio::error_code not_an_address;
  [[maybe_unused]] const auto parsed = asio::ip::make_address(host, not_an_address);
  return {{found.begin()->endpoint(), true, not_an_address ? host : std::string{}}, {}}; // no SNI for addresses
}

} // namespace saffron::load
