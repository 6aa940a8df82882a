// SPDX-License-Identifier: BSD-3-Clause
// The main channel: session, channel list, mouse mode, the agent's stream, migration. Source: spice-protocol's enums.h.
// Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"
#include "messages/wire/link.hpp"

#include <variant>

namespace saffron::wire::main_channel {

/// SPICE_MOUSE_MODE_*, bits: the server moves the pointer by motions, or the client places it.
inline constexpr std::uint16_t mouse_mode_server = 1, mouse_mode_client = 2;

/// A channel that a client may link.
struct channel_id {
  wire::channel_type type = wire::channel_type::main;
  std::uint8_t id = 0;
  static auto fields(auto& self) { return std::tie(self.type, self.id); }
  friend bool operator==(const channel_id&, const channel_id&) = default;
};

/// Where a client shall go.
struct migration_target {
  /// 0 for none.
  std::uint16_t port = 0;
  std::uint16_t tls_port = 0;
  std::string host{};
  /// Empty for none.
  std::string certificate_subject{};
  friend bool operator==(const migration_target&, const migration_target&) = default;
};

namespace to_client {

/// The client shall connect to the target and keep both connections.
struct migrate_begin {
  static constexpr std::uint16_t type = 101;
  migration_target target{};
  friend bool operator==(const migrate_begin&, const migrate_begin&) = default;
};
void write(writer& w, const migrate_begin& m);
void read(reader& r, migrate_begin& m);

/// The migration was given up.
struct migrate_cancel : empty_message<102> {};

/// First message after the link.
struct init {
  static constexpr std::uint16_t type = 103;
  /// The connection id for the client's other channels.
  std::uint32_t session_id = 0;
  std::uint32_t display_channels_hint = 0;
  /// Bits mouse_mode_*.
  std::uint32_t supported_mouse_modes = 0;
  std::uint32_t current_mouse_mode = 0;
  /// 0 or 1.
  std::uint32_t agent_connected = 0;
  std::uint32_t agent_tokens = 0;
  std::uint32_t multi_media_time = 0;
  std::uint32_t ram_hint = 0;
  static auto fields(auto& self) {
    return std::tie(self.session_id, self.display_channels_hint, self.supported_mouse_modes, self.current_mouse_mode,
                    self.agent_connected, self.agent_tokens, self.multi_media_time, self.ram_hint);
  }
  friend bool operator==(const init&, const init&) = default;
};

/// Channels that exist, in answer to attach_channels and when one is added.
struct channels_list {
  static constexpr std::uint16_t type = 104;
  std::vector<channel_id> channels{};
  friend bool operator==(const channels_list&, const channels_list&) = default;
};
inline void write(writer& w, const channels_list& m) { write_list<std::uint32_t>(w, m.channels); }
inline void read(reader& r, channels_list& m) { read_list<std::uint32_t>(r, m.channels); }

/// Bits mouse_mode_*.
struct mouse_mode {
  static constexpr std::uint16_t type = 105;
  std::uint16_t supported_modes = 0;
  std::uint16_t current_mode = 0;
  static auto fields(auto& self) { return std::tie(self.supported_modes, self.current_mode); }
  friend bool operator==(const mouse_mode&, const mouse_mode&) = default;
};

/// The server's clock for sound and video, in milliseconds.
struct multi_media_time {
  static constexpr std::uint16_t type = 106;
  std::uint32_t time = 0;
  static auto fields(auto& self) { return std::tie(self.time); }
  friend bool operator==(const multi_media_time&, const multi_media_time&) = default;
};

/// For clients without main_capability::agent_connected_tokens.
struct agent_connected : empty_message<107> {};

/// The agent is gone.
struct agent_disconnected {
  static constexpr std::uint16_t type = 108;
  link_error error = link_error::ok;
  static auto fields(auto& self) { return std::tie(self.error); }
  friend bool operator==(const agent_disconnected&, const agent_disconnected&) = default;
};

/// A piece, at most 2048 bytes, of the stream of agent messages.
struct agent_data {
  static constexpr std::uint16_t type = 109;
  byte_view data{};
  friend bool operator==(const agent_data&, const agent_data&) = default;
};
/// Nothing stands before the data.
inline void write_head(writer&, const agent_data&, std::size_t /*bulk_size*/) {}
inline void write(writer& w, const agent_data& m) { w.bytes(m.data); }
inline void read(reader& r, agent_data& m) { read_tail(r, m.data); }

/// The client may send so many agent_data more.
struct agent_token {
  static constexpr std::uint16_t type = 110;
  std::uint32_t tokens = 0;
  static auto fields(auto& self) { return std::tie(self.tokens); }
  friend bool operator==(const agent_token&, const agent_token&) = default;
};

/// The client shall leave for the target, which does not know it yet.
struct migrate_switch_host {
  static constexpr std::uint16_t type = 111;
  migration_target target{};
  friend bool operator==(const migrate_switch_host&, const migrate_switch_host&) = default;
};
void write(writer& w, const migrate_switch_host& m);
void read(reader& r, migrate_switch_host& m);

/// The source of a semi-seamless migration is done.
struct migrate_end : empty_message<112> {};

/// The VM's name.
struct name {
  static constexpr std::uint16_t type = 113;
  std::string text{};
  friend bool operator==(const name&, const name&) = default;
};
void write(writer& w, const name& m);
void read(reader& r, name& m);

/// The VM's UUID, in the order in which it is printed.
struct uuid {
  static constexpr std::uint16_t type = 114;
  std::array<std::byte, 16> bytes{};
  static auto fields(auto& self) { return std::tie(self.bytes); }
  friend bool operator==(const uuid&, const uuid&) = default;
};

/// The agent is there, and the client may send so many agent_data.
struct agent_connected_tokens {
  static constexpr std::uint16_t type = 115;
  std::uint32_t tokens = 0;
  static auto fields(auto& self) { return std::tie(self.tokens); }
  friend bool operator==(const agent_connected_tokens&, const agent_connected_tokens&) = default;
};

/// As migrate_begin, for a migration that keeps the channels' state.
struct migrate_begin_seamless {
  static constexpr std::uint16_t type = 116;
  migration_target target{};
  std::uint32_t source_version = 0;
  friend bool operator==(const migrate_begin_seamless&, const migrate_begin_seamless&) = default;
};
void write(writer& w, const migrate_begin_seamless& m);
void read(reader& r, migrate_begin_seamless& m);

/// The target takes the channels' state.
struct migrate_dst_seamless_ack : empty_message<117> {};

/// The target does not.
struct migrate_dst_seamless_nack : empty_message<118> {};

using message =
    std::variant<migrate_begin, migrate_cancel, init, channels_list, mouse_mode, multi_media_time, agent_connected,
                 agent_disconnected, agent_data, agent_token, migrate_switch_host, migrate_end, name, uuid,
                 agent_connected_tokens, migrate_begin_seamless, migrate_dst_seamless_ack, migrate_dst_seamless_nack>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_client

namespace to_server {

/// How much the client can cache. The reference knows it but has no use for it.
struct client_info {
  static constexpr std::uint16_t type = 101;
  std::uint64_t cache_size = 0;
  static auto fields(auto& self) { return std::tie(self.cache_size); }
  friend bool operator==(const client_info&, const client_info&) = default;
};

/// The client is connected to the migration target.
struct migrate_connected : empty_message<102> {};

/// The client cannot connect to the migration target.
struct migrate_connect_error : empty_message<103> {};

/// Asks for channels_list.
struct attach_channels : empty_message<104> {};

/// One of mouse_mode_*.
struct mouse_mode_request {
  static constexpr std::uint16_t type = 105;
  std::uint16_t mode = 0;
  static auto fields(auto& self) { return std::tie(self.mode); }
  friend bool operator==(const mouse_mode_request&, const mouse_mode_request&) = default;
};

/// The client is ready for so many agent_data.
struct agent_start {
  static constexpr std::uint16_t type = 106;
  std::uint32_t tokens = 0;
  static auto fields(auto& self) { return std::tie(self.tokens); }
  friend bool operator==(const agent_start&, const agent_start&) = default;
};

/// A piece, at most 2048 bytes, of the stream of agent messages.
struct agent_data {
  static constexpr std::uint16_t type = 107;
  byte_view data{};
  friend bool operator==(const agent_data&, const agent_data&) = default;
};
/// Nothing stands before the data.
inline void write_head(writer&, const agent_data&, std::size_t /*bulk_size*/) {}
inline void write(writer& w, const agent_data& m) { w.bytes(m.data); }
inline void read(reader& r, agent_data& m) { read_tail(r, m.data); }

/// The server may send so many agent_data more.
struct agent_token {
  static constexpr std::uint16_t type = 108;
  std::uint32_t tokens = 0;
  static auto fields(auto& self) { return std::tie(self.tokens); }
  friend bool operator==(const agent_token&, const agent_token&) = default;
};

/// Said to the target of a semi-seamless migration: the client has left the source.
struct migrate_end : empty_message<109> {};

/// Asks the target for a seamless migration.
struct migrate_dst_do_seamless {
  static constexpr std::uint16_t type = 110;
  std::uint32_t source_version = 0;
  static auto fields(auto& self) { return std::tie(self.source_version); }
  friend bool operator==(const migrate_dst_do_seamless&, const migrate_dst_do_seamless&) = default;
};

/// The client is connected to the target, which agreed to a seamless migration.
struct migrate_connected_seamless : empty_message<111> {};

/// Not handled by the reference.
struct quality_indicator {
  static constexpr std::uint16_t type = 112;
  byte_view data{};
  friend bool operator==(const quality_indicator&, const quality_indicator&) = default;
};
inline void write(writer& w, const quality_indicator& m) { w.bytes(m.data); }
inline void read(reader& r, quality_indicator& m) { read_tail(r, m.data); }

using message = std::variant<client_info, migrate_connected, migrate_connect_error, attach_channels, mouse_mode_request,
                             agent_start, agent_data, agent_token, migrate_end, migrate_dst_do_seamless,
                             migrate_connected_seamless, quality_indicator>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_server

} // namespace saffron::wire::main_channel
