// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/input_queue.hpp"

#include <cstdint>
#include <limits>

namespace saffron::devices::qemu_dbus {

namespace {

std::int32_t sum(std::int32_t a, std::int32_t b) {
  using limits = std::numeric_limits<std::int32_t>;
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(std::int64_t{a} + b, limits::min(), limits::max()));
}

/// True when `next` went into `last`.
bool merge(input_operation& last, const input_operation& next) {
  if (auto* motion = std::get_if<pointer_motion>(&last)) {
    const auto* more = std::get_if<pointer_motion>(&next);
    if (more == nullptr) return false;
    motion->dx = sum(motion->dx, more->dx);
    motion->dy = sum(motion->dy, more->dy);
    return true;
  }
  auto* position = std::get_if<pointer_position>(&last);
  const auto* newer = std::get_if<pointer_position>(&next);
  if (position == nullptr || newer == nullptr || position->display != newer->display) return false;
  *position = *newer;
  return true;
}

bool is_release(const input_operation& o) {
  if (const auto* key = std::get_if<key_input>(&o)) return !key->pressed;
  if (const auto* button = std::get_if<pointer_button>(&o)) return !button->pressed;
  return false;
}

} // namespace

bool input_queue::push(const input_operation& operation) {
  if (!waiting_.empty() && merge(waiting_.back(), operation)) return true;
  if (waiting_.size() >= (is_release(operation) ? 2 * longest : longest)) return false;
  waiting_.push_back(operation);
  return true;
}

std::optional<input_operation> input_queue::next() {
  if (waiting_.empty() || in_flight_ == calls_in_flight) return std::nullopt;
  auto operation = waiting_.front();
  waiting_.pop_front();
  ++in_flight_;
  return operation;
}

void input_queue::clear() {
  waiting_.clear();
  in_flight_ = 0;
}

} // namespace saffron::devices::qemu_dbus
