// SPDX-License-Identifier: BSD-3-Clause
// A USB device: a stream whose packets are checked before they reach the guest, because a malformed one has made QEMU
// abort.
#pragma once

#include "devices/char/stream_protocol.hpp"
#include "devices/char/usbredir_check.hpp"

#include <cstdint>

namespace saffron::devices {

class usbredir_protocol final : public stream_protocol {
public:
  explicit usbredir_protocol(protocol_host& host) : host_(host) {}

  std::optional<outgoing> read(char_io& from, std::uint64_t budget) override;
  result<void> from_client(client_id client, shared_bytes data, std::uint64_t price) override;
  /// Each user brings a stream of its own, and may begin it before the guest does.
  void attached(client_id) override { start_anew(); }
  void closed() override;

private:
  void start_anew();

  protocol_host& host_;
  usbredir_check check_;
  client_id client_ = 0;
  /// Bytes that the checker keeps, whose tokens the client waits for.
  std::uint64_t held_ = 0;
};

} // namespace saffron::devices
