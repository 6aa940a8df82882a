// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/signals.hpp"

#include "messages/log.hpp"

#include <asio/post.hpp>
#include <asio/signal_set.hpp>

#include <atomic>
#include <csignal>
#include <exception>

namespace saffron::host {

struct signals::state : std::enable_shared_from_this<state> {
  asio::io_context& io;
  asio::signal_set ending, hangup;
  std::function<void()> end, reload;
  std::atomic<bool> closed{false};

  state(asio::io_context& where, std::function<void()> on_end, std::function<void()> on_reload)
      : io(where), ending(where, SIGTERM, SIGINT), hangup(where, SIGHUP), end(std::move(on_end)),
        reload(std::move(on_reload)) {}

  void wait_for_end() {
    ending.async_wait([self = shared_from_this()](std::error_code error, int) {
      if (error || self->closed) return;
      self->ending.clear(); // back to the default: the next one kills
      self->call(self->end);
    });
  }

  void wait_for_hangup() {
    hangup.async_wait([self = shared_from_this()](std::error_code error, int) {
      if (error || self->closed) return;
      self->call(self->reload);
      self->wait_for_hangup();
    });
  }

  // Nothing may leave io_context::run.
  static void call(const std::function<void()>& callback) {
    try {
      callback();
    } catch (const std::exception& e) {
      log::error("a signal's handler threw {}", e.what());
    }
  }

  void close() {
    std::error_code ignored;
    ending.cancel(ignored);
    hangup.cancel(ignored);
  }
};

signals::signals(asio::io_context& io, std::function<void()> end, std::function<void()> reload)
    : state_(std::make_shared<state>(io, std::move(end), std::move(reload))) {
  std::signal(SIGPIPE, SIG_IGN); // NOLINT(bugprone-signal-handler)
  state_->wait_for_end();
  state_->wait_for_hangup();
}

signals::~signals() {
  state_->closed = true;
  asio::post(state_->io, [s = state_] { s->close(); });
}

} // namespace saffron::host
