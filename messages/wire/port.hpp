// SPDX-License-Identifier: BSD-3-Clause
// The channels that carry one stream of bytes each: USB redirection (9), ports (10) and WebDAV (11). Source:
// spice-protocol's enums.h. On a USB channel only plain_data and compressed_data are valid: whoever receives must
// refuse init and event there. A compressed_data is unpacked with decompress() of port_compression.hpp. Views
// (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"

#include <string>
#include <variant>

namespace saffron::wire::port {

/// SPICE_DATA_COMPRESSION_TYPE_*.
enum class compression_type : std::uint8_t { none = 0, lz4 = 1 };

/// SPICE_PORT_EVENT_*: what one end of a port did. No other number decodes.
enum class event_code : std::uint8_t { opened = 0, closed = 1, break_sent = 2 };

/// Bytes of the stream, at least one.
struct plain_data {
  static constexpr std::uint16_t type = 101;
  byte_view data{};
  friend bool operator==(const plain_data&, const plain_data&) = default;
};
/// Nothing: all of the body may be sent from shared memory.
inline void write_head(writer& /*w*/, const plain_data& /*m*/, std::size_t /*bulk_size*/) {}
inline void write(writer& w, const plain_data& m) { w.bytes(m.data); }
inline void read(reader& r, plain_data& m) { read_tail(r, m.data); }

/// Bytes of the stream, packed. A server sends it to clients with port_capability::data_compress_lz4 only; clients may
/// send it at any time.
struct compressed_data {
  static constexpr std::uint16_t type = 102;
  /// Another number does not decode.
  compression_type compression = compression_type::none;
  /// What a peer claims that the data unpack to; not on the wire, and 0, for compression_type::none.
  std::uint32_t uncompressed_size = 0;
  /// At least one byte. For LZ4, one block without a frame.
  byte_view data{};
  friend bool operator==(const compressed_data&, const compressed_data&) = default;
};
/// Everything but the data, which may then be sent from shared memory.
void write_head(writer& w, const compressed_data& m, std::size_t bulk_size);
void write(writer& w, const compressed_data& m);
void read(reader& r, compressed_data& m);

namespace to_client {

using port::compressed_data;
using port::plain_data;

/// First message of a port or WebDAV channel.
struct init {
  static constexpr std::uint16_t type = 201;
  /// "org.saffron.echo.0".
  std::string name{};
  /// The VM's side is there.
  bool opened = false;
  friend bool operator==(const init&, const init&) = default;
};
void write(writer& w, const init& m);
void read(reader& r, init& m);

/// The VM's side was opened or closed, or sent a break.
struct event {
  static constexpr std::uint16_t type = 202;
  event_code code = event_code::opened;
  friend bool operator==(const event&, const event&) = default;
};
void write(writer& w, const event& m);
void read(reader& r, event& m);

using message = std::variant<plain_data, compressed_data, init, event>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_client

namespace to_server {

using port::compressed_data;
using port::plain_data;

/// The client opened or closed its end, or sends a break.
struct event {
  static constexpr std::uint16_t type = 201;
  event_code code = event_code::opened;
  friend bool operator==(const event&, const event&) = default;
};
void write(writer& w, const event& m);
void read(reader& r, event& m);

using message = std::variant<plain_data, compressed_data, event>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_server

} // namespace saffron::wire::port
