// SPDX-License-Identifier: BSD-3-Clause
// A console without viewers: it gives its feed a canvas that the test can look at.
#pragma once

#include "devices/display/feed.hpp"
#include "messages/actors.hpp"
#include "tests/unit/devices/memory_canvas.hpp"
#include "transport/loop.hpp"

#include <memory>
#include <utility>

namespace saffron::tests {

class fake_console final : public transport::pinned_actor<console_actor> {
public:
  fake_console(caf::actor_config& config, transport::loop& home, memory_canvas& canvas)
      : pinned_actor(config, home), canvas_(canvas) {}
  void on_exit() override {
    if (feed_) feed_->stop();
    feed_.reset();
  }

protected:
  behavior_type make_behavior() override {
    return {
        // What a viewer asks for is read first.
        [this](const pull_display&) {
          if (feed_) feed_->before_read(whole(canvas_.size()));
        },
        [](const refine_display&) {},
        [](const pull_cursor&) {},
        [](const draw_batch& b) { return static_cast<std::uint32_t>(b.commands.size()); },
        [](const cursor_state&) {},
        [](const attach_display&) {},
        [](const attach_cursor&) {},
        [](const detach_viewer&) {},
        [this](const attach_feed& a) {
          if (feed_) feed_->stop();
          feed_ = a.feed;
          feed_->start(canvas_, *this);
        },
        [this](blank) { canvas_.blank(); },
        [](video_check) {},
        [](status_query) { return console_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  memory_canvas& canvas_;
  std::shared_ptr<console_feed> feed_;
};

} // namespace saffron::tests
