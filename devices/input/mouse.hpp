// SPDX-License-Identifier: BSD-3-Clause
// The mice of several clients become one.
#pragma once

#include "messages/input.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace saffron::devices {

/// Buttons of the protocol.
namespace buttons {
inline constexpr std::uint8_t left = 1, middle = 2, right = 3, wheel_up = 4, wheel_down = 5, side = 6, extra = 7,
                              last = 16;
} // namespace buttons

/// False for a button that the protocol does not have.
[[nodiscard]] bool valid(const pointer_event& event) noexcept;

/// One mouse made of the mice of several clients: a button is down for the VM while any client holds it. Whoever moves,
/// moves the one pointer.
class mouse {
public:
  /// What the VM is to see of a valid event. Motions and positions as they are; a button when it really changes; the
  /// wheel on every press and on no release.
  [[nodiscard]] std::optional<pointer_event> event(client_id client, const pointer_event& event);
  /// Releases what only this client held.
  [[nodiscard]] std::vector<pointer_event> leave(client_id client);
  /// The VM is another one and sees no button down.
  void forget() noexcept { held_.clear(); }

private:
  [[nodiscard]] std::uint32_t held() const noexcept;
  std::optional<pointer_event> press(client_id client, const pointer_button& b);

  /// Bit n is button n.
  std::map<client_id, std::uint32_t> held_;
};

} // namespace saffron::devices
