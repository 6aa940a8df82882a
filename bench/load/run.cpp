// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/run.hpp"

#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

namespace saffron::load {

namespace {

/// The main thread's part: waits for the workers and for the clock, and ends early on a signal.
class conductor {
public:
  explicit conductor(std::size_t clients) : clients_(clients) {
    signals_.async_wait([this](asio::error_code error, int) {
      if (error) return;
      interrupted_ = true;
      io_.stop();
    });
  }

  /// From any thread.
  void client_settled(bool there) {
    asio::post(io_, [this, there] {
      there_ += there ? 1 : 0;
      if (++settled_ == clients_) io_.stop();
    });
  }
  [[nodiscard]] std::size_t unsettled() const noexcept { return clients_ - settled_; }

  void wait_for_clients(seconds at_most) {
    if (unsettled() != 0) wait(at_most);
  }
  /// Not when nobody is there that could do something meanwhile.
  void wait(seconds time) {
    if (interrupted_ || (unsettled() == 0 && there_ == 0)) return;
    asio::steady_timer timer{io_, std::chrono::duration_cast<clock::duration>(time)};
    timer.async_wait([this](asio::error_code error) {
      if (!error) io_.stop();
    });
    io_.restart();
    io_.run();
  }

private:
  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGINT, SIGTERM};
  std::size_t clients_;
  std::size_t settled_ = 0, there_ = 0;
  bool interrupted_ = false;
};

std::optional<asio::ssl::context> tls_context(const options& o) {
  std::optional<asio::ssl::context> tls;
  if (!o.tls) return tls;
  tls.emplace(asio::ssl::context::tls_client);
  if (o.ca_file.empty()) return tls;
  tls->load_verify_file(o.ca_file);
  tls->set_verify_mode(asio::ssl::verify_peer);
  return tls;
}

double since(clock::time_point begin) { return std::chrono::duration<double>(clock::now() - begin).count(); }

} // namespace

run_result run(const options& o) {
  run_result out;
  auto [server, error] = resolve(o.connect);
  if (!error.empty()) return out.error = error, out;
  std::optional<asio::ssl::context> tls;
  try {
    tls = tls_context(o);
  } catch (const asio::system_error& e) {
    return out.error = o.ca_file + ": " + e.what(), out;
  }

  conductor conduct{o.clients};
  out.server_resident_before = usage_of(o.watch_pids).resident_bytes;
  std::vector<std::unique_ptr<worker>> workers;
  for (std::size_t t = 0; t < o.threads; ++t) {
    std::vector<client_place> places;
    for (auto c = t; c < o.clients; c += o.threads) places.push_back({c, c % o.vms});
    const auto parallel = std::max<std::size_t>(1, o.parallel / o.threads);
    workers.push_back(std::make_unique<worker>(surroundings{o, server, tls ? &*tls : nullptr}, places, parallel,
                                               [&conduct](bool there) { conduct.client_settled(there); }));
  }
  const auto started = clock::now();
  for (const auto& w : workers) w->start();
  conduct.wait_for_clients(o.start_timeout);
  out.start_seconds = since(started);
  out.unsettled = conduct.unsettled();
  conduct.wait(o.warmup);

  for (const auto& w : workers) w->begin_measuring();
  const auto begun = clock::now();
  const auto server_before = usage_of(o.watch_pids), own_before = own_usage();
  conduct.wait(o.duration);
  out.server = usage_of(o.watch_pids);
  out.own = own_usage();
  out.measured_seconds = since(begun);
  out.server.cpu_seconds -= server_before.cpu_seconds;
  out.own.cpu_seconds -= own_before.cpu_seconds;

  for (const auto& w : workers) w->finish();
  for (const auto& w : workers) {
    w->join();
    out.counts.merge(w->result());
    out.pictures.insert(out.pictures.end(), w->pictures().begin(), w->pictures().end());
  }
  return out;
}

} // namespace saffron::load
