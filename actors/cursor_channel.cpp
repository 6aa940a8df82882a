// SPDX-License-Identifier: BSD-3-Clause
#include "actors/cursor_channel.hpp"

namespace saffron::actors {

namespace {

namespace to_client = wire::cursor::to_client;

wire::point16 wire_position(point p) {
  const auto clamp = [](std::int32_t v) { return static_cast<std::int16_t>(std::clamp(v, -32768, 32767)); };
  return {clamp(p.x), clamp(p.y)};
}

} // namespace

shape_cache::answer shape_cache::use(std::uint64_t unique) {
  if (const auto found = known_.find(unique); found != known_.end()) {
    order_.splice(order_.begin(), order_, found->second);
    return {true, {}};
  }
  answer out;
  if (known_.size() >= defaults::cursor_cache) {
    out.evicted = order_.back();
    known_.erase(order_.back());
    order_.pop_back();
  }
  order_.push_front(unique);
  known_.emplace(unique, order_.begin());
  return out;
}

void shape_cache::clear() {
  order_.clear();
  known_.clear();
}

cursor_channel::cursor_channel(channel_context context, std::function<void()> pull, mouse_mode mode)
    : channel(std::move(context)), pull_(std::move(pull)), mode_(mode) {}

void cursor_channel::on_room() {
  if (pulling_) return;
  pulling_ = true;
  pull_();
}

void cursor_channel::update(const cursor_state& next) {
  pulling_ = false;
  if (!shown_) {
    send_init(next);
  } else if (next.generation != shown_->generation) {
    cache_.clear();
    send(to_client::inval_all{});
    send(to_client::reset{});
    send_init(next);
  } else {
    if (next.trail_length != shown_->trail_length || next.trail_frequency != shown_->trail_frequency)
      send(to_client::trail{next.trail_length, next.trail_frequency});
    if (next.shape != shown_->shape)
      send_shape(next);
    else if (!next.visible && shown_->visible)
      send(to_client::hide{});
    // In client mode the client moves its cursor itself; a MOVE then only says that it is visible again.
    else if (next.visible && (!shown_->visible || (next.position != shown_->position && mode_ == mouse_mode::server)))
      send(to_client::move{wire_position(next.position)});
  }
  shown_ = next;
  if (has_room()) on_room(); // nothing had to be sent
}

wire::cursor::shape cursor_channel::describe(const cursor_shape_ptr& shape) {
  wire::cursor::shape out;
  if (shape == nullptr) return out;
  out.flags = 0;
  if (shape->unique != 0) {
    const auto cached = cache_.use(shape->unique);
    if (cached.evicted) send(to_client::inval_one{*cached.evicted});
    out.flags = cached.known ? wire::cursor::cursor_flags::from_cache : wire::cursor::cursor_flags::cache_me;
  }
  out.unique = shape->unique;
  out.type = static_cast<wire::cursor::cursor_type>(shape->type);
  out.width = shape->width;
  out.height = shape->height;
  out.hot_spot_x = shape->hot_x;
  out.hot_spot_y = shape->hot_y;
  return out;
}

template <class M>
void cursor_channel::send_with_pixels(const M& message, const cursor_shape_ptr& shape) {
  const bool pixels = shape != nullptr && (message.shape.flags & wire::cursor::cursor_flags::from_cache) == 0;
  wire::writer head;
  write_head(head, message, pixels ? shape->pixels.size() : 0);
  if (pixels)
    send(M::type, head.view(), {&shape->pixels, 1});
  else
    send(M::type, head.view(), {});
}

void cursor_channel::send_init(const cursor_state& state) {
  to_client::init m;
  m.position = wire_position(state.position);
  m.trail_length = state.trail_length;
  m.trail_frequency = state.trail_frequency;
  m.visible = state.visible;
  m.shape = describe(state.shape);
  send_with_pixels(m, state.shape);
}

void cursor_channel::send_shape(const cursor_state& state) {
  to_client::set m;
  m.position = wire_position(state.position);
  m.visible = state.visible;
  m.shape = describe(state.shape);
  send_with_pixels(m, state.shape);
}

} // namespace saffron::actors
