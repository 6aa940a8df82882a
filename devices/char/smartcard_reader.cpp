// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/smartcard_reader.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace saffron::devices {

using wire::smartcard::message_header;
using wire::smartcard::message_type;

namespace {

shared_bytes device_bytes(message_type type, std::span<const std::byte> payload) {
  const auto head =
      wire::smartcard::to_network({.type = type, .reader = 0, .length = static_cast<std::uint32_t>(payload.size())});
  auto [bytes, out] = shared_bytes::make(head.size() + payload.size());
  std::ranges::copy(payload, std::ranges::copy(head, out).out);
  return bytes;
}

// Those that a client sends one at a time, each after the answer to the one before.
bool is_answered(message_type type) {
  return type == message_type::reader_add || type == message_type::reader_remove || type == message_type::atr ||
         type == message_type::card_remove;
}

bool is_success(message_type type, std::span<const std::byte> payload) {
  return type == message_type::error && std::ranges::all_of(payload, [](std::byte b) { return b == std::byte{0}; });
}

} // namespace

// -- from the device --------------------------------------------------------------------------------------------------

std::optional<outgoing> smartcard_reader::read(char_io& from, std::uint64_t /*budget*/) {
  while (!broken_) {
    if (!fill(from, message_header::wire_size)) return std::nullopt;
    const auto head = wire::smartcard::from_network(std::span{input_}.first<message_header::wire_size>());
    if (head.length > wire::smartcard::payload_limit) {
      broken_ = true;
      input_ = {};
      host_.guest_failed("a smartcard message is longer than any card's");
      return std::nullopt;
    }
    if (!fill(from, message_header::wire_size + head.length)) return std::nullopt;
    const auto payload = std::span<const std::byte>{input_}.subspan(message_header::wire_size);
    std::optional<outgoing> message;
    if (is_for_client(head.type, payload)) {
      const wire::smartcard::data data{.kind = head.type, .reader = head.reader, .payload = payload};
      message.emplace(outgoing{.message = {.data = shared_bytes::copy_of(wire::encode(data))}});
    }
    input_.clear();
    if (message) return message;
  }
  return std::nullopt;
}

// False when less than `size` bytes of the message are there. Memory follows what arrives, not what is claimed.
bool smartcard_reader::fill(char_io& from, std::size_t size) {
  constexpr std::size_t step = 4096;
  std::array<std::byte, step> room;
  while (input_.size() < size) {
    const auto n = from.read(std::span{room}.first(std::min(size - input_.size(), step)));
    if (n == 0) return false;
    input_.insert(input_.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return true;
}

bool smartcard_reader::is_for_client(message_type type, std::span<const std::byte> payload) {
  if (type == message_type::init) return false;
  if (type != message_type::error) return true;
  // A success that nobody waits for answers what we told the device ourselves; clients take it for a defect.
  if (unanswered_ == 0) return !is_success(type, payload);
  --unanswered_;
  return true;
}

void smartcard_reader::opened() {
  broken_ = false;
  open_ = true;
  input_.clear();
  if (!owner_) return;
  tell_device(message_type::reader_add, {});
  if (!atr_.empty()) tell_device(message_type::atr, atr_.view());
}

void smartcard_reader::closed() {
  open_ = false;
  input_.clear();
}

// -- from the client --------------------------------------------------------------------------------------------------

result<void> smartcard_reader::from_client(client_id client, shared_bytes data, std::uint64_t price) {
  const auto message = wire::decode<wire::smartcard::data>(data.view());
  if (message && message->payload.size() <= wire::smartcard::payload_limit) return handle(client, *message, price);
  queues_->release_client_tokens(client, price);
  return fail{errc::bad_message};
}

result<void> smartcard_reader::handle(client_id client, const wire::smartcard::data& message, std::uint64_t price) {
  auto payload = std::span<const std::byte>{message.payload};
  switch (message.kind) {
  case message_type::reader_add:
    owner_ = client;
    payload = {}; // the device has no use for its name
    break;
  case message_type::atr:
    if (!owner_) owner_ = client; // its reader is one of an earlier session
    [[fallthrough]];
  case message_type::reader_remove:
  case message_type::error:
  case message_type::card_remove:
  case message_type::apdu:
  case message_type::flush:
  case message_type::flush_complete:
    if (owner_ != client) {
      queues_->release_client_tokens(client, price);
      return fail{errc::out_of_order};
    }
    break;
  default: // Init is between a device and its server; others may come with later clients
    queues_->release_client_tokens(client, price);
    return {};
  }
  if (message.kind == message_type::atr) atr_ = shared_bytes::copy_of(payload);
  if (message.kind != message_type::atr && is_answered(message.kind)) atr_ = {};
  if (message.kind == message_type::reader_remove) owner_.reset();
  if (is_answered(message.kind)) ++unanswered_;
  if (!open_) {
    queues_->release_client_tokens(client, price);
    return {};
  }
  return queues_->write_client(client, device_bytes(message.kind, payload), price);
}

void smartcard_reader::detached(client_id client) {
  unanswered_ = 0;
  if (owner_ != client) return;
  owner_.reset();
  atr_ = {};
  if (open_) tell_device(message_type::reader_remove, {});
}

void smartcard_reader::tell_device(message_type type, std::span<const std::byte> payload) {
  // Without room the device has not read for long; it starts anew when its side does.
  if (!queues_->write_server_no_token(device_bytes(type, payload)))
    host_.guest_failed("a smartcard device does not read what it is told");
}

} // namespace saffron::devices
