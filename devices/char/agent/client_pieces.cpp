// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/client_pieces.hpp"

#include "messages/defaults.hpp"

#include <algorithm>

namespace saffron::devices {

namespace {

bool contains(const std::vector<client_id>& clients, client_id one) {
  return std::find(clients.begin(), clients.end(), one) != clients.end();
}

} // namespace

void client_pieces::enqueue(std::vector<client_id> recipients, shared_bytes piece) {
  if (!recipients.empty()) ready_.push_back({std::move(recipients), std::move(piece)});
}

void client_pieces::whole(const std::vector<client_id>& recipients, std::span<const std::byte> message) {
  begin(recipients, message.first(0));
  more(message);
  end();
}

void client_pieces::begin(std::vector<client_id> recipients, std::span<const std::byte> start) {
  recipients_ = std::move(recipients);
  streaming_ = true;
  more(start);
}

void client_pieces::more(std::span<const std::byte> bytes) {
  if (recipients_.empty()) return; // all have left
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), defaults::agent_piece - piece_.size()));
    piece_.insert(piece_.end(), part.begin(), part.end());
    bytes = bytes.subspan(part.size());
    if (piece_.size() == defaults::agent_piece) flush();
  }
}

void client_pieces::flush() {
  if (piece_.empty()) return;
  enqueue(recipients_, shared_bytes::copy_of(piece_));
  piece_.clear();
}

void client_pieces::end() {
  flush();
  recipients_.clear();
  streaming_ = false;
  for (auto& one : held_) enqueue({one.recipient}, std::move(one.message));
  held_.clear();
}

bool client_pieces::streams_to(client_id client) const { return streaming_ && contains(recipients_, client); }

bool client_pieces::hold(client_id recipient, const shared_bytes& message) {
  const bool streams = streams_to(recipient);
  const bool behind = std::any_of(ready_.begin(), ready_.end(),
                                  [&](const addressed_piece& one) { return contains(one.recipients, recipient); });
  if (!streams && !behind) return false;
  if (held_.size() + ready_.size() >= defaults::agent_held_messages) return true; // the guest or the client dawdles
  if (streams) {
    held_.push_back({recipient, message});
  } else {
    enqueue({recipient}, message);
  }
  return true;
}

void client_pieces::leave(client_id client) {
  std::erase(recipients_, client);
  if (recipients_.empty()) piece_.clear();
  std::erase_if(held_, [&](const held_message& one) { return one.recipient == client; });
  for (auto& one : ready_) std::erase(one.recipients, client);
  std::erase_if(ready_, [](const addressed_piece& one) { return one.recipients.empty(); });
}

std::optional<outgoing> client_pieces::next() {
  std::optional<outgoing> out;
  if (ready_.empty()) return out;
  out.emplace();
  out->message.data = std::move(ready_.front().bytes);
  out->recipients.emplace(std::move(ready_.front().recipients));
  ready_.pop_front();
  return out;
}

bool client_pieces::concerns(client_id client) const {
  if (!ready_.empty()) return contains(ready_.front().recipients, client);
  return !streaming_ || recipients_.empty() || contains(recipients_, client);
}

} // namespace saffron::devices
