// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/client_ledger.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {

client_ledger::client_ledger(client_id id, const client_flow& flow)
    : id_(id), flow_(flow), client_tokens_(flow.client_tokens), send_tokens_(flow.send_tokens) {}

bool client_ledger::take(std::uint64_t price) {
  if (!flow_.flow_control) return true;
  if (price > client_tokens_) return false;
  client_tokens_ -= price;
  held_tokens_ += price;
  return true;
}

void client_ledger::give_back(std::uint64_t price) {
  const auto freed = std::min(price, held_tokens_);
  held_tokens_ -= freed;
  freed_tokens_ += freed;
}

std::uint64_t client_ledger::grant(std::uint64_t interval) {
  // A window smaller than the interval would never come back.
  if (condemned_ || freed_tokens_ < std::min(interval, flow_.client_tokens)) return 0;
  client_tokens_ += freed_tokens_;
  return std::exchange(freed_tokens_, 0);
}

client_ledger::verdict client_ledger::offer(const device_message& message) {
  if (!flow_.flow_control) return verdict::deliver;
  if (queue_.empty() && message.price <= send_tokens_) {
    send_tokens_ -= message.price;
    return verdict::deliver;
  }
  if (queue_.size() >= flow_.max_send_queue_size ||
      message.data.size() > flow_.max_send_queue_bytes - std::min(queue_bytes_, flow_.max_send_queue_bytes))
    return verdict::overflow;
  queue_.push_back(message);
  queue_bytes_ += message.data.size();
  return queue_.size() == 1 ? verdict::first_queued : verdict::queued;
}

std::optional<device_message> client_ledger::next() {
  if (queue_.empty() || queue_.front().price > send_tokens_) return std::nullopt;
  auto message = std::move(queue_.front());
  queue_.pop_front();
  queue_bytes_ -= message.data.size();
  send_tokens_ -= message.price;
  return message;
}

void client_ledger::add_send_tokens(std::uint64_t tokens) {
  send_tokens_ += std::min(tokens, unlimited_tokens - send_tokens_);
}

std::uint64_t client_ledger::send_budget() const {
  if (condemned_) return 0;
  if (!flow_.flow_control) return unlimited_tokens;
  return queue_.empty() ? send_tokens_ : 0;
}

void client_ledger::drop_queue() {
  queue_.clear();
  queue_bytes_ = 0;
  waiting_epoch = 0;
}

void client_ledger::condemn() {
  condemned_ = true;
  stop_waiting_for_migrate_data();
  drop_queue();
}

device_state client_ledger::save(std::uint64_t queued) const {
  if (!flow_.flow_control) return {unlimited_tokens, unlimited_tokens, queued, {}};
  return {client_tokens_, send_tokens_, std::min(queued, held_tokens_), {}};
}

bool client_ledger::restore(const device_state& state) {
  if (flow_.flow_control) {
    const auto window = flow_.client_tokens;
    if (state.client_tokens > window || state.write_tokens > window - state.client_tokens) return false;
    client_tokens_ = state.client_tokens;
    held_tokens_ = state.write_tokens;
    freed_tokens_ = window - client_tokens_ - held_tokens_;
    send_tokens_ = state.send_tokens;
  }
  stop_waiting_for_migrate_data();
  return true;
}

} // namespace saffron::devices
