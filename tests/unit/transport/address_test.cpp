// SPDX-License-Identifier: BSD-3-Clause
#include "transport/address.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace saffron;
using namespace saffron::transport;

namespace {
address parsed(std::string_view text) {
  auto a = parse_address(text);
  REQUIRE_MESSAGE(a, std::string{text});
  return *a;
}
} // namespace

TEST_CASE("an address is printed as it was written") {
  for (const auto* text : {"127.0.0.1:5930", "0.0.0.0:0", "[::1]:5930", "[::]:65535", "[fe80::1%lo]:1",
                           "unix:/run/x.sock", "unix:@saffron", "unix:relative"})
    CHECK(to_string(parsed(text)) == text);
}

TEST_CASE("what is not an address is refused") {
  for (const auto* text : {"", ":", "5930", ":5930", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                           "127.0.0.1:5930x", "[127.0.0.1]:5930", "::1:5930", "[::1]", "[::1:5930", "localhost:5930",
                           "*:5930", "unix:", "unix:@", "127.0.0.1:+1"})
    CHECK_MESSAGE(!parse_address(text), text);
  CHECK(!parse_address("unix:" + std::string(108, 'x')));
  CHECK(parse_address("unix:" + std::string(107, 'x')));
}

TEST_CASE("only loopback and unix addresses are local") {
  for (const auto* text : {"127.0.0.1:1", "127.8.9.10:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "unix:/x", "unix:@x"})
    CHECK_MESSAGE(is_local(parsed(text)), text);
  for (const auto* text : {"0.0.0.0:1", "[::]:1", "192.168.0.1:1", "[fe80::1%lo]:1", "[::ffff:10.0.0.1]:1"})
    CHECK_MESSAGE(!is_local(parsed(text)), text);
}

TEST_CASE("addresses that cannot be bound together overlap") {
  CHECK(overlap(parsed("127.0.0.1:1"), parsed("127.0.0.1:1")));
  CHECK(overlap(parsed("0.0.0.0:1"), parsed("127.0.0.1:1")));
  CHECK(overlap(parsed("[::1]:1"), parsed("[::]:1")));
  CHECK(overlap(parsed("unix:/x"), parsed("unix:/x")));
  CHECK(!overlap(parsed("127.0.0.1:1"), parsed("127.0.0.1:2")));
  CHECK(!overlap(parsed("127.0.0.1:1"), parsed("127.0.0.2:1")));
  CHECK(!overlap(parsed("127.0.0.1:0"), parsed("127.0.0.1:0")));
  CHECK(!overlap(parsed("[::]:1"), parsed("127.0.0.1:1")));
  CHECK(!overlap(parsed("unix:/x"), parsed("unix:@/x")));
}

TEST_CASE("an abstract name is bound with a leading NUL") {
  CHECK(unix_endpoint(parsed("unix:@ab")).path() == std::string("\0ab", 3));
  CHECK(unix_endpoint(parsed("unix:/ab")).path() == "/ab");
  CHECK(tcp_endpoint(parsed("[::1]:7")).port() == 7);
}

TEST_CASE("an address without a port is read with or without brackets") {
  CHECK(parse_ip("::1"));
  CHECK(parse_ip("[::1]"));
  CHECK(parse_ip("10.0.0.1"));
  CHECK(!parse_ip("[10.0.0.1]"));
  CHECK(!parse_ip(""));
}
