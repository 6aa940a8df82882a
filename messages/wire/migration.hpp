// SPDX-License-Identifier: BSD-3-Clause
// The state of a channel that moves to another server: what the reference puts into migrate_data, so that a client can
// be moved between it and us. Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"

namespace saffron::wire::migration {

/// "MNMD", "DCMD", "ICMD": first in the data of each channel, then a version of at most `version`.
inline constexpr std::uint32_t main_magic = 0x444d4e4d, display_magic = 0x444d4344, inputs_magic = 0x444d4349;
inline constexpr std::uint32_t version = 1;

/// A char device's flow control and the bytes that it has not taken yet.
struct char_device_data {
  bool connected = false;
  std::uint32_t client_tokens = 0;
  std::uint32_t send_tokens = 0;
  std::uint32_t write_client_tokens = 0;
  byte_view write_data{};
  friend bool operator==(const char_device_data&, const char_device_data&) = default;
};

/// An agent message that was read in part.
struct agent_to_client_data {
  std::uint32_t chunk_header_size = 0;
  std::uint32_t chunk_port = 0;
  std::uint32_t chunk_size = 0;
  bool message_header_done = false;
  /// The part of the message header that was read.
  byte_view message_header{};
  std::uint32_t message_remaining = 0;
  std::uint8_t filter_result = 0;
  friend bool operator==(const agent_to_client_data&, const agent_to_client_data&) = default;
};

/// An agent message that a client sent in part.
struct client_to_agent_data {
  std::uint32_t message_remaining = 0;
  std::uint8_t filter_result = 0;
  static auto fields(auto& self) { return std::tie(self.message_remaining, self.filter_result); }
  friend bool operator==(const client_to_agent_data&, const client_to_agent_data&) = default;
};

/// The main channel: the agent.
struct main_data {
  char_device_data agent{};
  bool client_agent_started = false;
  agent_to_client_data agent_to_client{};
  client_to_agent_data client_to_agent{};
  friend bool operator==(const main_data&, const main_data&) = default;
};
void write(writer& w, const main_data& m);
void read(reader& r, main_data& m);

/// A surface that the client has.
struct surface_data {
  std::uint32_t id = 0;
  /// What of it was sent with loss; only with display_data::lossy_regions.
  rect lossy_region{};
  friend bool operator==(const surface_data&, const surface_data&) = default;
};

/// The state of a GLZ dictionary.
struct glz_dictionary_data {
  std::uint32_t size = 0;
  std::uint32_t max_encoders = 0;
  std::uint64_t last_image_id = 0;
  static auto fields(auto& self) { return std::tie(self.size, self.max_encoders, self.last_image_id); }
  friend bool operator==(const glz_dictionary_data&, const glz_dictionary_data&) = default;
};

/// The display channel: its caches and surfaces.
struct display_data {
  std::uint64_t message_serial = 0;
  bool low_bandwidth = false;
  std::uint8_t pixmap_cache_id = 0;
  std::int64_t pixmap_cache_size = 0;
  /// This channel was the one that froze the cache.
  bool pixmap_cache_freezer = false;
  /// Serials of the last messages of display channels 0 to 3 that used the cache.
  std::array<std::uint64_t, 4> pixmap_cache_clients{};
  std::uint8_t glz_dictionary_id = 0;
  glz_dictionary_data glz_dictionary{};
  std::vector<surface_data> surfaces{};
  /// Whether surfaces carry regions: when the channel may send JPEG. Nothing on the wire tells, so a reader must know.
  bool lossy_regions = false;
  friend bool operator==(const display_data&, const display_data&) = default;
};
void write(writer& w, const display_data& m);
/// Set `m.lossy_regions` first.
void read(reader& r, display_data& m);
[[nodiscard]] result<display_data> decode_display_data(std::span<const std::byte> body, bool lossy_regions);

/// The inputs channel.
struct inputs_data {
  /// Motions that were not acknowledged.
  std::uint16_t motion_count = 0;
  friend bool operator==(const inputs_data&, const inputs_data&) = default;
};
void write(writer& w, const inputs_data& m);
void read(reader& r, inputs_data& m);

} // namespace saffron::wire::migration
