// SPDX-License-Identifier: BSD-3-Clause
// A thread with its event loop, its clients and its figures; threads share nothing that changes.
#pragma once

#include "bench/load/figures.hpp"
#include "bench/load/options.hpp"
#include "bench/load/stream.hpp"
#include "bench/load/ticket.hpp"

#include <functional>
#include <memory>
#include <thread>

namespace saffron::load {

class profile;

/// A client's number in the run, and its VM.
struct client_place {
  std::size_t client = 0;
  std::size_t vm = 0;
};

/// What a client shows at the end of a run, with --decode.
struct picture {
  client_place place;
  std::uint8_t display = 0;
  extent size;
  std::uint64_t checksum = 0;
  /// Pixels that are not as in --expect-ppm; also set when that file is no picture.
  std::uint64_t differing = 0;
};

/// What all threads use and none changes.
struct surroundings {
  const options& settings;
  const target& server;
  /// Null without TLS.
  asio::ssl::context* tls = nullptr;
};

class worker {
public:
  /// `settled` is called from the worker's thread once for each client, with true when it is where its profile wants
  /// it and false when it never will be.
  worker(surroundings around, const std::vector<client_place>& clients, std::size_t parallel,
         std::function<void(bool)> settled);
  ~worker();

  void start();
  /// Forgets what was counted before.
  void begin_measuring();
  /// Keeps what was counted, closes all clients; the thread then ends.
  void finish();
  void join();
  /// After join().
  [[nodiscard]] const figures& result() const noexcept { return *result_; }
  [[nodiscard]] const std::vector<picture>& pictures() const noexcept { return pictures_; }

  // -- for those who live on this thread
  // --------------------------------------------------------------------------------
  [[nodiscard]] asio::io_context& io() noexcept { return io_; }
  [[nodiscard]] const surroundings& around() const noexcept { return around_; }
  [[nodiscard]] const options& settings() const noexcept { return around_.settings; }
  [[nodiscard]] figures& counts() noexcept { return *counts_; }
  [[nodiscard]] ticket_encryptor& tickets() noexcept { return tickets_; }
  /// A profile says so once: then the next client may connect.
  void settled(bool there);

private:
  void start_more();
  void collect(profile& of);

  surroundings around_;
  std::function<void(bool)> on_settled_;
  asio::io_context io_{1};
  ticket_encryptor tickets_;
  std::unique_ptr<figures> counts_;
  std::unique_ptr<figures> result_;
  std::vector<std::unique_ptr<profile>> profiles_;
  std::size_t started_ = 0;
  std::size_t settled_ = 0;
  std::size_t parallel_;
  bool finished_ = false;
  std::vector<picture> pictures_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::thread thread_;
};

} // namespace saffron::load
