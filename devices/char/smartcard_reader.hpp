// SPDX-License-Identifier: BSD-3-Clause
// One smartcard reader of a VM: turns the device's messages (header in network order) into the SPICE channel's (little
// endian) and back. Towards the device the reader is always number 0; whoever has several readers puts the number in.
// Each message costs one token. Facts: spice-protocol's smartcard channel, libcacard's vscard_common.h.
#pragma once

#include "devices/char/device_protocol.hpp"
#include "messages/wire/smartcard.hpp"

#include <optional>
#include <vector>

namespace saffron::devices {

class smartcard_reader final : public device_protocol {
public:
  /// The host outlives the reader.
  explicit smartcard_reader(protocol_host& host) : host_(host) {}

  void connect(device_queues& queues) override { queues_ = &queues; }

  /// A device_message is a whole wire::smartcard::data.
  std::optional<outgoing> read(char_io& from, std::uint64_t budget) override;
  /// `data` is a whole wire::smartcard::data. errc::bad_message when it is not, or is too long; errc::out_of_order when
  /// it needs a reader that the client has not: ReaderAdd makes it the client's, and so does an ATR while it is
  /// nobody's.
  [[nodiscard]] result<void> from_client(client_id client, shared_bytes data, std::uint64_t price) override;
  /// The reader that was the client's is removed.
  void detached(client_id client) override;
  /// A guest that comes, or comes back, does not know the client's reader and card yet: it is told.
  void opened() override;
  void closed() override;

private:
  [[nodiscard]] result<void> handle(client_id client, const wire::smartcard::data& message, std::uint64_t price);
  [[nodiscard]] bool fill(char_io& from, std::size_t size);
  [[nodiscard]] bool is_for_client(wire::smartcard::message_type type, std::span<const std::byte> payload);
  void tell_device(wire::smartcard::message_type type, std::span<const std::byte> payload);

  device_queues* queues_ = nullptr;
  protocol_host& host_;
  /// The device's current message, as far as it has come.
  std::vector<std::byte> input_;
  /// The guest is there. What a client says to none is only remembered.
  bool open_ = false;
  /// The device sent nonsense: nothing is read until it opens anew.
  bool broken_ = false;
  /// Whose reader it is, if anybody's, and the card in it.
  std::optional<client_id> owner_;
  shared_bytes atr_;
  /// Messages of the client that the device answers with an error, or a success, and has not.
  std::uint64_t unanswered_ = 0;
};

} // namespace saffron::devices
