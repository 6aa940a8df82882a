// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/qemu_source.hpp"

#include <algorithm>

namespace saffron::devices::qemu_dbus {

namespace {

/// SPICE's buttons 1 to 7 are QEMU's 0 to 6; it has no others that a mouse of SPICE could mean, and does not check.
constexpr std::uint8_t buttons = 7;
constexpr std::uint8_t wheel_up = 4, wheel_down = 5;

} // namespace

void qemu_source::take(const input_operation& operation) {
  if (phase_ != phase::attached || heads_.empty() || !queue_.push(operation))
    counters_.input_dropped.add();
  else
    send_waiting();
}

void qemu_source::send_waiting() {
  while (const auto operation = queue_.next()) send_now(*operation);
}

void qemu_source::send_now(const input_operation& operation) {
  std::visit([this](const auto& o) { send_now(o); }, operation);
}

bus::on_answer qemu_source::input_answer() {
  return [this](const bus::answer& answer) { input_answered(answer); };
}

void qemu_source::send_now(const key_input& key) {
  attachment_->display().call(heads_[0].console.path, keyboard_interface, key.pressed ? "Press" : "Release",
                              input_answer(), "u", std::uint32_t{key.key});
}

void qemu_source::send_now(const pointer_motion& motion) {
  attachment_->display().call(heads_[pointer_head_].console.path, mouse_interface, "RelMotion", input_answer(), "ii",
                              motion.dx, motion.dy);
}

void qemu_source::send_now(const pointer_position& position) {
  if (position.display >= heads_.size()) {
    counters_.input_dropped.add();
    queue_.answered();
    return;
  }
  pointer_head_ = position.display;
  const auto& console = heads_[pointer_head_].console;
  // QEMU refuses what lies outside, and clients may not know the current size yet.
  const auto x = std::min(position.x, std::max(console.properties.width.value_or(1), 1u) - 1);
  const auto y = std::min(position.y, std::max(console.properties.height.value_or(1), 1u) - 1);
  attachment_->display().call(console.path, mouse_interface, "SetAbsPosition", input_answer(), "uu", x, y);
}

void qemu_source::send_now(const pointer_button& button) {
  const auto wheel = button.button == wheel_up || button.button == wheel_down;
  if (button.button == 0 || button.button > buttons || (wheel && !button.pressed)) {
    if (!wheel) counters_.input_dropped.add();
    queue_.answered();
    return;
  }
  const auto& path = heads_[pointer_head_].console.path;
  const std::uint32_t number = button.button - 1u;
  auto& display = attachment_->display();
  if (wheel) display.call(path, mouse_interface, "Press", {}, "u", number);
  display.call(path, mouse_interface, button.pressed && !wheel ? "Press" : "Release", input_answer(), "u", number);
}

void qemu_source::input_answered(const bus::answer& answer) {
  queue_.answered();
  if (!answer.ok()) {
    counters_.input_dropped.add();
    // QEMU 7 does not always tell when its pointer becomes another one.
    if (answer.error_text.find("not absolute") != std::string::npos) set_absolute(false);
    if (answer.error_text.find("not relative") != std::string::npos) set_absolute(true);
  }
  if (phase_ == phase::attached) send_waiting();
}

void qemu_source::set_absolute(bool absolute) {
  if (std::exchange(absolute_, absolute) != absolute) announce();
}

void qemu_source::report_locks() {
  if (heads_.empty() || !input_) return;
  if (const auto& locks = heads_[0].console.properties.modifiers)
    send(input_, lock_state{static_cast<std::uint16_t>(*locks & 7)});
}

// -- sizes of heads ---------------------------------------------------------------------------------------------------

void qemu_source::resize(const resize_head& wish) {
  if (phase_ != phase::attached || fixed_size_ || wish.head >= heads_.size() || wish.size.width == 0 ||
      wish.size.height == 0)
    return;
  heads_[wish.head].wanted = wish.size;
  ask_for_size(wish.head);
}

void qemu_source::ask_for_size(std::size_t number) {
  auto& h = heads_[number];
  if (!h.wanted || h.resizing || fixed_size_) return;
  const auto size = *std::exchange(h.wanted, std::nullopt);
  std::uint32_t left = 0; // heads stand side by side
  for (std::size_t i = 0; i < number; ++i) left += heads_[i].console.properties.width.value_or(0);
  const auto answered = [this, generation = generation_, number](const bus::answer& a) {
    if (generation != generation_) return;
    heads_[number].resizing = false;
    if (!a.ok() && a.error_name.ends_with(".Unsupported")) {
      fixed_size_ = true;
      announce();
    }
    ask_for_size(number);
  };
  h.resizing = attachment_->display().call(h.console.path, console_interface, "SetUIInfo", answered, "qqiiuu", 0, 0,
                                           static_cast<std::int32_t>(left), 0, size.width, size.height);
}

} // namespace saffron::devices::qemu_dbus
