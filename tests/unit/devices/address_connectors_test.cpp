// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/address_connectors.hpp"
#include "devices/char/socket_backend.hpp"
#include "tests/unit/devices/backend_world.hpp"
#include "tests/unit/devices/source_world.hpp"
#include "transport/listen_socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/stat.h>

#include <filesystem>

namespace saffron::devices {
namespace {

using namespace tests;
using transport::address;

address at(const std::string& text) {
  const auto parsed = transport::parse_address(text);
  REQUIRE(parsed);
  return *parsed;
}

struct address_world : backend_world {
  temporary_directory directory;
  std::string path = (directory.path / "port").string();

  void dial(const address& a) { begin(std::make_shared<socket_backend>(make_dialler(a), connect_when::while_in_use)); }
  void listen(const address& a, bool in_use = true) {
    begin(std::make_shared<socket_backend>(make_listener(a), connect_when::while_in_use), in_use);
  }
  unique_fd listening(const address& a) {
    const auto fd = transport::listen_on(a, {});
    REQUIRE(fd);
    return unique_fd{*fd};
  }
  unique_fd accept(const unique_fd& from) {
    unique_fd fd;
    REQUIRE(wait_until([&] {
      fd.reset(::accept4(from.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      return static_cast<bool>(fd);
    }));
    return fd;
  }
  /// QEMU's end; nothing when nobody listens.
  static unique_fd connect(const address& a) {
    const auto to = [&](const auto& endpoint) {
      unique_fd fd{::socket(endpoint.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0)};
      return ::connect(fd.get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 ? std::move(fd)
                                                                                                : unique_fd{};
    };
    return a.kind == address::family::tcp ? to(transport::tcp_endpoint(a)) : to(transport::unix_endpoint(a));
  }
  static std::uint16_t port_of(const unique_fd& fd) {
    asio::ip::tcp::endpoint there;
    auto size = static_cast<socklen_t>(there.capacity());
    REQUIRE(::getsockname(fd.get(), there.data(), &size) == 0);
    return there.port();
  }
  void converse(const unique_fd& peer) {
    REQUIRE(send_all(peer.get(), view_of("ping")));
    CHECK(wait_until([&] { return device->received.ends_with("ping"); }));
    CHECK(give("pong") == 4);
    std::string got;
    CHECK(wait_until([&] { return (got += received_by(peer)) == "pong"; }));
  }
};

} // namespace

TEST_CASE_FIXTURE(address_world, "it dials paths, abstract names and TCP, where Nagle does not delay") {
  address where;
  SUBCASE("a path") { where = at("unix:" + path); }
  SUBCASE("an abstract name") { where = at("unix:@saffron-test-" + std::to_string(::getpid())); }
  SUBCASE("IPv4") { where = at("127.0.0.1:0"); }
  SUBCASE("IPv6") { where = at("[::1]:0"); }
  const auto server = listening(where);
  if (where.kind == address::family::tcp) where.port = port_of(server);
  dial(where);
  auto peer = accept(server);
  REQUIRE(has_events("o"));
  converse(peer);
  peer.reset();
  peer = accept(server);
  REQUIRE(has_events("oco"));
  converse(peer);
}

TEST_CASE_FIXTURE(address_world, "a server that comes later is dialled then") {
  dial(at("unix:" + path));
  CHECK_FALSE(wait_until([&] { return !device->events.empty(); }, std::chrono::milliseconds{50}));
  const auto server = listening(at("unix:" + path));
  const auto peer = accept(server);
  CHECK(has_events("o"));
}

TEST_CASE_FIXTURE(address_world, "a TCP port where nobody listens is tried again") {
  auto server = listening(at("127.0.0.1:0"));
  auto where = at("127.0.0.1:0");
  where.port = port_of(server);
  server.reset();
  dial(where);
  CHECK_FALSE(wait_until([&] { return !device->events.empty(); }, std::chrono::milliseconds{50}));
  server = listening(where);
  const auto peer = accept(server);
  CHECK(has_events("o"));
}

TEST_CASE_FIXTURE(address_world, "it listens for one connection at a time, and takes the next when that has ended") {
  listen(at("unix:" + path));
  auto first = connect(at("unix:" + path));
  REQUIRE(first);
  REQUIRE(has_events("o"));
  converse(first);
  auto second = connect(at("unix:" + path));
  REQUIRE(second);
  settle();
  CHECK(device->events == "o");
  first.reset();
  REQUIRE(has_events("oco"));
  converse(second);
}

TEST_CASE_FIXTURE(address_world, "nobody can connect while the device is not in use, nor after its end") {
  const auto where = at("unix:" + path);
  listen(where, false);
  CHECK_FALSE(connect(where));
  use(true);
  auto peer = connect(where);
  REQUIRE(peer);
  REQUIRE(has_events("o"));
  use(false);
  CHECK(device->events == "oc");
  CHECK_FALSE(connect(where));
  use(true);
  CHECK(connect(where));
  end();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(address_world, "it listens on abstract names and TCP") {
  address where;
  SUBCASE("an abstract name") { where = at("unix:@saffron-test-" + std::to_string(::getpid())); }
  SUBCASE("TCP") {
    where = at("127.0.0.1:0");
    where.port = port_of(listening(where));
  }
  listen(where);
  const auto peer = connect(where);
  REQUIRE(peer);
  REQUIRE(has_events("o"));
  converse(peer);
}

TEST_CASE_FIXTURE(address_world, "a socket file is its owner's alone and replaces one that a dead process left") {
  const auto where = at("unix:" + path);
  listening(where).reset();
  REQUIRE(std::filesystem::exists(path));
  listen(where);
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  CHECK(connect(where));
}

TEST_CASE_FIXTURE(address_world, "a path that somebody else listens on is told once and waited for") {
  const auto where = at("unix:" + path);
  auto other = listening(where);
  listen(where);
  CHECK_FALSE(wait_until([&] { return !device->events.empty(); }, std::chrono::milliseconds{400}));
  CHECK(log.lines().size() == 1);
  other.reset();
  unique_fd peer;
  REQUIRE(wait_until([&] { return static_cast<bool>(peer = connect(where)); }));
  CHECK(has_events("o"));
}

} // namespace saffron::devices
