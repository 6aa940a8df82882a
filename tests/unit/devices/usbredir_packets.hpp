// SPDX-License-Identifier: BSD-3-Clause
// USB redirection packets for tests.
#pragma once

#include "devices/char/usbredir_layout.hpp"
#include "messages/wire/codec.hpp"

#include <span>
#include <vector>

namespace saffron::tests::usbredir_packets {

using bytes = std::vector<std::byte>;

inline bytes packet(devices::usbredir::packet_type type, std::span<const std::byte> body, bool wide_id) {
  wire::writer w;
  w.put(type).u32(static_cast<std::uint32_t>(body.size())).u32(1);
  if (wide_id) w.u32(0);
  w.bytes(body);
  return w.release();
}

/// One that announces these capabilities.
inline bytes hello(std::uint32_t capabilities) {
  wire::writer w;
  w.bytes(bytes(devices::usbredir::hello_version_size)).u32(capabilities);
  return packet(devices::usbredir::packet_type::hello, w.view(), false);
}

} // namespace saffron::tests::usbredir_packets
