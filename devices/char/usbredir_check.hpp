// SPDX-License-Identifier: BSD-3-Clause
// Looks at the stream of a USB redirection client before any of it reaches the guest, so that a guest's usbredirparser
// never has to refuse what a client sent. Headers are held back until they are whole and right; all other bytes pass
// as they are, without a copy. Both sides' hellos decide how packets look, so the guest's words are watched as well.
//   auto ok = check.from_guest(bytes);          // everything that was read from the device
//   auto passed = check.from_client(bytes);     // then write passed->held (when not empty), then passed->piece
// One checker serves one pair of streams: both sides start anew with a new one. After an error it passes nothing more.
#pragma once

#include "devices/char/usbredir_layout.hpp"
#include "messages/bytes.hpp"
#include "messages/errc.hpp"

#include <optional>
#include <span>
#include <vector>

namespace saffron::devices {

/// Bytes that may go to the guest now; either may be empty.
struct usbredir_passed {
  /// What was held back before: the start of a header, at most some hundred bytes. Goes first.
  shared_bytes held;
  /// The part of the piece that may pass; what follows it is kept.
  shared_bytes piece;
};

class usbredir_check {
public:
  /// Bytes of the client, in any pieces. errc::bad_message for what a usb-host must not send; errc::out_of_order for a
  /// second hello, or anything before both hellos.
  [[nodiscard]] result<usbredir_passed> from_client(const shared_bytes& piece);
  /// Bytes of the guest, in any pieces. errc::bad_message when they do not start with a hello; the client's are then
  /// refused too. Costs nothing after the hello.
  [[nodiscard]] result<void> from_guest(std::span<const std::byte> bytes);

private:
  [[nodiscard]] result<usbredir_passed> scan(const shared_bytes& piece);
  [[nodiscard]] result<void> begin_packet();
  [[nodiscard]] result<void> check_header();
  [[nodiscard]] result<void> check_fixed();
  [[nodiscard]] result<void> check_data(std::uint32_t endpoint, std::uint32_t claimed) const;
  [[nodiscard]] bool guest_can(std::uint32_t capability) const;
  /// A number of the current packet, `offset` bytes behind its header.
  [[nodiscard]] std::uint32_t field(std::size_t offset, std::size_t size) const;

  /// What the client and the guest announced in their hellos.
  std::optional<std::uint32_t> client_capabilities_, guest_capabilities_;
  /// What has come of the guest's hello.
  std::vector<std::byte> guest_hello_;
  bool guest_failed_ = false;

  /// The current packet as far as it is to be looked at, and how much of it that will be.
  std::vector<std::byte> head_;
  std::size_t wanted_ = 0, header_size_ = 0;
  bool header_checked_ = false;
  usbredir::packet_type type_ = usbredir::packet_type::hello;
  /// Of the current packet: all behind the header, and the part of it that is not fixed.
  std::uint32_t length_ = 0, data_size_ = 0;
  /// Bytes of the current packet that pass without a look.
  std::uint32_t left_ = 0;
  bool failed_ = false;
};

} // namespace saffron::devices
