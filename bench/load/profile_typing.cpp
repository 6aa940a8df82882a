// SPDX-License-Identifier: BSD-3-Clause
// Types a letter now and then and measures how long the screen takes to show it: from handing the key to the socket to
// reading the last byte of the first draw message after it. Where the screen moves by itself that says little: then
// --watch names the place where only keys draw, and with --decode the watched pixels must really have changed.
#include "bench/load/profile.hpp"

#include <random>

namespace saffron::load {

namespace {

constexpr std::uint8_t letters[]{0x1e, 0x30, 0x2e, 0x20, 0x12, 0x21, 0x22, 0x23, 0x17}; // a to i

class typing_profile final : public staying_profile {
public:
  typing_profile(worker& home, client_place place)
      : staying_profile(home, place), timer_(home.io()), random_(static_cast<unsigned>(place.client) + 1) {}

  void begin() override {
    if (session_->has_inputs()) after(random_interval(), [this] { press(); });
  }
  void finish() override {
    timer_.cancel();
    staying_profile::finish();
  }

private:
  template <class F>
  void after(clock::duration wait, F next) {
    timer_.expires_after(wait);
    timer_.async_wait([this, next](asio::error_code error) {
      if (!error && session_->has_inputs()) next();
    });
  }

  /// Uneven, so that keys meet every phase of the server's frames.
  clock::duration random_interval() {
    const auto interval = home_.settings().key_interval;
    return interval * std::uniform_int_distribution{500, 1500}(random_) / 1000;
  }

  void press() {
    auto& traffic = home_.counts().traffic;
    if (std::exchange(waiting_, true)) ++traffic.keys_unanswered;
    ++traffic.keys;
    before_ = watched_checksum(session_->displays().empty() ? nullptr : &session_->displays().front()->view);
    const auto code = letters[typed_++ % std::size(letters)];
    pressed_at_ = clock::now();
    session_->press_key(code);
    const auto wait = random_interval() / 2;
    after(wait, [this, code, wait] {
      session_->release_key(code);
      after(wait, [this] { press(); });
    });
  }

  void drawn(const draw_event& e) override {
    if (!waiting_ || e.at < pressed_at_) return;
    const auto& watch = home_.settings().watch;
    if (watch && e.change.area.intersect(*watch).empty()) return;
    if (watch && e.view.pixels() != nullptr && watched_checksum(&e.view) == before_) return;
    waiting_ = false;
    home_.counts().traffic.key_latency.record(e.at - pressed_at_);
  }

  std::uint64_t watched_checksum(const display_view* view) const {
    const auto& watch = home_.settings().watch;
    const auto* pixels = view != nullptr && view->pixels() != nullptr ? view->pixels()->primary() : nullptr;
    return watch && pixels != nullptr ? checksum(*pixels, *watch) : 0;
  }

  asio::steady_timer timer_;
  std::minstd_rand random_;
  std::size_t typed_ = 0;
  bool waiting_ = false;
  clock::time_point pressed_at_{};
  std::uint64_t before_ = 0;
};

} // namespace

std::unique_ptr<profile> make_typing(worker& home, client_place place) {
  return std::make_unique<typing_profile>(home, place);
}

} // namespace saffron::load
