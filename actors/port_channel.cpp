// SPDX-License-Identifier: BSD-3-Clause
#include "actors/port_channel.hpp"

#include "messages/wire/port.hpp"
#include "messages/wire/port_compression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace saffron::actors {

namespace {

namespace port = wire::port;
namespace to_client = wire::port::to_client;
namespace to_server = wire::port::to_server;

} // namespace

port_channel::port_channel(channel_context context, port_ports ports, port_peer peer)
    : channel(std::move(context)), ports_(std::move(ports)), peer_(std::move(peer)) {}

void port_channel::on_start() {
  client_flow flow;
  flow.max_send_queue_size = defaults::shared_port_queue; // the limit in bytes is the one that counts
  flow.max_send_queue_bytes = defaults::shared_port_queue;
  flow.client_tokens = defaults::stream_window;
  flow.send_tokens = defaults::stream_send_window;
  ports_.attach(flow);
}

void port_channel::attached(const device_attached& answer) {
  if (answer.error != errc::none) return leave(" cannot be opened: ", answer.error);
  attached_ = true;
  if (tells_events()) send(to_client::init{peer_.name, answer.opened});
  write_waiting();
}

// -- from the device --------------------------------------------------------------------------------------------------

void port_channel::data(const device_message& message) {
  taken_ += message.price;
  const auto packed = peer_.packs ? port::compress(message.data.view()) : std::nullopt;
  if (packed) {
    wire::writer head;
    const port::compressed_data described{
        port::compression_type::lz4, static_cast<std::uint32_t>(message.data.size()), {}};
    port::write_head(head, described, packed->size());
    send(port::compressed_data::type, head.view(), {&*packed, 1});
  } else {
    send(port::plain_data::type, {}, {&message.data, 1});
  }
}

// Everything that came is in the kernel: the device may send as much again.
void port_channel::return_credit() {
  if (taken_ != 0) ports_.add_send_tokens(std::exchange(taken_, 0));
}

void port_channel::event(device_event e) {
  if (tells_events())
    send(to_client::event{e.event});
  else if (e.event == port_event::closed)
    leave(" was closed: ", errc::backend_gone); // the next stream begins with a hello, which this peer has heard
}

void port_channel::removed(remove_client why) { leave(" was closed: ", why.reason); }

void port_channel::leave(std::string_view verb, errc reason) {
  if (std::exchange(leaving_, true)) return;
  const auto subject = peer_.kind == char_device_kind::usbredir ? std::string{"the USB channel"} : "port " + peer_.name;
  ports_.notify(fmt::format("{}{}{}", subject, verb, to_string(reason)));
  ports_.leave(reason);
}

// -- to the device ----------------------------------------------------------------------------------------------------

result<void> port_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto message = to_server::decode_any(type, body);
  if (!message) return fail{message.error()};
  return std::visit(overloaded{
                        [&](const port::plain_data& m) { return write(shared_bytes::copy_of(m.data)); },
                        [&](const port::compressed_data& m) -> result<void> {
                          auto bytes = port::decompress(m, defaults::port_message_limit);
                          if (!bytes) return fail{bytes.error()};
                          return write(*bytes);
                        },
                        [&](const to_server::event& m) -> result<void> {
                          if (!tells_events()) return fail{errc::unknown_message};
                          ports_.event(m.code);
                          return {};
                        },
                    },
                    *message);
}

result<void> port_channel::write(const shared_bytes& bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += defaults::stream_piece)
    waiting_.push_back(bytes.part(at, std::min(defaults::stream_piece, bytes.size() - at)));
  write_waiting();
  return {};
}

// The peer is held while something of it waits, so what waits is never more than one message.
void port_channel::write_waiting() {
  while (attached_ && !waiting_.empty() && waiting_.front().size() <= tokens_) {
    tokens_ -= waiting_.front().size();
    ports_.write(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  const bool hold = !waiting_.empty();
  if (std::exchange(held_, hold) != hold) ports_.hold(hold);
}

void port_channel::granted(token_grant tokens) {
  tokens_ += tokens.tokens;
  write_waiting();
}

} // namespace saffron::actors
