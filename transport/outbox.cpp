// SPDX-License-Identifier: BSD-3-Clause
#include "transport/outbox.hpp"

#include <algorithm>

namespace saffron::transport {

namespace {
constexpr std::size_t small_buffer = 4096;
}

void outbox::push(std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  if (pieces_.size() > in_flight_ && !pieces_.back().own.empty() &&
      pieces_.back().own.size() + bytes.size() <= small_buffer) {
    auto& last = pieces_.back().own;
    last.insert(last.end(), bytes.begin(), bytes.end());
    return;
  }
  pieces_.push_back({{bytes.begin(), bytes.end()}, {}});
}

void outbox::push(shared_bytes bytes) {
  if (bytes.empty()) return;
  size_ += bytes.size();
  pieces_.push_back({{}, std::move(bytes)});
}

std::span<const asio::const_buffer> outbox::next_batch(std::size_t max_bytes, std::size_t max_buffers) {
  batch_.clear();
  std::size_t bytes = 0;
  for (const auto& p : pieces_) {
    if (batch_.size() == max_buffers || bytes >= max_bytes) break;
    auto view = p.view();
    if (batch_.empty()) view = view.subspan(offset_);
    view = view.first(std::min(view.size(), max_bytes - bytes));
    batch_.emplace_back(view.data(), view.size());
    bytes += view.size();
  }
  in_flight_ = batch_.size();
  return batch_;
}

void outbox::consume(std::size_t n) {
  in_flight_ = 0;
  size_ -= std::min(n, size_);
  n += offset_;
  while (!pieces_.empty() && n >= pieces_.front().view().size()) {
    n -= pieces_.front().view().size();
    pieces_.pop_front();
  }
  offset_ = pieces_.empty() ? 0 : n;
}

void outbox::clear() {
  pieces_.clear();
  batch_.clear();
  offset_ = size_ = in_flight_ = 0;
}

} // namespace saffron::transport
