// SPDX-License-Identifier: BSD-3-Clause
// What stands before every message once a link is made: the mini or the full data header, and lists of sub-messages.
// Source: spice-protocol's protocol.h.
#pragma once

#include "messages/wire/fields.hpp"

namespace saffron::wire {

/// Used in both directions when the client has common_capability::mini_header.
struct mini_header {
  static constexpr std::size_t wire_size = 6;
  std::uint16_t type = 0;
  /// Bytes of the body.
  std::uint32_t size = 0;

  static auto fields(auto& self) { return std::tie(self.type, self.size); }
  friend bool operator==(const mini_header&, const mini_header&) = default;
};

/// Used with clients that lack mini headers.
struct full_header {
  static constexpr std::size_t wire_size = 18;
  /// Counts every message of a channel, from 1. Mini headers imply it.
  std::uint64_t serial = 0;
  std::uint16_t type = 0;
  std::uint32_t size = 0;
  /// Offset in the body of a list of sub-messages, which the client handles before the message itself; 0 for none.
  std::uint32_t sub_list = 0;

  static auto fields(auto& self) { return std::tie(self.serial, self.type, self.size, self.sub_list); }
  friend bool operator==(const full_header&, const full_header&) = default;
};

[[nodiscard]] std::array<std::byte, mini_header::wire_size> encode_header(const mini_header& header) noexcept;
[[nodiscard]] std::array<std::byte, full_header::wire_size> encode_header(const full_header& header) noexcept;
[[nodiscard]] mini_header decode_mini_header(std::span<const std::byte, mini_header::wire_size> bytes) noexcept;
[[nodiscard]] full_header decode_full_header(std::span<const std::byte, full_header::wire_size> bytes) noexcept;

/// A message inside another one's body. Its own pointers count from the start of its own body.
struct sub_message {
  std::uint16_t type = 0;
  byte_view body{};
  friend bool operator==(const sub_message&, const sub_message&) = default;
};

/// The list at `offset` of a body: full_header::sub_list, or 0 for the body of common::to_client::list.
/// errc::bad_message when anything lies outside the body. Views into it, so overlapping sub-messages cost nothing.
[[nodiscard]] result<std::vector<sub_message>> read_sub_messages(std::span<const std::byte> body, std::uint32_t offset);

/// Appends a list and its sub-messages, at most 65535; returns the list's offset for full_header::sub_list.
std::uint32_t write_sub_messages(writer& w, std::span<const sub_message> messages);

} // namespace saffron::wire
