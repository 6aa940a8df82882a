// SPDX-License-Identifier: BSD-3-Clause
// Types a letter now and then and measures how long the screen takes to show it: from handing the key to the socket to
// reading the last byte of the first draw message after it. Where the screen moves by itself that says little: then
// --watch names a place where only keys draw, or --change says how much a key changes there: more than the movement
// does between two frames, less than a key does (a key inverts the moving picture of `saffron demo`).
#include "bench/load/profile.hpp"

#include <random>

namespace saffron::load {

namespace {

constexpr std::uint8_t letters[]{0x1e, 0x30, 0x2e, 0x20, 0x12, 0x21, 0x22, 0x23, 0x17}; // a to i

class typing_profile final : public staying_profile {
public:
  typing_profile(worker& home, client_place place)
      : staying_profile(home, place), random_(static_cast<unsigned>(place.client) + 1) {}

  void begin() override {
    if (session_->has_inputs()) after(random_interval(), [this] { press(); });
  }

private:
  /// Uneven, so that keys meet every phase of the server's frames.
  clock::duration random_interval() {
    const auto interval = home_.settings().key_interval;
    return interval * std::uniform_int_distribution{500, 1500}(random_) / 1000;
  }

  void press() {
    if (!session_->has_inputs()) return;
    auto& traffic = home_.counts().traffic;
    if (std::exchange(waiting_, true)) ++traffic.keys_unanswered;
    ++traffic.keys;
    if (home_.settings().change != 0) remember_pixels();
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
    if (home_.settings().change != 0 && !changed(e)) return;
    waiting_ = false;
    home_.counts().traffic.key_latency.record(e.at - pressed_at_);
  }

  void remember_pixels() {
    before_ = {};
    if (session_->displays().empty()) return;
    const auto* pixels = session_->displays().front()->view.pixels();
    if (pixels != nullptr && pixels->primary() != nullptr) before_ = cut(*pixels->primary(), *home_.settings().watch);
  }
  [[nodiscard]] bool changed(const draw_event& e) const {
    const auto* now = e.view.pixels()->primary();
    return now != nullptr && mean_difference(*now, before_, e.change.area) >= home_.settings().change;
  }

  std::minstd_rand random_;
  std::size_t typed_ = 0;
  bool waiting_ = false;
  clock::time_point pressed_at_{};
  cutout before_;
};

} // namespace

std::unique_ptr<profile> make_typing(worker& home, client_place place) {
  return std::make_unique<typing_profile>(home, place);
}

} // namespace saffron::load
