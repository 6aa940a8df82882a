// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace saffron::devices::demo {

namespace {

constexpr std::size_t heads_max = 16;

desktop_settings settings_of_head(const demo_settings& s, time_of_day now, std::size_t number, std::size_t heads) {
  desktop_settings d;
  d.size = s.size;
  d.title = heads == 1 ? s.name : fmt::format("{}, head {}", s.name, number + 1);
  d.still = s.still;
  d.full_motion = s.full_motion;
  d.slideshow = s.slideshow;
  d.video = s.video;
  d.time = now;
  return d;
}

} // namespace

demo_state::demo_state(const demo_settings& settings, time_of_day now, demo_outlet& outlet, counters& count)
    : outlet_(outlet), count_(count) {
  const auto heads = std::clamp<std::size_t>(settings.heads, 1, heads_max);
  for (std::size_t i = 0; i < heads; ++i) heads_.push_back({desktop{settings_of_head(settings, now, i, heads)}});
}

void demo_state::attach(std::size_t consoles) {
  for (std::size_t i = 0; i < heads_.size(); ++i) {
    auto& h = heads_[i];
    h.attached = i < consoles;
    h.drawing = false;
    h.cursor.reset();
    h.screen.start_anew();
  }
  outlet_.report_locks(lock_state{keys_.locks()});
  flush_all();
}

void demo_state::detach(std::size_t number) { heads_[number].attached = false; }

void demo_state::drawn(std::size_t number) {
  heads_[number].drawing = false;
  flush(number);
}

void demo_state::lost(std::size_t number) {
  heads_[number].screen.start_anew();
  drawn(number);
}

void demo_state::key(const key_input& event) {
  const auto locks = keys_.locks();
  const auto character = keys_.key(event);
  if (event.pressed) focus().show_key(event.key);
  if (character) focus().type(*character);
  if (keys_.locks() != locks) {
    for (auto& h : heads_) h.screen.show_locks(keys_.locks());
    outlet_.report_locks(lock_state{keys_.locks()});
  }
  flush_all();
}

void demo_state::pointer(const pointer_event& event) {
  if (const auto* p = std::get_if<pointer_position>(&event)) {
    if (p->display >= heads_.size()) {
      count_.input_dropped.add();
      return;
    }
    pointer_head_ = p->display;
  }
  if (std::holds_alternative<pointer_button>(event)) {
    for (auto& h : heads_) h.screen.pointer(event); // it may be released on another head
  } else {
    focus().pointer(event);
  }
  flush_all();
}

void demo_state::resize(const resize_head& wish) {
  if (wish.head >= heads_.size()) return;
  heads_[wish.head].screen.resize(wish.size);
  flush(wish.head);
}

void demo_state::advance(std::chrono::microseconds passed, time_of_day now) {
  for (auto& h : heads_) h.screen.advance(passed, now);
  flush_all();
}

void demo_state::flush_all() {
  for (std::size_t i = 0; i < heads_.size(); ++i) flush(i);
}

void demo_state::flush(std::size_t number) {
  auto& h = heads_[number];
  if (!h.attached) return;
  show_cursor(number);
  if (h.drawing || !h.screen.changed()) return;
  h.drawing = true;
  outlet_.draw(number, draw_batch{h.screen.draw()});
}

void demo_state::show_cursor(std::size_t number) {
  auto& h = heads_[number];
  cursor_state now;
  now.shape = cursors_[static_cast<std::size_t>(h.screen.cursor())];
  now.position = h.screen.cursor_position();
  now.visible = number == pointer_head_;
  const bool same = h.cursor && h.cursor->shape == now.shape && h.cursor->position == now.position &&
                    h.cursor->visible == now.visible;
  if (same) return;
  h.cursor = now;
  outlet_.show_cursor(number, now);
}

} // namespace saffron::devices::demo
