// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/transport/link_world.hpp"
#include "transport/listener.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;

struct listener_test : link_world {
  ~listener_test() {
    if (open) open->close();
    if (!wait_until([this] { return !open || open->half_open() == 0; })) std::abort();
  }
  transport::listeners& listening(transport::admission::limits limits = {64, 1024, 100000}) {
    return open.emplace(environment, limits);
  }
  static transport::listener_settings on(std::string_view where, std::uint32_t number = 0) {
    return {transport::parse_address(where).value(), number, nullptr};
  }
  // A whole link through this socket; true when it came through.
  bool links(owned_fd fd) {
    test_peer peer{*this, std::move(fd)};
    const auto before = arrived.size();
    speak_link(peer, link_words(), "secret");
    return wait_until([&] { return arrived.size() == before + 1; });
  }

  std::optional<transport::listeners> open;
};

owned_fd connect_v6(std::uint16_t port) {
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(port);
  to.sin6_addr = in6addr_loopback;
  return connect_socket(reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

bool has_v6() {
  const owned_fd probe{::socket(AF_INET6, SOCK_STREAM, 0)};
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  at.sin6_addr = in6addr_loopback;
  return ::bind(probe.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
}

// The descriptors of this process that a program started from it would inherit, but for the standard ones.
std::vector<std::string> inheritable() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
    const auto fd = std::stoi(entry.path().filename());
    const auto flags = ::fcntl(fd, F_GETFD);
    std::error_code gone;
    if (fd > 2 && flags >= 0 && (flags & FD_CLOEXEC) == 0) out.push_back(read_symlink(entry.path(), gone).string());
  }
  return out;
}

} // namespace

TEST_CASE_FIXTURE(listener_test, "port 0 finds a free port, and links come with their listener's number") {
  const auto port = listening().open(on("127.0.0.1:0", 42)).value();
  CHECK(port != 0);
  CHECK(links(connect_v4(port)));
  CHECK(gate.questions.at(0).listener == 42);
  CHECK(counted.connections_accepted.value() == 1);
  CHECK(wait_until([&] { return open->half_open() == 0; }));
}

TEST_CASE_FIXTURE(listener_test, "several listeners take turns with the loops") {
  auto& l = listening();
  const auto a = l.open(on("127.0.0.1:0", 1)).value(), b = l.open(on("127.0.0.1:0", 2)).value();
  for (const auto port : {a, b, a, b}) CHECK(links(connect_v4(port)));
  CHECK(gate.questions.at(3).listener == 2);
}

TEST_CASE_FIXTURE(listener_test, "v6 is listened on beside v4, on the same port") {
  if (!has_v6()) return;
  auto& l = listening();
  // Another test may have the v4 port of the same number.
  std::uint16_t port = 0;
  for (int attempts = 0; port == 0 && attempts < 20; ++attempts) {
    const auto six = l.open(on("[::]:0")).value();
    if (const auto four = l.open(on("0.0.0.0:" + std::to_string(six)))) port = *four;
    CHECK((port == 0 || port == six));
  }
  REQUIRE(port != 0);
  REQUIRE(links(connect_v6(port)));
  CHECK(gate.questions[0].peer.starts_with("[::1]:"));
  REQUIRE(links(connect_v4(port)));
  CHECK(gate.questions[1].peer.starts_with("127.0.0.1:"));
}

TEST_CASE_FIXTURE(listener_test, "a unix path is removed when it is closed") {
  const temporary_folder folder;
  const auto path = folder / "spice.sock";
  CHECK(listening().open(on("unix:" + path)).value() == 0);
  CHECK(links(connect_unix(path)));
  CHECK(gate.questions[0].peer == "unix");
  open->close();
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(listener_test, "a path that a dead process left is taken, one that somebody answers on is not") {
  const temporary_folder folder;
  const auto path = folder / "spice.sock";
  {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    path.copy(at.sun_path, path.size());
    const owned_fd dead{::socket(AF_UNIX, SOCK_STREAM, 0)};
    REQUIRE(::bind(dead.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  }
  auto& l = listening();
  CHECK(l.open(on("unix:" + path)).has_value());
  CHECK(l.open(on("unix:" + path)).error() == "unix:" + path + ": the path is in use");
  CHECK(links(connect_unix(path)));
}

TEST_CASE_FIXTURE(listener_test, "a path of another kind of socket that somebody holds is left alone") {
  const temporary_folder folder;
  const auto path = folder / "log.sock";
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  path.copy(at.sun_path, path.size());
  const owned_fd held{::socket(AF_UNIX, SOCK_DGRAM, 0)};
  REQUIRE(::bind(held.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0);
  CHECK(listening().open(on("unix:" + path)).error() == "unix:" + path + ": the path is in use");
  CHECK(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(listener_test, "a path that is something else is left alone") {
  const temporary_folder folder;
  const auto path = folder / "letter";
  std::ofstream{path} << "dear";
  CHECK(listening().open(on("unix:" + path)).error() == "unix:" + path + ": the path is in use");
  open->close();
  CHECK(std::filesystem::exists(path));
}

TEST_CASE_FIXTURE(listener_test, "an abstract name needs no path") {
  const auto name = "@saffron-test-" + std::to_string(::getpid());
  CHECK(listening().open(on("unix:" + name)).value() == 0);
  CHECK(links(connect_unix(name)));
  CHECK_FALSE(std::filesystem::exists(name));
  CHECK_FALSE(listening().open(on("127.0.0.1:0")).value() == 0);
}

TEST_CASE_FIXTURE(listener_test, "a port that is in use, and a path that is none, are named") {
  auto& l = listening();
  const auto port = l.open(on("127.0.0.1:0")).value();
  const auto text = std::to_string(port);
  CHECK(l.open(on("127.0.0.1:" + text)).error() == "127.0.0.1:" + text + ": the port is in use by another program");
  CHECK_FALSE(l.open(on("192.0.2.77:1")).has_value()); // nobody's address
  transport::address nameless;
  nameless.kind = transport::address::family::unix_path;
  CHECK_FALSE(l.open({nameless, 0, nullptr}).has_value());
  nameless.name = std::string(200, 'x');
  CHECK(l.open({nameless, 0, nullptr}).error().find("has 1 to 107 bytes") != std::string::npos);
}

TEST_CASE_FIXTURE(listener_test, "a socket that somebody else has accepted is as good") {
  auto [client, server] = loopback_pair();
  ::fcntl(server.get(), F_SETFL, 0); // a blocking one
  listening().adopt(server.release(), 9, nullptr);
  CHECK(links(std::move(client)));
  CHECK(gate.questions[0].listener == 9);
}

TEST_CASE_FIXTURE(listener_test,
                  "a flood of silent connects keeps no honest client out, and not more half-open links than allowed") {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  const auto before = files.rlim_cur;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, 8192);
  ::setrlimit(RLIMIT_NOFILE, &files);
  {
    const auto port = listening({64, 1024, 100000}).open(on("127.0.0.1:0")).value();
    std::vector<owned_fd> flood;
    for (int i = 0; i < 2000; ++i) {
      flood.push_back(connect_v4(port));
      if (i % 100 == 0) settle();
      CHECK(open->half_open() <= 64);
    }
    CHECK(links(connect_v4(port)));
    settle();
    CHECK(open->half_open() <= 64);
    CHECK(counted.connections_accepted.value() == 2001);
    CHECK(counted.connections_refused.value() == 2001 - 64);
    CHECK(links(connect_v4(port))); // and again, while the flood holds its sockets
  }
  CHECK(wait_until([&] { return open->half_open() == 0; }));
  files.rlim_cur = before;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

TEST_CASE_FIXTURE(listener_test, "connects beyond the rate wait for their turn and are not lost") {
  const auto port = listening({64, 1024, 20}).open(on("127.0.0.1:0")).value();
  std::vector<owned_fd> many;
  for (int i = 0; i < 30; ++i) many.push_back(connect_v4(port));
  settle();
  CHECK(open->half_open() < 30);
  CHECK(wait_until([&] { return open->half_open() == 30; }));
}

TEST_CASE_FIXTURE(listener_test, "closing cuts what is half open and refuses the next connect") {
  const auto port = listening().open(on("127.0.0.1:0")).value();
  test_peer peer{*this, connect_v4(port)};
  settle();
  CHECK(open->half_open() == 1);
  open->close();
  CHECK(peer.read_to_end().empty());
  CHECK(wait_until([&] { return open->half_open() == 0; }));
  CHECK_THROWS(connect_v4(port));
}

// The listener pauses because of its rate; the world stands still until the pause is over and the close comes in the
// same moment.
TEST_CASE_FIXTURE(listener_test, "a closed listener accepts no more, though it was just about to") {
  auto& l = listening({64, 1024, 20});
  const auto port = l.open(on("127.0.0.1:0")).value();
  std::vector<owned_fd> many;
  for (int i = 0; i < 30; ++i) many.push_back(connect_v4(port));
  settle();
  std::this_thread::sleep_for(100ms);
  asio::post(loop.io(), [&] { l.close(); });
  CHECK(wait_until([&] { return l.half_open() == 0; }));
  loop.io().restart();
  loop.io().poll();
  CHECK(loop.io().stopped()); // which says: no operation is pending
}

TEST_CASE_FIXTURE(listener_test, "nothing of ours is inherited by a program that is started") {
  const temporary_folder folder;
  auto before = inheritable();
  auto& l = listening();
  const auto port = l.open(on("127.0.0.1:0")).value();
  CHECK(l.open(on("unix:" + (folder / "s"))).has_value());
  CHECK(l.open(on("unix:" + (folder / "s"))).error().find("in use") != std::string::npos);
  auto [client, server] = loopback_pair();
  ::fcntl(server.get(), F_SETFD, 0);
  l.adopt(server.release(), 0, nullptr);
  const auto half_open = connect_v4(port);
  CHECK(links(connect_v4(port)));
  CHECK(arrived.size() == 1); // whose stream lies here
  CHECK(inheritable() == before);
}

} // namespace saffron
