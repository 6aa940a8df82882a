// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/agent/message_assembler.hpp"

#include <algorithm>

namespace saffron::devices {

std::vector<std::byte> joined(const wire::agent::message_header& header, std::span<const std::byte> body) {
  wire::writer w;
  wire::write(w, header);
  return w.bytes(body).release();
}

using wire::agent::message_header;

message_assembler::event message_assembler::next(std::span<const std::byte>& input) {
  if (spent_) {
    spent_ = first_ = false;
    kept_.clear();
    if (left_ == 0) mode_ = mode::header;
  }
  const auto take = [&](std::size_t wanted) {
    const auto part = input.first(std::min(wanted, input.size()));
    input = input.subspan(part.size());
    return part;
  };
  const auto keep = [&](std::size_t wanted) {
    const auto part = take(wanted);
    kept_.insert(kept_.end(), part.begin(), part.end());
    return part.size();
  };

  if (mode_ == mode::skip) {
    left_ -= take(left_).size();
    if (left_ != 0) return event::nothing;
    mode_ = mode::header;
  }
  if (mode_ == mode::header) {
    keep(message_header::wire_size - kept_.size());
    if (kept_.size() < message_header::wire_size) return event::nothing;
    wire::reader r{kept_};
    wire::read(r, header_);
    kept_.clear();
    left_ = header_.size;
    mode_ = mode::choosing;
    return event::header;
  }
  if (mode_ == mode::choosing) return event::nothing; // its user has not said what to do
  left_ -= keep(left_);
  if (mode_ == mode::whole && left_ != 0) return event::nothing;
  if (mode_ == mode::stream && left_ != 0 && (kept_.empty() || (first_ && kept_.size() < start_)))
    return event::nothing;
  spent_ = true;
  return mode_ == mode::whole ? event::whole : event::part;
}

void message_assembler::whole() { mode_ = mode::whole; }

void message_assembler::stream(std::size_t start) {
  mode_ = mode::stream;
  start_ = start;
  first_ = true;
}

void message_assembler::skip() { mode_ = mode::skip; }

void message_assembler::reset() { *this = {}; }

} // namespace saffron::devices
