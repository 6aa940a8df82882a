// SPDX-License-Identifier: BSD-3-Clause
// What a USB redirection packet looks like that a usb-host (the client, which has the device) sends to a usb-guest (the
// VM). Source: usbredirproto.h and the protocol description of usbredir 0.7; little endian and packed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace saffron::devices::usbredir {

/// Packets of both directions; only what the checker looks at is named.
enum class packet_type : std::uint32_t {
  hello = 0,
  device_connect = 1,
  device_disconnect = 2,
  interface_info = 4,
  ep_info = 5,
  configuration_status = 8,
  alt_setting_status = 11,
  iso_stream_status = 14,
  interrupt_receiving_status = 17,
  bulk_streams_status = 20,
  filter_filter = 23,
  device_disconnect_ack = 24,
  bulk_receiving_status = 27,
  control_packet = 100,
  bulk_packet = 101,
  iso_packet = 102,
  interrupt_packet = 103,
  buffered_bulk_packet = 104,
};

/// Bits of the first capability word in a hello.
namespace capability {
inline constexpr std::uint32_t bulk_streams = 1u << 0, connect_device_version = 1u << 1, filter = 1u << 2,
                               device_disconnect_ack = 1u << 3, ep_info_max_packet_size = 1u << 4, ids_64bit = 1u << 5,
                               bulk_length_32bit = 1u << 6, bulk_receiving = 1u << 7;
}

/// The header of a packet: type, length of what follows it, and an id, which has 8 bytes when both sides can.
inline constexpr std::size_t header_size_32 = 12, header_size_64 = 16;
/// The fixed part of a hello: a text. Words of capabilities follow.
inline constexpr std::size_t hello_version_size = 64;
/// Packets and transfers beyond 128 MiB are not USB's (usbredirparser's limits).
inline constexpr std::uint32_t packet_limit = 128 * 1024 * 1024;
/// Longest filter text that is let through: some ten times what a user writes.
inline constexpr std::size_t filter_limit = 1024;

/// The size of the fixed part behind the header, and whether anything may follow it.
struct layout {
  std::size_t fixed = 0;
  bool data = false;
};

/// `both`: capabilities that both sides announced. None for packets that a usb-host does not send.
[[nodiscard]] std::optional<layout> layout_of(packet_type type, std::uint32_t both);

} // namespace saffron::devices::usbredir
