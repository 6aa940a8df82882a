// SPDX-License-Identifier: BSD-3-Clause
#include "bench/ports/transfer.hpp"

#include "bench/ports/end_run.hpp"

#include <algorithm>
#include <utility>

namespace saffron::ports {

namespace {
constexpr std::size_t small_size = 100;
constexpr std::chrono::milliseconds small_pause{2};
} // namespace

transfer::transfer(line& from, line& to, const script& what, std::uint64_t total, std::function<void()> done)
    : from_(from), to_(to), what_(what), total_(total), done_(std::move(done)) {}

void transfer::start() {
  to_.on_bytes = [this](std::span<const std::byte> bytes) { received(bytes); };
  send_more();
}

void transfer::send_more() {
  if (sent_ == total_) return;
  const auto piece = what_.piece(sent_, total_ - sent_);
  sent_ += piece.size();
  from_.send(piece, [this] { send_more(); });
}

void transfer::received(std::span<const std::byte> bytes) {
  for (auto at = received_; !bytes.empty();) {
    const auto part = bytes.first(std::min(bytes.size(), script::piece_limit));
    if (received_ + part.size() > total_ || !what_.agrees(at, part)) end_run("other bytes arrived than were sent");
    at = received_ += part.size();
    bytes = bytes.subspan(part.size());
  }
  if (received_ == total_) done_();
}

small_messages::small_messages(port_ends ends, asio::io_context& io)
    : ends_(ends), timer_(io), message_(noise(small_size)) {
  ends_.guest.on_bytes = [this](std::span<const std::byte> bytes) {
    if (arrived(bytes, to_guest_)) send(ends_.guest);
  };
  ends_.client.on_bytes = [this](std::span<const std::byte> bytes) {
    if (!arrived(bytes, to_client_)) return;
    timer_.expires_after(small_pause);
    timer_.async_wait([this](asio::error_code cancelled) {
      if (!cancelled) next();
    });
  };
}

void small_messages::next() { send(ends_.client); }

void small_messages::send(line& from) {
  received_ = 0;
  sent_at_ = load::clock::now();
  from.send(message_, [] {});
}

bool small_messages::arrived(std::span<const std::byte> bytes, load::histogram& times) {
  received_ += bytes.size();
  if (received_ > small_size) end_run("more bytes arrived than were sent");
  if (received_ < small_size) return false;
  times.record(load::clock::now() - sent_at_);
  return true;
}

} // namespace saffron::ports
