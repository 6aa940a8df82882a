// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo_card.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace saffron::devices::demo {

using wire::smartcard::message_header;
using wire::smartcard::message_type;

namespace {

constexpr std::byte operator""_b(unsigned long long value) { return static_cast<std::byte>(value); }

// SELECT of whatever the card selects by itself, and GET DATA of its production data (ISO 7816-4, GlobalPlatform).
constexpr std::array select{0x00_b, 0xa4_b, 0x04_b, 0x00_b, 0x00_b};
constexpr std::array get_data{0x80_b, 0xca_b, 0x9f_b, 0x7f_b, 0x00_b};
constexpr std::array<std::span<const std::byte>, 2> commands{select, get_data};

} // namespace

void demo_card::on_start(memory_line& line) {
  line_ = &line;
  memory_peer::on_start(line);
}

std::size_t demo_card::on_bytes(std::span<const std::byte> bytes) {
  std::size_t taken = 0;
  const auto fill = [&](std::size_t size) {
    const auto part = bytes.subspan(taken, std::min(size - std::min(size, input_.size()), bytes.size() - taken));
    input_.insert(input_.end(), part.begin(), part.end());
    taken += part.size();
    return input_.size() >= size;
  };
  while (output_.empty() && fill(message_header::wire_size)) {
    const auto head = wire::smartcard::from_network(std::span{input_}.first<message_header::wire_size>());
    if (head.length > wire::smartcard::payload_limit) {
      line_->send_event(port_event::closed);
      return taken;
    }
    if (!fill(message_header::wire_size + head.length)) break;
    handle(head.type);
    input_.clear();
  }
  return taken;
}

void demo_card::handle(message_type type) {
  switch (type) {
  case message_type::init: send(message_type::init, std::span{input_}.subspan(message_header::wire_size)); break;
  case message_type::reader_add:
  case message_type::reader_remove:
  case message_type::card_remove:
    next_ = commands.size();
    succeed();
    break;
  case message_type::atr:
    next_ = 0;
    succeed();
    ask_card();
    break;
  case message_type::apdu:
    answered_(std::span{input_}.subspan(message_header::wire_size));
    ask_card();
    break;
  default: break; // nothing that a guest would answer
  }
}

void demo_card::ask_card() {
  if (next_ < commands.size()) send(message_type::apdu, commands[next_++]);
}

void demo_card::succeed() {
  constexpr std::array<std::byte, 4> success{};
  send(message_type::error, success);
}

void demo_card::send(message_type type, std::span<const std::byte> payload) {
  const auto head =
      wire::smartcard::to_network({.type = type, .reader = 0, .length = static_cast<std::uint32_t>(payload.size())});
  output_.insert(output_.end(), head.begin(), head.end());
  output_.insert(output_.end(), payload.begin(), payload.end());
  flush();
}

void demo_card::on_room() { flush(); }

void demo_card::flush() {
  const auto n = line_->write(output_);
  output_.erase(output_.begin(), output_.begin() + static_cast<std::ptrdiff_t>(n));
}

std::shared_ptr<char_backend> make_card_backend(std::function<void(std::span<const std::byte>)> answered) {
  return std::make_shared<memory_backend>(std::make_unique<demo_card>(std::move(answered)));
}

} // namespace saffron::devices::demo
