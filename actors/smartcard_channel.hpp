// SPDX-License-Identifier: BSD-3-Clause
// The logic of a smartcard client: one channel for all readers of a VM. A reader is a device of its own; a client takes
// the first free one when it says ReaderAdd, and keeps it until it ends. spice-gtk does so once in a process: in a
// later session it only inserts its card again, into the reader of the number that it had, and that takes the reader as
// well. The number of a reader is its place among the VM's smartcard devices.
#pragma once

#include "actors/channel_setup.hpp"
#include "messages/char_device.hpp"
#include "messages/wire/smartcard.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace saffron::actors {

/// What a smartcard client does with the VM's readers and with its connection.
struct smartcard_ports {
  /// Asks for a reader; attach_answered() follows.
  std::function<void(std::size_t reader, const client_flow&)> attach;
  /// A whole wire::smartcard::data for a reader; costs one client token.
  std::function<void(std::size_t reader, shared_bytes)> write;
  /// The client can take more from a reader.
  std::function<void(std::size_t reader, std::uint64_t tokens)> grant;
  /// True: no message may come from the peer until false.
  std::function<void(bool)> hold;
};

class smartcard_channel final : public channel {
public:
  smartcard_channel(channel_context context, smartcard_ports ports, std::size_t readers);

  void attach_answered(std::size_t reader, const device_attached& answer);
  void tokens_freed(std::size_t reader, std::uint64_t tokens);
  /// A message of a device: its reader number becomes `reader`.
  void device_says(std::size_t reader, const device_message& message);

private:
  struct reader_state {
    bool attached = false, added = false;
    std::uint64_t tokens = 0;
    /// Messages that were sent and are still on their way to the peer.
    std::uint64_t unconfirmed = 0;
  };

  void on_start() override {}
  result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;
  void on_room() override;

  /// What waits for a reader that was asked for.
  struct question {
    std::size_t reader = 0;
    /// For this reader only; none: a ReaderAdd, for which any reader will do.
    std::optional<shared_bytes> atr{};
  };

  void add_reader();
  void try_from(std::size_t reader);
  void ask(question what);
  void remove_reader(std::uint32_t reader);
  [[nodiscard]] result<void> pass(const wire::smartcard::data& message);
  void tell(std::size_t reader, shared_bytes message);
  void refuse(wire::smartcard::error_code code, std::uint32_t reader);
  [[nodiscard]] bool is_added(std::uint32_t reader) const;
  void update_hold();

  smartcard_ports ports_;
  std::vector<reader_state> readers_;
  /// The last one, while it has no answer.
  std::optional<question> asked_;
  bool held_ = false;
};

} // namespace saffron::actors
