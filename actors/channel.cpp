// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel.hpp"

#include "messages/wire/common.hpp"

namespace saffron::actors {

namespace {

namespace to_client = wire::common::to_client;
namespace to_server = wire::common::to_server;

// Ids of our own pings start here, away from those of the main channel's bandwidth test.
constexpr std::uint32_t first_ping_id = 0x10000;
// Types below belong to all channels.
constexpr std::uint16_t first_channel_type = 101;

std::uint64_t nanoseconds(steady_time t) {
  return static_cast<std::uint64_t>(std::chrono::nanoseconds{t.time_since_epoch()}.count());
}

wire::link_error wire_reason(errc reason) {
  switch (reason) {
  case errc::none:
  case errc::closed_by_us:
  case errc::shutting_down: return wire::link_error::ok;
  case errc::taken_over:
  case errc::permission_denied: return wire::link_error::permission_denied;
  default: return wire::link_error::error;
  }
}

} // namespace

channel::channel(channel_context context)
    : context_(std::move(context)), acks_(context_.ack_window), outlet_(context_.out, acks_),
      last_received_(context_.now()), last_ping_(last_received_), ping_id_(first_ping_id) {}

void channel::start() {
  context_.out.send(to_client::set_ack{acks_.renew(), acks_.window()});
  on_start();
  ping();
}

result<void> channel::receive(std::uint16_t type, std::span<const std::byte> body) {
  last_received_ = now();
  if (type >= first_channel_type) return on_message(type, body);
  const auto message = to_server::decode_any(type, body);
  if (!message) return fail{message.error()};
  return std::visit(overloaded{
                        [&](const to_server::ack_sync& m) -> result<void> {
                          acks_.synced(m.generation);
                          return {};
                        },
                        [&](const to_server::ack&) -> result<void> {
                          acks_.acknowledged();
                          offer_room();
                          return {};
                        },
                        [&](const to_server::pong& m) -> result<void> {
                          pong(m.id);
                          return {};
                        },
                        [](const to_server::disconnecting&) -> result<void> { return {}; },
                        // Nothing is migrating; the reference aborted here.
                        [](const auto&) -> result<void> { return fail{errc::out_of_order}; },
                    },
                    *message);
}

result<void> channel::tick() {
  const auto t = now();
  if (t - last_received_ >= context_.timing.connectivity_timeout) return fail{errc::timed_out};
  if (t - last_ping_ >= context_.timing.ping_interval) ping();
  return {};
}

void channel::ping() {
  // One on the way is enough: a peer that does not answer must not collect pings.
  if (ping_pending_) return;
  ping_pending_ = true;
  last_ping_ = now();
  send(to_client::ping{++ping_id_, nanoseconds(last_ping_), {}});
}

void channel::pong(std::uint32_t id) {
  if (!ping_pending_ || id != ping_id_) return on_pong(id);
  ping_pending_ = false;
  const auto round_trip = std::chrono::duration_cast<std::chrono::microseconds>(now() - last_ping_);
  if (latency_.count() == 0 || round_trip < latency_) latency_ = std::max(round_trip, std::chrono::microseconds{1});
}

void channel::say_disconnecting(errc reason) {
  send(to_client::disconnecting{nanoseconds(now()), wire_reason(reason)});
}

} // namespace saffron::actors
