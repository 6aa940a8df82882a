// SPDX-License-Identifier: BSD-3-Clause
// ports: plays the clients' and the VM's ends of ports and measures what a server between them does.
#include "bench/load/process_usage.hpp"
#include "bench/ports/end_run.hpp"
#include "bench/ports/options.hpp"
#include "bench/ports/spice_session.hpp"
#include "bench/ports/transfer.hpp"
#include "bench/ports/wait.hpp"

#include <asio/local/stream_protocol.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <deque>
#include <thread>

namespace {

using namespace saffron::ports;
namespace load = saffron::load;
using asio::local::stream_protocol;

struct world {
  explicit world(const options& settings);

  /// Both ends of one port greet each other, so that what is measured begins with everything open.
  void greet(std::size_t port);

  options o;
  asio::io_context bulk_io{1}, small_io{1};
  std::vector<asio::io_context*> loops{&bulk_io, &small_io};
  /// Of each port.
  std::vector<asio::io_context*> homes;
  std::optional<spice_session> session;
  std::vector<std::unique_ptr<line>> clients, guests;
};

load::target resolved(const std::string& address) {
  auto [where, error] = load::resolve(address);
  if (!error.empty()) end_run(error);
  return where;
}

std::unique_ptr<line> connect_bare(asio::io_context& io, std::span<asio::io_context* const> loops,
                                   const load::target& to) {
  auto made = std::make_unique<line>(io, dress::bare);
  bool connected = false;
  made->stream().connect(to, {}, [&](const char*, asio::error_code error) {
    if (error) end_run(fmt::format("connecting to the proxy: {}", error.message()));
    connected = true;
  });
  wait_until(
      loops, [&] { return connected; }, "the proxy");
  made->start();
  return made;
}

world::world(const options& settings) : o(settings), homes(o.guests.size(), &bulk_io) {
  if (o.small) homes.back() = &small_io;
  guests.resize(homes.size());
  std::deque<stream_protocol::acceptor> acceptors;
  for (std::size_t i = 0; i < homes.size(); ++i) {
    ::unlink(o.guests[i].c_str());
    auto& acceptor = acceptors.emplace_back(*homes[i], stream_protocol::endpoint{o.guests[i]});
    acceptor.async_accept([this, i](asio::error_code error, stream_protocol::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (error) end_run(fmt::format("accepting as a guest: {}", error.message()));
      guests[i] = std::make_unique<line>(load::stream::socket{std::move(socket)});
      guests[i]->start();
    });
  }
  const auto first = resolved(o.connect.front());
  if (o.server == dress::spice) {
    session.emplace(bulk_io, loops, first, o.ticket);
    clients = session->open(o.kind, homes);
  } else {
    for (std::size_t i = 0; i < homes.size(); ++i)
      clients.push_back(connect_bare(*homes[i], loops, resolved(o.connect[i])));
  }
  const auto all_there = [this] { return std::ranges::none_of(guests, [](const auto& g) { return g == nullptr; }); };
  wait_until(loops, all_there, "somebody to connect to the guests");
  for (std::size_t i = 0; i < homes.size(); ++i) greet(i);
}

void world::greet(std::size_t port) {
  const script hello{greeting(o.kind)};
  const auto size = greeting(o.kind).size();
  for (const bool of_guest : {true, false}) {
    auto& from = of_guest ? *guests[port] : *clients[port];
    auto& to = of_guest ? *clients[port] : *guests[port];
    bool greeted = false;
    transfer t{from, to, hello, size, [&] { greeted = true; }};
    t.start();
    wait_until(
        loops, [&] { return greeted; }, "a greeting");
  }
}

nlohmann::ordered_json times(const load::histogram& h) {
  const auto us = [](load::histogram::duration d) { return static_cast<double>(d.count()) / 1000.0; };
  return {{"count", h.count()},
          {"p50", us(h.percentile(50))},
          {"p90", us(h.percentile(90))},
          {"p99", us(h.percentile(99))},
          {"max", us(h.max())}};
}

nlohmann::ordered_json measure(world& w) {
  const auto& o = w.o;
  const auto ports = w.homes.size() - (o.small ? 1 : 0);
  const script what{unit(o.kind, !o.to_guest)};
  const auto each = o.bytes / ports;
  std::size_t running = ports;
  std::deque<transfer> transfers;
  for (std::size_t i = 0; i < ports; ++i) {
    auto& from = o.to_guest ? *w.clients[i] : *w.guests[i];
    auto& to = o.to_guest ? *w.guests[i] : *w.clients[i];
    transfers.emplace_back(from, to, what, each, [&] {
      if (--running == 0) w.bulk_io.stop();
    });
  }
  std::optional<small_messages> small;
  if (o.small) small.emplace(port_ends{*w.clients.back(), *w.guests.back()}, w.small_io);

  const std::vector<int> server{o.pid};
  const auto server_before = load::usage_of(server), own_before = load::own_usage();
  const auto began = load::clock::now();
  std::thread small_thread;
  if (small)
    small_thread = std::thread{[&] {
      small->start();
      w.small_io.restart();
      w.small_io.run();
    }};
  for (auto& t : transfers) t.start();
  w.bulk_io.restart();
  w.bulk_io.run();
  const std::chrono::duration<double> took = load::clock::now() - began;
  w.small_io.stop();
  if (small_thread.joinable()) small_thread.join();

  const auto bytes = static_cast<double>(each * ports);
  constexpr double mega = 1e6;
  nlohmann::ordered_json out{{"bytes", each * ports},
                             {"seconds", took.count()},
                             {"megabytes_per_second", bytes / mega / took.count()},
                             {"server_cpu_ms_per_megabyte",
                              (load::usage_of(server).cpu_seconds - server_before.cpu_seconds) * 1000 / (bytes / mega)},
                             {"load_cpu_seconds", load::own_usage().cpu_seconds - own_before.cpu_seconds}};
  if (small) {
    out["small_to_guest_us"] = times(small->to_guest());
    out["small_to_client_us"] = times(small->to_client());
  }
  return out;
}

} // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments{argv + 1, argv + argc};
  if (std::ranges::find(arguments, "--help") != arguments.end()) {
    fmt::print("{}", help_text());
    return 0;
  }
  world w{parse_options(arguments)};
  fmt::print("{}\n", measure(w).dump(2));
  (void)std::fflush(stdout);
  _exit(0); // what is open may close as it likes
}
