// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/agent_mouse.hpp"

#include "devices/input/mouse.hpp"

namespace saffron::devices {

std::vector<agent_pointer> agent_mouse::states(const pointer_event& event) {
  if (const auto* to = std::get_if<pointer_position>(&event)) {
    leads_ = true;
    now_.x = to->x;
    now_.y = to->y;
    now_.display = to->display;
    return {now_};
  }
  const auto* button = std::get_if<pointer_button>(&event);
  if (button == nullptr) leads_ = false;
  if (button == nullptr || button->button == 0 || button->button > buttons::last) return {};
  const auto bit = 1U << (button->button - 1U);
  const bool mine = button->pressed ? leads_ : (now_.buttons & bit) != 0;
  if (!mine) return {};
  const bool wheel = button->button == buttons::wheel_up || button->button == buttons::wheel_down;
  if (wheel) { // a turn is a press that nobody releases
    auto turned = now_;
    turned.buttons |= bit;
    return {turned, now_};
  }
  now_.buttons = button->pressed ? now_.buttons | bit : now_.buttons & ~bit;
  return {now_};
}

} // namespace saffron::devices
