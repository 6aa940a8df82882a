// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/usbredir_protocol.hpp"

#include <utility>

namespace saffron::devices {

std::optional<outgoing> usbredir_protocol::read(char_io& from, std::uint64_t budget) {
  auto out = stream_protocol::read(from, budget);
  if (!out || check_.from_guest(out->message.data.view())) return out;
  host_.guest_failed("what it sent is no USB redirection");
  return std::nullopt;
}

result<void> usbredir_protocol::from_client(client_id client, shared_bytes data, std::uint64_t price) {
  auto passed = check_.from_client(data);
  if (!passed) return fail{passed.error()};
  client_ = client;
  // A byte costs a token, so what passes now and what is kept always add up to what was paid.
  held_ += price;
  for (auto* part : {&passed->held, &passed->piece}) {
    const auto size = part->size();
    if (size == 0) continue;
    held_ -= size;
    if (auto written = queues().write_client(client, std::move(*part), size); !written) return written;
  }
  return {};
}

void usbredir_protocol::start_anew() {
  check_ = {};
  held_ = 0;
}

void usbredir_protocol::closed() {
  if (held_ != 0) queues().release_client_tokens(client_, held_);
  start_anew();
}

} // namespace saffron::devices
