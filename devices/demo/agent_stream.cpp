// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/agent_stream.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices::demo {

namespace agent = wire::agent;

namespace {
/// Moves bytes into what is missing of a header; says how many.
template <std::size_t N>
std::size_t fill(std::array<std::byte, N>& head, std::size_t& have, std::span<const std::byte> bytes) {
  const auto n = std::min(N - have, bytes.size());
  std::copy_n(bytes.begin(), n, head.begin() + static_cast<std::ptrdiff_t>(have));
  have += n;
  return n;
}
} // namespace

std::size_t agent_inbox::write(std::span<const std::byte> bytes) {
  const auto all = bytes.size();
  while (!bytes.empty() && reader_.ready()) {
    std::size_t taken = 0;
    if (left_ == 0) {
      taken = fill(head_, head_size_, bytes);
      if (head_size_ == head_.size()) begin_chunk();
    } else {
      const auto part = bytes.first(std::min(left_, bytes.size()));
      taken = skip_chunk_ ? part.size() : chunk_bytes(part);
      left_ -= taken;
    }
    bytes = bytes.subspan(taken);
  }
  return all - bytes.size();
}

void agent_inbox::begin_chunk() {
  head_size_ = 0;
  wire::reader r{head_};
  agent::chunk_header header;
  read(r, header);
  left_ = header.size;
  port_ = header.port;
  const bool known = port_ == agent::port::client || port_ == agent::port::server;
  skip_chunk_ = !known || left_ > agent::max_data_size;
  if (!skip_chunk_) return;
  reader_.problem(known ? "a chunk is larger than the protocol allows" : "a chunk names a port that does not exist");
  if (known) drop(port_);
}

std::size_t agent_inbox::chunk_bytes(std::span<const std::byte> bytes) {
  auto& a = port_ == agent::port::client ? client_ : server_;
  if (a.head_size < a.head.size()) {
    const auto taken = fill(a.head, a.head_size, bytes);
    if (a.head_size == a.head.size() && !finish_head(a)) skip_chunk_ = true;
    return taken;
  }
  const auto part = bytes.first(std::min(bytes.size(), a.header.size - a.body_size));
  if (!a.skipped) a.body.insert(a.body.end(), part.begin(), part.end());
  a.body_size += part.size();
  if (a.body_size == a.header.size) finish_message(a);
  return part.size();
}

bool agent_inbox::finish_head(assembly& a) {
  wire::reader r{a.head};
  read(r, a.header);
  if (a.header.protocol != agent::protocol) {
    reader_.problem("a message speaks another version of the agent's protocol");
    a = {};
    return false;
  }
  a.skipped = a.header.size > limit_;
  if (a.skipped) reader_.problem("a message is larger than this agent takes");
  if (a.header.size == 0) finish_message(a);
  return true;
}

void agent_inbox::finish_message(assembly& a) {
  const auto whole = std::exchange(a, {}); // the reader may drop what is under way
  if (!whole.skipped) reader_.message(port_, whole.header.type, whole.body);
}

void agent_inbox::drop(agent::port port) { (port == agent::port::client ? client_ : server_) = {}; }

void agent_inbox::reset() {
  client_ = server_ = {};
  head_size_ = left_ = 0;
  skip_chunk_ = false;
}

void agent_outbox::send(agent::message_type type, std::span<const std::byte> head, clipboard_content tail) {
  const auto size = static_cast<std::uint32_t>(head.size() + tail.size());
  wire::writer w;
  write(w, agent::message_header{.type = type, .size = size});
  w.bytes(head);
  queue_.push_back({w.release(), std::move(tail), 0});
  stored_ += queue_.back().stored();
}

std::size_t agent_outbox::read(std::span<std::byte> room) {
  const auto all = room.size();
  while (!room.empty()) {
    if (chunk_at_ == chunk_.size()) make_chunk();
    const auto part = std::span{chunk_}.subspan(chunk_at_);
    const auto n = std::min(part.size(), room.size());
    if (n == 0) break;
    std::copy_n(part.begin(), n, room.begin());
    room = room.subspan(n);
    chunk_at_ += n;
  }
  return all - room.size();
}

void agent_outbox::make_chunk() {
  chunk_.clear();
  chunk_at_ = 0;
  if (queue_.empty()) return;
  auto& message = queue_.front();
  const auto size = std::min(agent::max_data_size, message.size() - message.at);
  wire::writer w;
  write(w, agent::chunk_header{.port = agent::port::client, .size = static_cast<std::uint32_t>(size)});
  chunk_ = w.release();
  const auto header = chunk_.size();
  chunk_.resize(header + size);
  auto room = std::span{chunk_}.subspan(header);
  if (message.at < message.head.size()) {
    const auto n = std::min(room.size(), message.head.size() - message.at);
    std::copy_n(message.head.begin() + static_cast<std::ptrdiff_t>(message.at), n, room.begin());
    room = room.subspan(n);
    message.at += n;
  }
  if (!room.empty()) message.tail.copy(message.at - message.head.size(), room);
  message.at += room.size();
  if (message.at < message.size()) return;
  stored_ -= message.stored();
  queue_.pop_front();
}

void agent_outbox::reset() {
  queue_.clear();
  chunk_.clear();
  stored_ = chunk_at_ = 0;
}

} // namespace saffron::devices::demo
