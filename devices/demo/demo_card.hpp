// SPDX-License-Identifier: BSD-3-Clause
// A guest with a smartcard reader: accepts a client's reader and card, asks the card who it is, and tells what it
// answered. It speaks as QEMU's ccid-card-passthru does: every request but an APDU is answered with an error or
// success.
#pragma once

#include "devices/char/memory_backend.hpp"
#include "messages/wire/smartcard.hpp"

#include <functional>
#include <vector>

namespace saffron::devices::demo {

class demo_card final : public memory_peer {
public:
  /// `answered` hears what the card of a client says to each of the guest's commands, with its two status bytes.
  explicit demo_card(std::function<void(std::span<const std::byte>)> answered) : answered_(std::move(answered)) {}

  void on_start(memory_line& line) override;
  std::size_t on_bytes(std::span<const std::byte> bytes) override;
  void on_room() override;

private:
  void handle(wire::smartcard::message_type type);
  void send(wire::smartcard::message_type type, std::span<const std::byte> payload);
  void succeed();
  void ask_card();
  void flush();

  std::function<void(std::span<const std::byte>)> answered_;
  memory_line* line_ = nullptr;
  /// The message that is arriving, and what has not fitted on the line yet; while there is some, nothing is taken.
  std::vector<std::byte> input_, output_;
  /// The next command for the card.
  std::size_t next_ = 0;
};

/// For a char_device_offer of kind smartcard.
[[nodiscard]] std::shared_ptr<char_backend>
make_card_backend(std::function<void(std::span<const std::byte> answer)> answered);

} // namespace saffron::devices::demo
