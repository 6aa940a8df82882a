// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/framing.hpp"

#include "messages/wire/header.hpp"

#include <algorithm>
#include <cstring>

namespace saffron::load {

framing::framing(bool mini_headers, std::size_t whole_limit)
    : mini_(mini_headers), header_size_(mini_headers ? wire::mini_header::wire_size : wire::full_header::wire_size),
      whole_limit_(std::max(whole_limit, skim_kept)), wanted_(header_size_) {}

std::span<std::byte> framing::space() {
  if (begin_ == end_) begin_ = end_ = 0;
  const auto need = std::max(wanted_, held() + 1);
  auto capacity = std::max(capacity_, capacity_min);
  if (last_read_filled_ && capacity < capacity_reading) capacity *= 2; // there was more to read
  if (need > capacity) capacity = need + need / 8;
  if (capacity != capacity_) {
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (held() != 0) std::memcpy(larger.get(), buffer_.get() + begin_, held());
    buffer_ = std::move(larger);
    capacity_ = capacity;
    end_ = held();
    begin_ = 0;
  } else if (begin_ != 0 && capacity_ - begin_ < std::max(need, held() + capacity_ / 4)) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, held());
    end_ = held();
    begin_ = 0;
  }
  return {buffer_.get() + end_, capacity_ - end_};
}

void framing::filled(std::size_t n) noexcept {
  end_ += n;
  last_read_filled_ = end_ == capacity_;
}

framing::header framing::read_header() const noexcept {
  const auto* at = buffer_.get() + begin_;
  if (mini_) {
    const auto h = wire::decode_mini_header(std::span<const std::byte, wire::mini_header::wire_size>{at, header_size_});
    return {.type = h.type, .size = h.size};
  }
  const auto h = wire::decode_full_header(std::span<const std::byte, wire::full_header::wire_size>{at, header_size_});
  return {.type = h.type, .size = h.size, .sub_list = h.sub_list, .serial = h.serial};
}

message_view framing::view(const header& h, std::span<const std::byte> body) noexcept {
  ++messages_;
  return {h.type, h.size, h.sub_list, mini_ ? messages_ : h.serial, body};
}

std::optional<message_view> framing::next_skimmed() {
  const auto dropped = std::min(skim_left_, held());
  begin_ += dropped;
  skim_left_ -= dropped;
  if (skim_left_ != 0) return std::nullopt;
  skimming_ = false;
  return view(skimmed_, kept_);
}

std::optional<message_view> framing::next() {
  if (skimming_) return next_skimmed();
  wanted_ = header_size_;
  if (broken_ || held() < header_size_) return std::nullopt;
  const auto h = read_header();
  if (h.size > size_limit) {
    broken_ = true;
    return std::nullopt;
  }
  if (h.size > whole_limit_) {
    wanted_ = header_size_ + skim_kept;
    if (held() < wanted_) return std::nullopt;
    const auto* body = buffer_.get() + begin_ + header_size_;
    kept_.assign(body, body + skim_kept);
    begin_ += wanted_;
    wanted_ = header_size_;
    skimmed_ = h;
    skim_left_ = h.size - skim_kept;
    skimming_ = true;
    return next_skimmed();
  }
  const auto whole = header_size_ + h.size;
  if (held() < whole) {
    wanted_ = whole;
    return std::nullopt;
  }
  const auto* body = buffer_.get() + begin_ + header_size_;
  begin_ += whole;
  return view(h, {body, h.size});
}

} // namespace saffron::load
