// SPDX-License-Identifier: BSD-3-Clause
// The logic of a tablet client: pens become lines of text for the VM's port, within a window of tokens.
#pragma once

#include "actors/channel.hpp"
#include "messages/char_device.hpp"
#include "tablet_wire.hpp"

#include <functional>

namespace tablet {

/// Where a tablet client's words go.
struct tablet_ports {
  std::function<void(saffron::client_flow)> attach;
  std::function<void(saffron::shared_bytes)> write;
  std::function<void(saffron::errc)> leave;
};

class tablet_channel final : public saffron::actors::channel {
public:
  tablet_channel(saffron::actors::channel_context context, tablet_ports ports)
      : channel(std::move(context)), ports_(std::move(ports)) {}

  void attached(const saffron::device_attached& answer);
  void granted(saffron::token_grant grant) { send(tokens{static_cast<std::uint32_t>(grant.tokens)}); }
  void removed(saffron::remove_client why) { ports_.leave(why.reason); }

private:
  void on_start() override;
  saffron::result<void> on_message(std::uint16_t type, std::span<const std::byte> body) override;

  tablet_ports ports_;
};

} // namespace tablet
