// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/memory_backend.hpp"

#include <utility>

namespace saffron::devices {

memory_backend::memory_backend(std::unique_ptr<memory_peer> peer, std::size_t capacity)
    : peer_(std::move(peer)), to_guest_(capacity), from_guest_(capacity) {}

// -- the device's side ------------------------------------------------------------------------------------------------

std::size_t memory_backend::write(std::span<const std::byte> bytes) {
  if (owner_ == nullptr || !opened_) return 0;
  const auto n = to_guest_.write(bytes);
  if (n < bytes.size()) device_waits_ = true;
  if (n > 0) {
    bytes_new_ = true;
    schedule();
  }
  return n;
}

std::size_t memory_backend::read(std::span<std::byte> room) {
  if (owner_ == nullptr || !opened_) return 0;
  const auto n = from_guest_.read(room);
  if (n > 0 && std::exchange(peer_waits_, false)) {
    room_made_ = true;
    schedule();
  }
  return n;
}

void memory_backend::start(transport::activation& actor, backend_owner& owner) {
  actor_ = &actor;
  owner_ = &owner;
  guest_events_.clear();
  if (opened_) guest_events_.push_back(port_event::opened); // started anew
  schedule();
}

void memory_backend::stop() { owner_ = nullptr; }

void memory_backend::set_in_use(bool in_use) {
  if (std::exchange(in_use_, in_use) == in_use) return;
  if (in_use && opened_) guest_events_.push_back(port_event::opened); // for whoever uses it now
  schedule();
}

void memory_backend::send_event(port_event event) {
  // Nobody needs the history of a client that opens and closes in a loop.
  constexpr std::size_t most = 64;
  if (client_events_.size() == most) client_events_.pop_front();
  client_events_.push_back(event);
  schedule();
}

// -- the peer's side --------------------------------------------------------------------------------------------------

std::size_t memory_backend::line::write(std::span<const std::byte> bytes) {
  auto& b = backend_;
  if (!b.opened_) return 0;
  const auto n = b.from_guest_.write(bytes);
  if (n < bytes.size()) b.peer_waits_ = true;
  if (n > 0) {
    b.wakeup_due_ = true;
    b.schedule();
  }
  return n;
}

std::size_t memory_backend::line::room() const { return backend_.opened_ ? backend_.from_guest_.room() : 0; }

std::size_t memory_backend::line::room_or_wait() {
  const auto n = room();
  if (n == 0 && backend_.opened_) backend_.peer_waits_ = true;
  return n;
}

void memory_backend::line::send_event(port_event event) {
  auto& b = backend_;
  if (event != port_event::break_sent) {
    b.opened_ = event == port_event::opened;
    b.to_guest_.clear();
    b.from_guest_.clear();
    b.device_waits_ = b.peer_waits_ = b.room_made_ = b.bytes_new_ = b.wakeup_due_ = false;
  }
  b.guest_events_.push_back(event);
  b.schedule();
}

void memory_backend::line::ask_again() {
  backend_.bytes_new_ = true;
  backend_.schedule();
}

// -- what crosses -----------------------------------------------------------------------------------------------------

void memory_backend::schedule() {
  if (scheduled_ || owner_ == nullptr) return;
  scheduled_ = true;
  asio::post(actor_->home().io(), transport::completion(*actor_, [self = shared_from_this()] {
               self->scheduled_ = false;
               self->turn();
             }));
}

void memory_backend::turn() {
  if (owner_ == nullptr) return;
  if (!std::exchange(started_, true)) peer_->on_start(line_);
  tell_peer();
  tell_owner();
}

// Each step may be the last: an owner may stop the backend, a peer may close the line.
void memory_backend::tell_peer() {
  if (std::exchange(told_in_use_, in_use_) != in_use_) peer_->on_in_use(in_use_);
  for (auto events = std::exchange(client_events_, {}); const auto event : events) peer_->on_event(event);
  if (std::exchange(room_made_, false)) {
    peer_->on_room();
    bytes_new_ = true; // what it did not take before, it may take now
  }
  if (!std::exchange(bytes_new_, false) || to_guest_.empty()) return;
  const auto taken = peer_->on_bytes(to_guest_.view());
  to_guest_.drop(std::min(taken, to_guest_.size()));
  if (taken > 0 && std::exchange(device_waits_, false)) wakeup_due_ = true;
}

void memory_backend::tell_owner() {
  while (owner_ != nullptr && !guest_events_.empty()) {
    const auto event = guest_events_.front();
    guest_events_.pop_front();
    owner_->on_event(event);
  }
  if (owner_ != nullptr && std::exchange(wakeup_due_, false)) owner_->on_wakeup();
}

} // namespace saffron::devices
