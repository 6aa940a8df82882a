// SPDX-License-Identifier: BSD-3-Clause
#include "tablet_channel.hpp"

#include <fmt/format.h>

namespace tablet {

using saffron::errc;
using saffron::fail;
using saffron::shared_bytes;

// The device counts the tokens: a pen without one ends the channel, and each comes back when the guest has the pen.
void tablet_channel::on_start() {
  saffron::client_flow flow;
  flow.client_tokens = window;
  ports_.attach(flow);
}

void tablet_channel::attached(const saffron::device_attached& answer) {
  if (answer.error != errc::none) return ports_.leave(answer.error);
  send(tokens{window});
}

saffron::result<void> tablet_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  if (type != pen::type) return fail{errc::unknown_message};
  const auto p = saffron::wire::decode<pen>(body);
  if (!p) return fail{p.error()};
  const auto line = fmt::format("pen {} {} {}\n", p->x, p->y, p->pressure);
  ports_.write(shared_bytes::copy_of(std::as_bytes(std::span{line})));
  return {};
}

} // namespace tablet
