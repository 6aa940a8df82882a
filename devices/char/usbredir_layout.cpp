// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/usbredir_layout.hpp"

namespace saffron::devices::usbredir {

namespace {

// Fixed parts, in the order of usbredirproto.h's structs. Tables have an entry for each of 32 endpoints or interfaces.
constexpr std::size_t entries = 32;
constexpr std::size_t connect_size = 8, connect_version_size = 10;
constexpr std::size_t interface_info_size = 4 + 4 * entries;
constexpr std::size_t ep_info_size = 3 * entries, ep_info_packet_size = 5 * entries, ep_info_streams_size = 9 * entries;

bool has(std::uint32_t both, std::uint32_t bit) { return (both & bit) != 0; }

std::size_t ep_info_fixed(std::uint32_t both) {
  if (has(both, capability::bulk_streams)) return ep_info_streams_size;
  return has(both, capability::ep_info_max_packet_size) ? ep_info_packet_size : ep_info_size;
}

} // namespace

std::optional<layout> layout_of(packet_type type, std::uint32_t both) {
  switch (type) {
  case packet_type::hello: return layout{hello_version_size, true};
  case packet_type::device_connect:
    return layout{has(both, capability::connect_device_version) ? connect_version_size : connect_size};
  case packet_type::device_disconnect: return layout{0};
  case packet_type::interface_info: return layout{interface_info_size};
  case packet_type::ep_info: return layout{ep_info_fixed(both)};
  case packet_type::configuration_status:
  case packet_type::iso_stream_status:
  case packet_type::interrupt_receiving_status: return layout{2};
  case packet_type::alt_setting_status: return layout{3};
  case packet_type::bulk_streams_status: return layout{9};
  case packet_type::filter_filter: return layout{0, true};
  case packet_type::bulk_receiving_status: return layout{6};
  case packet_type::control_packet: return layout{10, true};
  case packet_type::bulk_packet: return layout{has(both, capability::bulk_length_32bit) ? 10U : 8U, true};
  case packet_type::iso_packet:
  case packet_type::interrupt_packet: return layout{4, true};
  case packet_type::buffered_bulk_packet: return layout{10, true};
  // Acknowledged by a usb-guest, to a usb-host.
  case packet_type::device_disconnect_ack: break;
  }
  return std::nullopt;
}

} // namespace saffron::devices::usbredir
