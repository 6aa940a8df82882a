// SPDX-License-Identifier: BSD-3-Clause
#include "actors/smartcard_channel.hpp"

#include <algorithm>

namespace saffron::actors {

namespace {

using wire::smartcard::error_code;
using wire::smartcard::message_type;

constexpr client_flow flow{.flow_control = true,
                           .max_send_queue_size = defaults::smartcard_send_queue,
                           .max_send_queue_bytes = defaults::smartcard_send_queue_bytes,
                           .client_tokens = defaults::smartcard_client_tokens,
                           .send_tokens = defaults::smartcard_send_tokens};

shared_bytes bytes_of(const wire::smartcard::data& message) { return shared_bytes::copy_of(wire::encode(message)); }

// A device has no use for the reader's name, which came with the client's message.
shared_bytes reader_add(std::size_t reader) {
  return bytes_of({.kind = message_type::reader_add, .reader = static_cast<std::uint32_t>(reader)});
}

} // namespace

smartcard_channel::smartcard_channel(channel_context context, smartcard_ports ports, std::size_t readers)
    : channel(std::move(context)), ports_(std::move(ports)), readers_(readers) {}

// -- from the client --------------------------------------------------------------------------------------------------

result<void> smartcard_channel::on_message(std::uint16_t type, std::span<const std::byte> body) {
  const auto decoded = wire::smartcard::decode_any(type, body);
  if (!decoded) return fail{decoded.error()};
  const auto& message = std::get<wire::smartcard::data>(*decoded);
  if (message.payload.size() > wire::smartcard::payload_limit) return fail{errc::message_too_large};
  switch (message.kind) {
  case message_type::reader_add: add_reader(); return {};
  case message_type::reader_remove: remove_reader(message.reader); return {};
  case message_type::error:
  case message_type::atr:
  case message_type::card_remove:
  case message_type::apdu:
  case message_type::flush:
  case message_type::flush_complete: return pass(message);
  default: return {}; // Init, and what other versions may have; the reference ignores them as well
  }
}

void smartcard_channel::add_reader() {
  const auto own =
      std::ranges::find_if(readers_, [](const reader_state& r) { return r.attached && !r.added; }) - readers_.begin();
  const auto reader = static_cast<std::size_t>(own);
  if (reader == readers_.size()) return try_from(0);
  readers_[reader].added = true;
  tell(reader, reader_add(reader));
}

// Asks one reader after the other.
void smartcard_channel::try_from(std::size_t reader) {
  while (reader < readers_.size() && readers_[reader].attached) ++reader;
  if (reader < readers_.size()) return ask({.reader = reader});
  refuse(error_code::cannot_add_more_readers, wire::smartcard::undefined_reader);
}

// Nothing else is read of the client until the answer, so its messages keep their order.
void smartcard_channel::ask(question what) {
  asked_ = std::move(what);
  ports_.attach(asked_->reader, flow);
  update_hold();
}

void smartcard_channel::attach_answered(std::size_t reader, const device_attached& answer) {
  if (!asked_ || asked_->reader != reader) return;
  const auto atr = std::exchange(asked_, std::nullopt)->atr;
  if (answer.error == errc::none) {
    readers_[reader] = {.attached = true, .added = true, .tokens = flow.client_tokens};
    tell(reader, atr ? *atr : reader_add(reader));
  } else if (atr) {
    refuse(error_code::general_error, static_cast<std::uint32_t>(reader));
  } else {
    try_from(reader + 1);
  }
  update_hold();
}

void smartcard_channel::remove_reader(std::uint32_t reader) {
  if (!is_added(reader)) return refuse(error_code::general_error, reader);
  readers_[reader].added = false;
  tell(reader, bytes_of({.kind = message_type::reader_remove, .reader = reader}));
}

result<void> smartcard_channel::pass(const wire::smartcard::data& message) {
  // No client has a reader that the VM has not; one that is free, or another client's, is an honest mistake.
  if (message.reader >= readers_.size() && std::ranges::any_of(readers_, &reader_state::attached))
    return fail{errc::bad_message};
  if (is_added(message.reader))
    tell(message.reader, bytes_of(message));
  else if (message.kind == message_type::atr && message.reader < readers_.size() && !readers_[message.reader].attached)
    ask({.reader = message.reader, .atr = bytes_of(message)});
  else if (message.kind != message_type::error)
    refuse(error_code::general_error, message.reader);
  return {};
}

bool smartcard_channel::is_added(std::uint32_t reader) const {
  return reader < readers_.size() && readers_[reader].added;
}

void smartcard_channel::tell(std::size_t reader, shared_bytes message) {
  --readers_[reader].tokens; // there is one: without it the client would be held
  ports_.write(reader, std::move(message));
  update_hold();
}

void smartcard_channel::refuse(error_code code, std::uint32_t reader) {
  const auto why = wire::encode(wire::smartcard::error{code});
  send(wire::smartcard::data{.kind = message_type::error, .reader = reader, .payload = why});
}

void smartcard_channel::update_hold() {
  const bool hold =
      asked_ || std::ranges::any_of(readers_, [](const reader_state& r) { return r.attached && r.tokens == 0; });
  if (std::exchange(held_, hold) != hold) ports_.hold(hold);
}

void smartcard_channel::tokens_freed(std::size_t reader, std::uint64_t tokens) {
  readers_.at(reader).tokens += tokens;
  update_hold();
}

// -- from the readers -------------------------------------------------------------------------------------------------

void smartcard_channel::device_says(std::size_t reader, const device_message& message) {
  const auto said = wire::decode<wire::smartcard::data>(message.data.view());
  if (!said || !readers_.at(reader).attached) return;
  wire::writer head;
  wire::write(head, wire::smartcard::message_header{.type = said->kind,
                                                    .reader = static_cast<std::uint32_t>(reader),
                                                    .length = static_cast<std::uint32_t>(said->payload.size())});
  const auto payload = message.data.part(wire::smartcard::message_header::wire_size, said->payload.size());
  readers_[reader].unconfirmed += message.price;
  send(wire::smartcard::data::type, head.view(), std::span{&payload, 1});
}

void smartcard_channel::on_room() {
  for (std::size_t reader = 0; reader < readers_.size(); ++reader)
    if (const auto tokens = std::exchange(readers_[reader].unconfirmed, 0); tokens > 0) ports_.grant(reader, tokens);
}

} // namespace saffron::actors
