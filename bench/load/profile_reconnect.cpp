// SPDX-License-Identifier: BSD-3-Clause
// Connects as far as wanted, disconnects, and again. And the same without SPICE: connects to a server that only accepts
// and closes, for the ratio between the two.
#include "bench/load/profile.hpp"

#include <array>

namespace saffron::load {

namespace {

using namespace std::chrono_literals;
constexpr auto pause_after_failure = 20ms; // a server that refuses is not hammered

class reconnect_profile final : public profile, public session::listener {
public:
  reconnect_profile(worker& home, client_place place) : profile(home, place), timer_(home.io()) {}

  void start() override {
    settle(true);
    next();
  }
  void finish() override {
    finished_ = true;
    timer_.cancel();
    session::retire(session_);
  }

private:
  void next() {
    if (finished_) return;
    session_ = std::make_shared<session>(home_, *this, place_);
    session_->open();
  }
  void reached(connect_goal goal) {
    if (goal != home_.settings().goal) return;
    ++home_.counts().link.clients;
    session::retire(session_);
    next();
  }
  void on_main() override { reached(connect_goal::main); }
  void on_channels() override { reached(connect_goal::channels); }
  void on_first_frame() override { reached(connect_goal::frame); }
  void on_ended(const std::string&) override {
    session::retire(session_);
    timer_.expires_after(pause_after_failure);
    timer_.async_wait([this](asio::error_code error) {
      if (!error) next();
    });
  }

  asio::steady_timer timer_;
  std::shared_ptr<session> session_;
  bool finished_ = false;
};

class accept_profile final : public profile {
public:
  using profile::profile;

  void start() override {
    settle(true);
    next();
  }
  void finish() override {
    finished_ = true;
    if (stream_) stream_->close();
  }

private:
  void next() {
    if (finished_) return;
    stream_ = std::make_shared<stream>(home_.io(), nullptr);
    const auto began = clock::now();
    stream_->connect(home_.around().server, {}, [this, began, s = stream_](const char* where, asio::error_code error) {
      if (error) return done(where, error);
      home_.counts().link.connect_time.record(clock::now() - began);
      s->read_some(asio::buffer(byte_), [this, s](asio::error_code e, std::size_t) { done("read", e); });
    });
  }
  void done(const char* where, asio::error_code error) {
    if (error == asio::error::operation_aborted) return;
    if (error == asio::error::eof)
      ++home_.counts().link.clients;
    else
      ++home_.counts().link.failures[std::string{where} + ": " + error.message()];
    next();
  }

  std::shared_ptr<stream> stream_;
  std::array<std::byte, 1> byte_{};
  bool finished_ = false;
};

} // namespace

std::unique_ptr<profile> make_reconnect(worker& home, client_place place) {
  return std::make_unique<reconnect_profile>(home, place);
}
std::unique_ptr<profile> make_accept(worker& home, client_place place) {
  return std::make_unique<accept_profile>(home, place);
}

} // namespace saffron::load
