// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/write_queue.hpp"

#include "messages/defaults.hpp"

#include <algorithm>
#include <utility>

namespace saffron::devices {
namespace {

shared_bytes joined(const shared_bytes& a, const shared_bytes& b) {
  auto [both, out] = shared_bytes::make(a.size() + b.size());
  std::copy(b.view().begin(), b.view().end(), std::copy(a.view().begin(), a.view().end(), out));
  return both;
}

} // namespace

void write_queue::push(write_buffer buffer) {
  bytes_ += buffer.bytes.size();
  if (joins_last(buffer)) {
    auto& last = buffers_.back();
    last.bytes = joined(last.bytes, buffer.bytes);
    last.price += buffer.price;
  } else {
    buffers_.push_back(std::move(buffer));
  }
}

bool write_queue::joins_last(const write_buffer& buffer) const {
  if (buffers_.size() < defaults::device_queue_buffers) return false;
  const auto& last = buffers_.back();
  return buffer.origin == buffer_origin::client && last.origin == buffer.origin && last.client == buffer.client &&
         last.bytes.size() + buffer.bytes.size() <= defaults::device_queue_joined;
}

void write_queue::push_first(write_buffer buffer) {
  bytes_ += buffer.bytes.size();
  buffers_.insert(buffers_.begin() + (first_begun() ? 1 : 0), std::move(buffer));
}

shared_bytes write_queue::begin_write() {
  writing_ = true;
  const auto& first = buffers_.front().bytes;
  return first.part(offset_, first.size() - offset_);
}

write_queue::progress write_queue::end_write(std::size_t taken) {
  if (!std::exchange(writing_, false)) return {}; // it was cleared meanwhile
  const auto& first = buffers_.front();
  progress result{first.client, taken, {}};
  offset_ += taken;
  bytes_ -= taken;
  const bool dropped = first.orphan && offset_ == 0; // its client went, and the device did not begin it after all
  if (dropped || offset_ == first.bytes.size()) result.done = pop();
  return result;
}

std::vector<write_buffer> write_queue::remove(client_id client) {
  std::vector<write_buffer> removed, kept;
  const bool begun = first_begun();
  for (std::size_t i = 0; i < buffers_.size(); ++i) {
    auto& buffer = buffers_[i];
    const bool is_its = buffer.client == client;
    if (is_its && !(i == 0 && begun)) {
      bytes_ -= buffer.bytes.size();
      removed.push_back(std::move(buffer));
      continue;
    }
    if (is_its) {
      buffer.client.reset();
      buffer.orphan = true;
      if (buffer.origin == buffer_origin::client) buffer.origin = buffer_origin::none;
    }
    kept.push_back(std::move(buffer));
  }
  buffers_.assign(std::make_move_iterator(kept.begin()), std::make_move_iterator(kept.end()));
  return removed;
}

std::vector<write_buffer> write_queue::clear() {
  std::vector<write_buffer> all(std::make_move_iterator(buffers_.begin()), std::make_move_iterator(buffers_.end()));
  buffers_.clear();
  offset_ = bytes_ = 0;
  writing_ = false;
  return all;
}

write_queue::remainder write_queue::of(client_id client) const {
  remainder rest;
  auto skip = offset_;
  for (const auto& buffer : buffers_) {
    const auto bytes = buffer.bytes.view().subspan(std::exchange(skip, 0));
    if (buffer.client != client) continue;
    rest.bytes.insert(rest.bytes.end(), bytes.begin(), bytes.end());
    if (buffer.origin == buffer_origin::client) rest.price += buffer.price;
  }
  return rest;
}

write_buffer write_queue::pop() {
  auto first = std::move(buffers_.front());
  bytes_ -= first.bytes.size() - offset_;
  buffers_.pop_front();
  offset_ = 0;
  return first;
}

} // namespace saffron::devices
