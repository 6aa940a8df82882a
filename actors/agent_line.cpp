// SPDX-License-Identifier: BSD-3-Clause
#include "actors/agent_line.hpp"

#include "messages/defaults.hpp"
#include "messages/wire/agent.hpp"

#include <algorithm>

namespace saffron::actors {

namespace {

using wire::agent::message_type;

// Clients begin each message in a piece of its own.
bool begins_message(std::span<const std::byte> piece) {
  wire::reader r{piece};
  wire::agent::message_header header;
  wire::read(r, header);
  return r.ok() && header.protocol == wire::agent::protocol && header.type >= message_type::mouse_state &&
         header.type <= message_type::graphics_device_info;
}

} // namespace

std::uint64_t agent_line::welcome() const {
  return std::min<std::uint64_t>(peer_tokens_, defaults::agent_pieces_in_flight);
}

void agent_line::start(std::uint32_t tokens) {
  peer_tokens_ = tokens;
  device_tokens_ = welcome();
  if (std::exchange(started_, true)) return ports_.set_send_tokens(device_tokens_);
  client_flow flow;
  flow.max_send_queue_size = defaults::agent_send_queue;
  flow.max_send_queue_bytes = defaults::agent_send_queue * defaults::agent_piece;
  flow.client_tokens = defaults::agent_tokens;
  flow.send_tokens = device_tokens_;
  ++answers_;
  ports_.attach(flow);
}

void agent_line::attached(const device_attached& answer) {
  if (answers_ != 0) --answers_;
  attached_ = started_ && answers_ == 0 && answer.error == errc::none;
}

void agent_line::stop() {
  if (!std::exchange(started_, false)) return;
  attached_ = false;
  resuming_ = true;
  ports_.detach();
}

// Clients grant 2^32 - 1 for no limit; the sum cannot overflow what it is kept in.
void agent_line::add_tokens(std::uint32_t tokens) {
  if (!started_) return;
  peer_tokens_ += tokens;
  drained();
}

result<void> agent_line::write(std::span<const std::byte> piece) {
  if (piece.size() > defaults::agent_piece) return fail{errc::bad_message};
  if (!started_) return {};
  // Clients keep what they had queued for the agent of before, which may be the second half of a file's message. No
  // bytes only bring the token back.
  resuming_ = resuming_ && !begins_message(piece);
  ports_.write(resuming_ ? shared_bytes{} : shared_bytes::copy_of(piece));
  return {};
}

bool agent_line::take(const device_message& message) {
  if (!attached_) return false;
  peer_tokens_ -= std::min(peer_tokens_, message.price);
  device_tokens_ -= std::min(device_tokens_, message.price);
  return true;
}

void agent_line::drained() {
  const auto more = welcome();
  if (!started_ || more <= device_tokens_) return;
  ports_.add_send_tokens(more - std::exchange(device_tokens_, more));
}

} // namespace saffron::actors
