// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/guest_port.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <array>

namespace saffron::devices {

using wire::agent::message_header;

namespace {

constexpr std::array<std::byte, defaults::agent_piece> zeros{};
// Of a part in a queue, besides its bytes.
constexpr std::size_t part_overhead = 64;

std::size_t cost(std::size_t bytes) { return bytes + part_overhead; }

message_header header_of(std::span<const std::byte> message) {
  wire::reader r{message};
  message_header out;
  wire::read(r, out);
  return out;
}

} // namespace

guest_port::sender* guest_port::find(client_id id) {
  const auto it = std::find_if(senders_.begin(), senders_.end(), [&](const sender& s) { return s.id == id; });
  return it == senders_.end() ? nullptr : &*it;
}

void guest_port::join(client_id client) {
  leave(client);
  senders_.push_back({client, {}, 0, false});
}

void guest_port::leave(client_id client) {
  senders_.remove_if([&](const sender& s) { return s.id == client; });
  if (client == holder_ && left_ != 0) {
    holder_ = 0;
    filling_ = true; // once current_ is written
  }
}

bool guest_port::push_own(std::vector<std::byte> message) {
  if (own_bytes_ + cost(message.size()) > defaults::agent_own_queue) return false;
  own_bytes_ += cost(message.size());
  own_.push_back(std::move(message));
  return true;
}

void guest_port::push(client_id client, part p) {
  auto* s = find(client);
  if (s == nullptr) return;
  if (s->dropping) {
    s->dropping = !p.last;
    return;
  }
  s->waiting += cost(p.bytes.size());
  s->parts.push_back(std::move(p));
}

std::size_t guest_port::waiting(client_id client) const {
  const auto* s = find(client);
  return s == nullptr ? 0 : s->waiting;
}

void guest_port::begin(std::vector<std::byte> bytes) {
  left_ = message_header::wire_size + std::uint64_t{header_of(bytes).size};
  current_ = std::move(bytes);
  offset_ = 0;
}

bool guest_port::begin_of(client_id id) {
  while (auto* s = find(id)) {
    if (s->parts.empty()) return false;
    auto p = std::move(s->parts.front());
    s->parts.pop_front();
    s->waiting -= cost(p.bytes.size());
    if (s->dropping) {
      s->dropping = !p.last;
      continue;
    }
    s->dropping = !p.last; // unless it is wanted
    const auto body = std::span{p.bytes}.subspan(message_header::wire_size);
    if (!router_.departs(id, header_of(p.bytes).type, body)) continue;
    s = find(id);
    if (s == nullptr) return false;
    s->dropping = false;
    begin(std::move(p.bytes));
    holder_ = id;
    senders_.splice(senders_.end(), senders_,
                    std::find_if(senders_.begin(), senders_.end(), [&](const sender& one) { return one.id == id; }));
    return true;
  }
  return false;
}

bool guest_port::next_part() {
  if (left_ != 0) { // in the middle of a message
    auto* s = find(holder_);
    if (s == nullptr || s->parts.empty()) return false;
    current_ = std::move(s->parts.front().bytes);
    offset_ = 0;
    s->waiting -= cost(current_.size());
    s->parts.pop_front();
    return true;
  }
  holder_ = 0;
  filling_ = false;
  const auto own = [this] {
    if (own_.empty()) return false;
    own_bytes_ -= cost(own_.front().size());
    begin(std::move(own_.front()));
    own_.pop_front();
    return true;
  };
  if (own()) return true;
  std::vector<client_id> turns;
  for (const auto& s : senders_)
    if (!s.parts.empty()) turns.push_back(s.id);
  return std::any_of(turns.begin(), turns.end(), [this](client_id id) { return begin_of(id); }) || own();
}

std::span<const std::byte> guest_port::peek() {
  while (offset_ == current_.size()) {
    if (filling_ && left_ != 0) return std::span{zeros}.first(std::min<std::uint64_t>(zeros.size(), left_));
    if (!next_part()) return {};
  }
  const auto rest = std::span<const std::byte>{current_}.subspan(offset_);
  return rest.first(std::min(rest.size(), defaults::agent_piece));
}

void guest_port::advance(std::size_t bytes) {
  left_ -= std::min<std::uint64_t>(bytes, left_);
  moved_ += bytes;
  if (offset_ < current_.size()) offset_ += bytes;
}

std::optional<client_id> guest_port::holder_others_wait_for() const {
  if (left_ == 0 || holder_ == 0 || offset_ != current_.size()) return std::nullopt;
  const auto* s = find(holder_);
  if (s == nullptr || !s->parts.empty()) return std::nullopt;
  const bool waited_for = !own_.empty() || std::any_of(senders_.begin(), senders_.end(), [&](const sender& one) {
    return one.id != holder_ && !one.parts.empty();
  });
  return waited_for ? std::optional{holder_} : std::nullopt;
}

void guest_port::reset() {
  own_.clear();
  own_bytes_ = 0;
  for (auto& s : senders_) {
    s.parts.clear();
    s.waiting = 0;
    s.dropping = false;
  }
  holder_ = 0;
  current_.clear();
  offset_ = 0;
  left_ = 0;
  filling_ = false;
}

} // namespace saffron::devices
