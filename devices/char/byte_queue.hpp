// SPDX-License-Identifier: BSD-3-Clause
// A queue of bytes with a limit, in one piece of memory that is taken when it is first written.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <vector>

namespace saffron::devices {

class byte_queue {
public:
  explicit byte_queue(std::size_t capacity) : capacity_(capacity) {}

  /// Takes bytes from the front, as many as there is room for, and says how many.
  std::size_t write(std::span<const std::byte> bytes) {
    const auto n = std::min(bytes.size(), room());
    if (n == 0) return 0;
    // Twice the capacity: what is left moves to the front only after as much was read, so a byte moves once at most.
    if (storage_.empty()) storage_.resize(2 * capacity_);
    if (first_ + size_ + n > storage_.size()) {
      std::memmove(storage_.data(), storage_.data() + first_, size_);
      first_ = 0;
    }
    std::memcpy(storage_.data() + first_ + size_, bytes.data(), n);
    size_ += n;
    return n;
  }
  /// Fills `room` from the front and says how much.
  std::size_t read(std::span<std::byte> into) {
    const auto n = std::min(into.size(), size_);
    std::copy_n(view().begin(), n, into.begin());
    drop(n);
    return n;
  }
  /// Everything in it, valid until the next write.
  [[nodiscard]] std::span<const std::byte> view() const { return std::span{storage_}.subspan(first_, size_); }
  /// At most size().
  void drop(std::size_t n) {
    first_ += n;
    size_ -= n;
    if (size_ == 0) first_ = 0;
  }
  void clear() { first_ = size_ = 0; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::size_t room() const noexcept { return capacity_ - size_; }

private:
  std::size_t capacity_, first_ = 0, size_ = 0;
  std::vector<std::byte> storage_;
};

} // namespace saffron::devices
