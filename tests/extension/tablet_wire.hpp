// SPDX-License-Identifier: BSD-3-Clause
// The wire of the tablet channel: a pen that a user moves over a tablet, for a port of the VM.
#pragma once

#include "messages/wire/fields.hpp"

namespace tablet {

/// The protocol's own channels end at 11; numbers from 200 on are for extensions.
inline constexpr std::uint8_t channel_type = 200;
/// Pens that a client may send before a token comes back.
inline constexpr std::uint32_t window = 8;

/// Client to server: the pen is there. Costs a token.
struct pen {
  static constexpr std::uint16_t type = 101;
  std::uint16_t x = 0, y = 0, pressure = 0;
  static auto fields(auto& self) { return std::tie(self.x, self.y, self.pressure); }
  friend bool operator==(const pen&, const pen&) = default;
};

/// Server to client: so many pens more. The first one opens the channel.
struct tokens {
  static constexpr std::uint16_t type = 101;
  std::uint32_t count = 0;
  static auto fields(auto& self) { return std::tie(self.count); }
  friend bool operator==(const tokens&, const tokens&) = default;
};

} // namespace tablet
