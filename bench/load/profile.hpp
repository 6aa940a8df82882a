// SPDX-License-Identifier: BSD-3-Clause
// What a client does once it is there. A profile object is one client's place in the run; it opens its session, and a
// new one when it wants.
#pragma once

#include "bench/load/session.hpp"

namespace saffron::load {

class profile {
public:
  profile(worker& home, client_place place) : home_(home), place_(place) {}
  virtual ~profile() = default;
  profile(const profile&) = delete;
  profile& operator=(const profile&) = delete;

  /// Connects; settle() follows sooner or later.
  virtual void start() = 0;
  /// Warm-up is over.
  virtual void begin() {}
  /// The run is over: closes everything.
  virtual void finish() = 0;
  /// The session whose pictures count, if there is one.
  [[nodiscard]] virtual const session* shown() const noexcept { return nullptr; }

  [[nodiscard]] client_place place() const noexcept { return place_; }

protected:
  /// The client is there, or never will be. Only what is said first counts.
  void settle(bool there) {
    if (!std::exchange(settled_, true)) home_.settled(there);
  }

  worker& home_;
  client_place place_;

private:
  bool settled_ = false;
};

/// Connects once and stays; counts frames. By itself this is the profile idle and the profile motion.
class staying_profile : public profile, public session::listener {
public:
  using profile::profile;

  void start() override;
  void finish() override;
  [[nodiscard]] const session* shown() const noexcept override { return session_.get(); }

protected:
  void on_channels() override;
  void on_draw(const draw_event& e) override;
  void on_ended(const std::string& why) override;

  /// Of the client's first display.
  virtual void drawn(const draw_event&) {}

  /// Calls `next` after that time, unless the run is over by then. One at a time.
  template <class F>
  void after(clock::duration wait, F next) {
    timer_.expires_after(wait);
    timer_.async_wait([this, next](asio::error_code error) {
      // A timer that has already expired cannot be cancelled any more.
      if (!error && !finished_) next();
    });
  }

  std::shared_ptr<session> session_;

private:
  asio::steady_timer timer_{home_.io()};
  bool finished_ = false;
  clock::time_point last_frame_{};
};

[[nodiscard]] std::unique_ptr<profile> make_profile(worker& home, client_place place);

// Each is in the file that has its name.
[[nodiscard]] std::unique_ptr<profile> make_typing(worker& home, client_place place);
[[nodiscard]] std::unique_ptr<profile> make_stalled(worker& home, client_place place);
[[nodiscard]] std::unique_ptr<profile> make_reconnect(worker& home, client_place place);
[[nodiscard]] std::unique_ptr<profile> make_accept(worker& home, client_place place);

} // namespace saffron::load
