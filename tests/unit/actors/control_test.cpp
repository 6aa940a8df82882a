// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/control.hpp"
#include "actors/host/control_client.hpp"
#include "actors/host/signals.hpp"
#include "actors/host/status.hpp"

#include <asio/read.hpp>
#include <asio/write.hpp>
#include <doctest/doctest.h>

#include <stdlib.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace saffron;
using namespace saffron::host;
using namespace std::chrono_literals;

namespace {

struct temporary_directory {
  std::filesystem::path path;
  temporary_directory() {
    char name[] = "/tmp/saffron-test-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~temporary_directory() { std::filesystem::remove_all(path); }
};

mode_t mode_of(const std::filesystem::path& path) {
  struct stat about {};
  REQUIRE(::lstat(path.c_str(), &about) == 0);
  return about.st_mode & 07777;
}

/// Knows one VM, or, asked to be mute, never answers.
class fake_registry : public registry_actor::base {
public:
  fake_registry(caf::actor_config& config, bool mute) : registry_actor::base(config), mute_(mute) {}
  void on_exit() override { promise_ = {}; } // it holds its actor

protected:
  behavior_type make_behavior() override {
    return {
        [](const authorize&) { return link_verdict{}; },
        [](const add_vm&) {},
        [](const set_ticket&) {},
        [](client_ended) {},
        [this](status_query) -> caf::result<host_status> {
          if (mute_) return promise_ = make_response_promise<host_status>();
          host_status h;
          h.vms.push_back({"web01", "running", "", {}, {}, {}});
          return h;
        },
        [this](shut_down) { quit(); },
    };
  }

private:
  bool mute_;
  caf::typed_response_promise<host_status> promise_;
};

/// Actors, loop and clock moved by hand; the sockets are real.
struct world {
  struct settings : caf::actor_system_config {
    settings() { set("scheduler.policy", caf::atom("testing")); }
  } config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  transport::loop loop{system};
  temporary_directory dir;
  std::filesystem::path path = dir.path / "own" / "control.sock";
  counters tally;
  registry_actor registry;
  control_actor control;
  int reloads = 0;

  explicit world(bool mute = false) {
    registry = system.spawn<fake_registry>(mute);
    auto socket = open_control_socket(path);
    REQUIRE_MESSAGE(socket, socket.error());
    control =
        spawn_control(loop, std::move(*socket),
                      {registry, &tally, [this] { return ++reloads, std::vector<std::string>{"s.toml:1: wrong"}; }});
    settle();
  }
  ~world() {
    caf::anon_send(control, shut_down{});
    caf::anon_send(registry, shut_down{});
    settle();
  }
  void settle() {
    for (int idle = 0; idle < 3;) {
      loop.io().restart();
      idle = scheduler.run() + loop.io().poll() > 0 ? 0 : idle + 1;
    }
  }
  void advance(caf::timespan t) {
    scheduler.advance_time(t);
    settle();
  }
};

struct peer {
  asio::io_context io;
  asio::local::stream_protocol::socket socket{io};

  explicit peer(const world& w) { socket.connect({w.path.string()}); }
  void send(std::string_view text) { asio::write(socket, asio::buffer(text)); }
  /// All that is there until the end; only when the other side has closed.
  std::string read_all() {
    std::string text;
    std::error_code error;
    asio::read(socket, asio::dynamic_buffer(text), error);
    return text;
  }
  bool closed() {
    socket.non_blocking(true);
    char byte = 0;
    std::error_code error;
    socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
    socket.non_blocking(false);
    return !error || error == asio::error::eof || error == asio::error::connection_reset;
  }
};

} // namespace

TEST_CASE("status is asked of the registry and told as one JSON document") {
  world w;
  w.tally.links_failed.add(2);
  peer p{w};
  p.send("status\n");
  w.settle();
  const auto report = status_from_json(p.read_all());
  REQUIRE(report);
  CHECK(report->version == SAFFRON_VERSION);
  REQUIRE(report->host.vms.size() == 1);
  CHECK(report->host.vms[0].name == "web01");
  CHECK(report->counters.at(2) == std::pair<std::string, std::uint64_t>{"links_failed", 2});
}

TEST_CASE("a request may come in pieces") {
  world w;
  peer p{w};
  for (const auto* piece : {"ver", "si", "on", "\n"}) {
    CHECK(!p.closed());
    p.send(piece);
    w.settle();
  }
  CHECK(p.read_all() == "{\"version\":\"" SAFFRON_VERSION "\"}\n");
}

TEST_CASE("reload calls back and tells what is wrong") {
  world w;
  peer p{w};
  p.send("reload\n");
  w.settle();
  CHECK(w.reloads == 1);
  const auto reply = p.read_all();
  CHECK(reply.find("\"reloaded\": false") != std::string::npos);
  CHECK(reply.find("s.toml:1: wrong") != std::string::npos);
}

TEST_CASE("an unknown or an endless request is told off") {
  world w;
  peer unknown{w}, endless{w};
  unknown.send("fly\n");
  endless.send(std::string(control_request_limit, 'x'));
  w.settle();
  CHECK(unknown.read_all() == "{\"error\":\"the request is not one of status, version, reload\"}\n");
  CHECK(endless.read_all() == "{\"error\":\"the request is too long\"}\n");
}

TEST_CASE("a peer that says nothing is cut, and so is one that reads nothing") {
  world w;
  peer silent{w};
  w.settle();
  w.advance(4s);
  CHECK(!silent.closed());
  w.advance(2s);
  CHECK(silent.closed());
}

TEST_CASE("a registry that does not answer is reported within the time-out") {
  world w{true};
  peer p{w};
  p.send("status\n");
  w.settle();
  CHECK(!p.closed());
  w.advance(3s);
  CHECK(p.read_all() == "{\"error\":\"the registry did not answer\"}\n");
}

TEST_CASE("a peer that leaves early harms nobody") {
  world w{true};
  {
    peer gone{w};
    gone.send("status\n");
    w.settle();
  }
  w.advance(10s);
  peer next{w};
  next.send("version\n");
  w.settle();
  CHECK(!next.read_all().empty());
}

TEST_CASE("more peers than the limit wait for their turn") {
  world w;
  std::vector<std::unique_ptr<peer>> silent;
  for (std::size_t i = 0; i < control_clients; ++i) silent.push_back(std::make_unique<peer>(w));
  w.settle();
  peer late{w};
  late.send("version\n");
  w.settle();
  CHECK(!late.closed());
  silent.pop_back();
  w.settle();
  CHECK(!late.read_all().empty());
}

TEST_CASE("the end closes what is open and removes the file") {
  world w;
  peer silent{w};
  w.settle();
  CHECK(std::filesystem::exists(w.path));
  caf::anon_send(w.control, shut_down{});
  w.settle();
  CHECK(silent.closed());
  CHECK(!std::filesystem::exists(w.path));
}

TEST_CASE("only the owner can connect: mode 0600 in a directory of mode 0700") {
  const temporary_directory dir;
  const auto path = dir.path / "own" / "control.sock";
  const auto socket = open_control_socket(path);
  REQUIRE(socket);
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(dir.path / "own") == 0700);
}

TEST_CASE("a directory that other users can write is refused") {
  const temporary_directory dir;
  ::chmod(dir.path.c_str(), 0777);
  CHECK(open_control_socket(dir.path / "control.sock").error() ==
        dir.path.string() + ": can be written by other users");
  ::chmod(dir.path.c_str(), 01777); // as /tmp
  CHECK(open_control_socket(dir.path / "control.sock"));
  CHECK(!open_control_socket(dir.path / "none" / "none" / "control.sock"));
  CHECK(!open_control_socket(dir.path / std::string(200, 'x')));
}

TEST_CASE("a socket that somebody answers on is left alone, a stale one is replaced, a file is not") {
  const temporary_directory dir;
  const auto path = dir.path / "control.sock";
  {
    auto first = open_control_socket(path);
    REQUIRE(first);
    CHECK(open_control_socket(path).error() == path.string() + ": another saffron answers there");
    std::filesystem::rename(path, dir.path / "stale"); // what a killed process leaves behind
  }
  REQUIRE(std::filesystem::exists(dir.path / "stale"));
  CHECK(open_control_socket(dir.path / "stale"));

  std::ofstream{path} << "mine";
  CHECK(open_control_socket(path).error() == path.string() + ": is there and is not a socket");
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("saffron status asks over the socket") {
  struct settings : caf::actor_system_config {
    settings() { set("scheduler.policy", caf::atom("sharing")).set("scheduler.max-threads", std::size_t{1}); }
  } config;
  caf::actor_system system{config};
  transport::loop loop{system};
  loop.start("control");
  const temporary_directory dir;
  const auto path = dir.path / "control.sock";
  CHECK(ask_control(path, "status").error() == path.string() + ": no saffron answers there");
  auto socket = open_control_socket(path);
  REQUIRE(socket);
  CHECK(ask_control(path, "status", 0s).error() == path.string() + ": did not answer in time");
  const registry_actor registry = system.spawn<fake_registry>(false);
  const auto control = spawn_control(loop, std::move(*socket), {registry, nullptr, {}});
  const auto reply = ask_control(path, "status");
  CHECK(reply);
  if (reply) CHECK(status_from_json(*reply)->host.vms.size() == 1);
  CHECK(ask_control(path, "reload") == "{\"error\":\"nothing to reload\"}\n");
  caf::anon_send(control, shut_down{});
  caf::anon_send(registry, shut_down{});
  system.await_all_actors_done();
  loop.stop();
}

TEST_CASE("SIGHUP reloads as often as it comes, SIGTERM ends") {
  asio::io_context io;
  int ends = 0, reloads = 0;
  auto watched = std::make_unique<signals>(
      io, [&] { ++ends; }, [&] { ++reloads; });
  const auto raise_and_run = [&](int number) {
    std::raise(number);
    io.poll();
  };
  raise_and_run(SIGHUP);
  raise_and_run(SIGHUP);
  CHECK(reloads == 2);
  raise_and_run(SIGTERM);
  CHECK(ends == 1);
  watched.reset();
  io.run(); // nothing is left that would keep a loop from stopping
  CHECK(ends == 1);
}
