// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/console.hpp"

#include "devices/display/console_state.hpp"
#include "messages/actors.hpp"

#include <functional>
#include <map>
#include <utility>

namespace saffron::devices {

namespace {

constexpr std::chrono::steady_clock::duration shortest_check = std::chrono::milliseconds{10};

class console final : public transport::pinned_actor<console_actor> {
public:
  console(caf::actor_config& config, transport::loop& home, std::uint8_t id, counters& counts,
          const picture_settings& pictures)
      : pinned_actor(config, home), state_(id, counts, defaults::draw_log_length, pictures) {
    set_down_handler([this](caf::down_msg& down) { viewer_died(down.source); });
  }

  const char* name() const override { return "console"; }
  void on_exit() override {
    state_.end();
    viewers_.clear();
  }
  /// What a feed's completion has drawn goes out when the completion is done.
  bool run(const std::function<void()>& body) override {
    return pinned_actor::run([&] {
      body();
      flush();
    });
  }

protected:
  behavior_type make_behavior() override {
    return {
        [this](const pull_display& m) { state_.pull_display(m.viewer, m.pixel_bytes, m.video); },
        [this](const refine_display& m) { state_.refine_display(m.viewer, m.areas); },
        [this](const pull_cursor& m) { state_.pull_cursor(m.viewer); },
        [this](const draw_batch& m) {
          const auto credit = state_.apply(m);
          flush();
          return credit;
        },
        [this](const cursor_state& m) {
          state_.set_cursor(m);
          flush();
        },
        [this](const attach_display& m) {
          watch(m.viewer, m.display);
          state_.attach_display(m.viewer, [this, to = m.display](display_update u) { send(to, std::move(u)); });
        },
        [this](const attach_cursor& m) {
          watch(m.viewer, m.cursor);
          state_.attach_cursor(m.viewer, [this, to = m.cursor](cursor_update u) { send(to, std::move(u)); });
        },
        [this](const detach_viewer& m) {
          unwatch(m.viewer);
          state_.detach(m.viewer);
        },
        [this](const attach_feed& m) {
          state_.attach_feed(m.feed, *this);
          flush();
        },
        [this](blank) {
          state_.blank();
          flush();
        },
        [this](video_check) {
          video_check_due_ = false;
          flush();
        },
        [this](status_query) { return state_.status(); },
        [this](shut_down) { quit(caf::exit_reason::user_shutdown); },
    };
  }

private:
  template <class Handle>
  void watch(viewer_id viewer, const Handle& actor) {
    unwatch(viewer);
    monitor(actor);
    viewers_.emplace(viewer, actor.address());
  }
  void unwatch(viewer_id viewer) {
    const auto found = viewers_.find(viewer);
    if (found == viewers_.end()) return;
    demonitor(found->second);
    viewers_.erase(found);
  }
  void viewer_died(const caf::actor_addr& who) {
    std::erase_if(viewers_, [&](const auto& v) {
      if (v.second != who) return false;
      state_.detach(v.first);
      return true;
    });
  }

  // A video ends without anybody drawing, so somebody must look.
  void flush() {
    const auto now = clock().now();
    const auto next = state_.end_videos(now);
    state_.flush(now);
    if (next == console_state::time_point::max() || std::exchange(video_check_due_, true)) return;
    delayed_send(console_actor{this}, std::max(next - now, shortest_check), video_check{});
  }

  console_state state_;
  bool video_check_due_ = false;
  std::map<viewer_id, caf::actor_addr> viewers_;
};

} // namespace

console_actor make_console(caf::actor_system& system, transport::loop& home, std::uint8_t id, counters& counts,
                           const picture_settings& pictures) {
  return system.spawn<console>(home, id, counts, pictures);
}

} // namespace saffron::devices
