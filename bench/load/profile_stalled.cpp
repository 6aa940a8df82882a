// SPDX-License-Identifier: BSD-3-Clause
// A viewer that stops reading and later goes on: how soon does it see something, how much old stuff must it read first?
#include "bench/load/profile.hpp"

namespace saffron::load {

namespace {

using namespace std::chrono_literals;
constexpr auto look_every = 1ms;
constexpr int empty_looks = 3; // between two segments of a flood the socket may be empty for a moment

class stalled_profile final : public staying_profile {
public:
  using staying_profile::staying_profile;

  void begin() override {
    if (session_->displays().empty()) return;
    session_->pause();
    after(std::chrono::duration_cast<clock::duration>(home_.settings().stall), [this] { go_on(); });
  }

private:
  void go_on() {
    resumed_at_ = clock::now();
    bytes_before_ = session_->bytes_in();
    first_draw_ = true;
    ++home_.counts().traffic.stalls;
    after(look_every, [this] { look(); });
    session_->resume();
  }

  void drawn(const draw_event& e) override {
    if (std::exchange(first_draw_, false)) home_.counts().traffic.stall_first_draw.record(e.at - resumed_at_);
  }

  void look() {
    if (!session_->drained()) {
      empty_ = 0;
    } else if (empty_++ == 0) {
      empty_since_ = clock::now();
      bytes_after_ = session_->bytes_in();
    } else if (empty_ == empty_looks) {
      home_.counts().traffic.stall_caught_up.record(empty_since_ - resumed_at_);
      home_.counts().traffic.stall_backlog += bytes_after_ - bytes_before_;
      return;
    }
    after(look_every, [this] { look(); });
  }

  clock::time_point resumed_at_{}, empty_since_{};
  std::uint64_t bytes_before_ = 0, bytes_after_ = 0;
  bool first_draw_ = false;
  int empty_ = 0;
};

} // namespace

std::unique_ptr<profile> make_stalled(worker& home, client_place place) {
  return std::make_unique<stalled_profile>(home, place);
}

} // namespace saffron::load
