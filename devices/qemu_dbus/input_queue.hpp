// SPDX-License-Identifier: BSD-3-Clause
// Keys and pointer events on their way to a QEMU: in order, a few calls in flight, and where the pointer goes only its
// last place counts.
#pragma once

#include "messages/input.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <variant>

namespace saffron::devices::qemu_dbus {

using input_operation = std::variant<key_input, pointer_motion, pointer_position, pointer_button>;

class input_queue {
public:
  static constexpr std::size_t calls_in_flight = 8;
  static constexpr std::size_t longest = 256;

  /// False: the queue is full, the operation is dropped. Releases still find room then: a key that stays down is worse
  /// than one that was not pressed.
  [[nodiscard]] bool push(const input_operation& operation);
  /// The operation to send now; none while enough calls are in flight.
  [[nodiscard]] std::optional<input_operation> next();
  /// A call was answered.
  void answered() noexcept { in_flight_ -= in_flight_ != 0 ? 1 : 0; }
  void clear();

private:
  std::deque<input_operation> waiting_;
  std::size_t in_flight_ = 0;
};

} // namespace saffron::devices::qemu_dbus
