// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/chunks.hpp"

#include <algorithm>

namespace saffron::devices {

namespace {

// A backend that reports more than it was given room for, such as a negative number of C, has read nothing.
std::size_t read_some(char_io& from, std::span<std::byte> room) {
  const auto n = from.read(room);
  return n <= room.size() ? n : 0;
}

} // namespace

chunk_reader::step chunk_reader::read(char_io& from) {
  if (failed_) return {outcome::failed};
  if (head_size_ < head_.size()) {
    const auto n = read_some(from, std::span{head_}.subspan(head_size_));
    if (n == 0) return {};
    head_size_ += n;
    if (head_size_ < head_.size()) return {outcome::passed_over};
    wire::reader r{head_};
    wire::read(r, header_);
    failed_ = header_.port != wire::agent::port::client && header_.port != wire::agent::port::server;
    if (failed_) return {outcome::failed};
    if (header_.size == 0) {
      head_size_ = 0;
      return {outcome::passed_over};
    }
  }
  const auto n = read_some(from, std::span{room_}.first(std::min<std::size_t>(room_.size(), header_.size)));
  if (n == 0) return {};
  header_.size -= static_cast<std::uint32_t>(n);
  const bool ended = header_.size == 0;
  if (ended) head_size_ = 0;
  if (header_.port == wire::agent::port::server) return {outcome::passed_over};
  return {outcome::payload, std::span{room_}.first(n), ended};
}

shared_bytes chunks(wire::agent::port port, std::span<const std::byte> message) {
  const auto head_size = wire::agent::chunk_header::wire_size;
  const auto count = (message.size() + defaults::agent_piece - 1) / defaults::agent_piece;
  auto [bytes, out] = shared_bytes::make(message.size() + count * head_size);
  while (!message.empty()) {
    const auto part = message.first(std::min(message.size(), defaults::agent_piece));
    const auto head = wire::encode(wire::agent::chunk_header{port, static_cast<std::uint32_t>(part.size())});
    out = std::copy(head.begin(), head.end(), out);
    out = std::copy(part.begin(), part.end(), out);
    message = message.subspan(part.size());
  }
  return bytes;
}

} // namespace saffron::devices
