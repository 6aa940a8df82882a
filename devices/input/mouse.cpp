// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/mouse.hpp"

namespace saffron::devices {

namespace {
constexpr bool is_wheel(std::uint8_t button) { return button == buttons::wheel_up || button == buttons::wheel_down; }
} // namespace

bool valid(const pointer_event& event) noexcept {
  const auto* b = std::get_if<pointer_button>(&event);
  return b == nullptr || (b->button >= buttons::left && b->button <= buttons::last);
}

std::optional<pointer_event> mouse::event(client_id client, const pointer_event& event) {
  if (!valid(event)) return std::nullopt;
  if (const auto* b = std::get_if<pointer_button>(&event)) return press(client, *b);
  return event;
}

std::optional<pointer_event> mouse::press(client_id client, const pointer_button& b) {
  if (is_wheel(b.button)) return b.pressed ? std::optional<pointer_event>{b} : std::nullopt;
  const auto before = held();
  const auto bit = std::uint32_t{1} << b.button;
  auto& mine = held_[client];
  mine = b.pressed ? mine | bit : mine & ~bit;
  if (held() == before) return std::nullopt;
  return b;
}

std::vector<pointer_event> mouse::leave(client_id client) {
  const auto before = held();
  held_.erase(client);
  const auto released = before & ~held();
  std::vector<pointer_event> events;
  for (std::uint8_t n = buttons::left; n <= buttons::last; ++n)
    if ((released >> n & 1) != 0) events.emplace_back(pointer_button{n, false});
  return events;
}

std::uint32_t mouse::held() const noexcept {
  std::uint32_t all = 0;
  for (const auto& [client, mask] : held_) all |= mask;
  return all;
}

} // namespace saffron::devices
