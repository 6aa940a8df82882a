// SPDX-License-Identifier: BSD-3-Clause
// The messages that every channel has, below 101. Source: spice-protocol's enums.h.
// Views (byte_view, sub_message) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/header.hpp"
#include "messages/wire/link.hpp"

#include <variant>

namespace saffron::wire::common {

/// SPICE_MIGRATE_*: what the client must do with a channel before it moves.
namespace migrate_flags {
inline constexpr std::uint32_t need_flush = 1, need_data_transfer = 2;
}

/// SPICE_NOTIFY_SEVERITY_*.
enum class notify_severity : std::uint32_t { info = 0, warn = 1, error = 2 };
/// SPICE_NOTIFY_VISIBILITY_*.
enum class notify_visibility : std::uint32_t { low = 0, medium = 1, high = 2 };

/// A channel must have handled its message `serial` before this one goes on.
struct channel_wait {
  wire::channel_type channel_type = wire::channel_type::display;
  std::uint8_t channel_id = 0;
  std::uint64_t serial = 0;
  static auto fields(auto& self) { return std::tie(self.channel_type, self.channel_id, self.serial); }
  friend bool operator==(const channel_wait&, const channel_wait&) = default;
};

namespace to_client {

/// The channel moves to the migration target.
struct migrate {
  static constexpr std::uint16_t type = 1;
  /// Bits of migrate_flags.
  std::uint32_t flags = 0;
  static auto fields(auto& self) { return std::tie(self.flags); }
  friend bool operator==(const migrate&, const migrate&) = default;
};

/// The channel's state, which the client hands to the target unread; see migration.hpp.
struct migrate_data {
  static constexpr std::uint16_t type = 2;
  byte_view data{};
  friend bool operator==(const migrate_data&, const migrate_data&) = default;
};
inline void write(writer& w, const migrate_data& m) { w.bytes(m.data); }
inline void read(reader& r, migrate_data& m) { read_tail(r, m.data); }

/// Asks for an acknowledgement after every `window` messages.
struct set_ack {
  static constexpr std::uint16_t type = 3;
  std::uint32_t generation = 0;
  std::uint32_t window = 0;
  static auto fields(auto& self) { return std::tie(self.generation, self.window); }
  friend bool operator==(const set_ack&, const set_ack&) = default;
};

/// Asks for a pong. The data only fills the line, for measuring it, and does not come back.
struct ping {
  static constexpr std::uint16_t type = 4;
  std::uint32_t id = 0;
  std::uint64_t timestamp = 0;
  byte_view data{};
  friend bool operator==(const ping&, const ping&) = default;
};
/// Everything but the data, which may then be sent from shared memory.
inline void write_head(writer& w, const ping& m, std::size_t /*bulk_size*/) { w.u32(m.id).u64(m.timestamp); }
inline void write(writer& w, const ping& m) {
  write_head(w, m, m.data.size());
  w.bytes(m.data);
}
inline void read(reader& r, ping& m) {
  m.id = r.u32();
  m.timestamp = r.u64();
  m.data = r.rest();
}

/// The client must wait for other channels of its own before it goes on with this one. At most 255.
struct wait_for_channels {
  static constexpr std::uint16_t type = 5;
  std::vector<channel_wait> channels{};
  friend bool operator==(const wait_for_channels&, const wait_for_channels&) = default;
};
inline void write(writer& w, const wait_for_channels& m) { write_list<std::uint8_t>(w, m.channels); }
inline void read(reader& r, wait_for_channels& m) { read_list<std::uint8_t>(r, m.channels); }

/// The server is about to close.
struct disconnecting {
  static constexpr std::uint16_t type = 6;
  std::uint64_t time = 0;
  link_error reason = link_error::ok;
  static auto fields(auto& self) { return std::tie(self.time, self.reason); }
  friend bool operator==(const disconnecting&, const disconnecting&) = default;
};

/// A text for the user.
struct notify {
  static constexpr std::uint16_t type = 7;
  /// Nanoseconds.
  std::uint64_t time = 0;
  notify_severity severity = notify_severity::info;
  notify_visibility visibility = notify_visibility::low;
  /// A warning, information or error code, by severity; 0 is general.
  std::uint32_t what = 0;
  std::string text{};
  friend bool operator==(const notify&, const notify&) = default;
};
void write(writer& w, const notify& m);
void read(reader& r, notify& m);

/// Several messages in one.
struct list {
  static constexpr std::uint16_t type = 8;
  std::vector<sub_message> messages{};
  friend bool operator==(const list&, const list&) = default;
};
void write(writer& w, const list& m);
void read(reader& r, list& m);

using message = std::variant<migrate, migrate_data, set_ack, ping, wait_for_channels, disconnecting, notify, list>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_client

namespace to_server {

/// Answers set_ack with its generation.
struct ack_sync {
  static constexpr std::uint16_t type = 1;
  std::uint32_t generation = 0;
  static auto fields(auto& self) { return std::tie(self.generation); }
  friend bool operator==(const ack_sync&, const ack_sync&) = default;
};

/// A window of messages was handled.
struct ack : empty_message<2> {};

/// Answers ping with its id and timestamp.
struct pong {
  static constexpr std::uint16_t type = 3;
  std::uint32_t id = 0;
  std::uint64_t timestamp = 0;
  static auto fields(auto& self) { return std::tie(self.id, self.timestamp); }
  friend bool operator==(const pong&, const pong&) = default;
};

/// Nothing that the client sends after this belongs to the migration source.
struct migrate_flush_mark : empty_message<4> {};

/// The source's migrate_data, brought to the target.
struct migrate_data {
  static constexpr std::uint16_t type = 5;
  byte_view data{};
  friend bool operator==(const migrate_data&, const migrate_data&) = default;
};
inline void write(writer& w, const migrate_data& m) { w.bytes(m.data); }
inline void read(reader& r, migrate_data& m) { read_tail(r, m.data); }

/// The client is about to close.
struct disconnecting {
  static constexpr std::uint16_t type = 6;
  std::uint64_t time = 0;
  link_error reason = link_error::ok;
  static auto fields(auto& self) { return std::tie(self.time, self.reason); }
  friend bool operator==(const disconnecting&, const disconnecting&) = default;
};

using message = std::variant<ack_sync, ack, pong, migrate_flush_mark, migrate_data, disconnecting>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_server

} // namespace saffron::wire::common
