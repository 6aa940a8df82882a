// SPDX-License-Identifier: BSD-3-Clause
// The smartcard channel: messages of the "virtual smartcard" protocol (libcacard's vscard_common.h), in both directions
// as one SPICE message each. On a SPICE channel its header is little endian; on the VM's device the same header is in
// network order. What follows a header is never converted: it has the order that its writer gave it.
// Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"

#include <array>
#include <variant>

namespace saffron::wire::smartcard {

/// VSCMsgType.
enum class message_type : std::uint32_t {
  /// Magic, version and capabilities of the side that sends it; between a device and its server only.
  init = 1,
  /// An error_code: the answer to every message that asks for something.
  error = 2,
  /// A client has a reader; its name follows, without a NUL.
  reader_add = 3,
  /// A client's reader is gone.
  reader_remove = 4,
  /// A card was inserted; its answer-to-reset follows, at most 40 bytes.
  atr = 5,
  /// The card was taken out.
  card_remove = 6,
  /// A command for the card, or the card's answer, follows.
  apdu = 7,
  /// The device waits until every APDU was answered.
  flush = 8,
  flush_complete = 9,
};

/// VSCErrorCode: the payload of message_type::error.
enum class error_code : std::uint32_t {
  success = 0,
  general_error = 1,
  cannot_add_more_readers = 2,
  card_already_inserted = 3,
};

/// VSCARD_UNDEFINED_READER_ID: what a reader that was not added yet is called.
inline constexpr std::uint32_t undefined_reader = 0xffffffff;
/// The longest answer-to-reset that cards give, and the longest extended APDU with its status.
inline constexpr std::size_t atr_limit = 40;
inline constexpr std::size_t payload_limit = 64 * 1024 + 16;

/// Before each message. VSCMsgHeader.
struct message_header {
  static constexpr std::size_t wire_size = 12;
  message_type type = message_type::init;
  std::uint32_t reader = undefined_reader;
  /// Bytes that follow.
  std::uint32_t length = 0;
  static auto fields(auto& self) { return std::tie(self.type, self.reader, self.length); }
  friend bool operator==(const message_header&, const message_header&) = default;
};

/// A header as it is on the VM's device.
[[nodiscard]] std::array<std::byte, message_header::wire_size> to_network(const message_header& h);
[[nodiscard]] message_header from_network(std::span<const std::byte, message_header::wire_size> bytes);

/// The payload of message_type::error, little endian: as a server writes it that speaks for itself.
struct error {
  error_code code = error_code::success;
  static auto fields(auto& self) { return std::tie(self.code); }
  friend bool operator==(const error&, const error&) = default;
};

/// One message in SPICE's order, in either direction.
struct data {
  static constexpr std::uint16_t type = 101;
  message_type kind = message_type::init;
  std::uint32_t reader = undefined_reader;
  /// As long as the header said; what follows it in the body is ignored.
  byte_view payload{};
  friend bool operator==(const data&, const data&) = default;
};
void write(writer& w, const data& m);
void read(reader& r, data& m);

/// Any message of the channel; both directions are the same.
using message = std::variant<data>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace saffron::wire::smartcard
