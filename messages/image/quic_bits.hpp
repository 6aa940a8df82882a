// SPDX-License-Identifier: BSD-3-Clause
// QUIC's stream of bits: 32-bit little-endian words, each filled from its highest bit down. Writer and reader are a few
// numbers that loops keep in registers; the bytes that they point into belong to a buffer beside them.
#pragma once

#include "messages/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace saffron::image::quic {

/// Collects bits as bytes, the first bit highest.
class bit_writer {
public:
  /// Most bits of one put().
  static constexpr unsigned most = 57;

  /// Appends the `length` low bits of `value`, 0 to `most` of them; its other bits are zero. Needs room for 8 bytes.
  [[gnu::always_inline]] void put(std::uint64_t value, unsigned length) noexcept {
    bits_ = bits_ << length | value;
    count_ += length;
    const auto out = __builtin_bswap64(bits_ << (-count_ & 63)); // with no bit waiting, what is stored does not matter
    std::memcpy(at_, &out, sizeof out);
    at_ += count_ / 8;
    count_ %= 8;
  }
  /// There is room for so many put() of any length.
  [[nodiscard, gnu::always_inline]] bool room(std::size_t puts) const noexcept {
    return static_cast<std::size_t>(end_ - at_) >= puts * 8 + 8;
  }

private:
  friend class write_buffer;

  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  /// The lowest count_ bits (below 8 between calls) are not in the buffer yet; those above were written before.
  std::uint64_t bits_ = 0;
  unsigned count_ = 0;
};

/// The bytes that a writer fills. One writer at a time.
class write_buffer {
public:
  explicit write_buffer(std::size_t expected_bytes);

  [[nodiscard]] bit_writer begin() noexcept;
  /// The writer, moved to larger storage where there is room for so many put().
  [[nodiscard]] bit_writer grow(bit_writer writer, std::size_t puts);
  /// Everything as words, padded with zeros, and the word of zeros behind them that decoders read ahead.
  [[nodiscard]] shared_bytes finish(bit_writer writer);

private:
  std::unique_ptr<std::byte[]> storage_;
  std::size_t size_;
};

/// Hands out the bits of a stream; behind its end are zeros. Who takes bits looks at passed_end() at least every
/// `most_unchecked` bits, so that nothing is read that is not there.
class bit_reader {
public:
  static constexpr std::size_t most_unchecked = 8192;

  /// Fills the window with at least 56 bits.
  [[gnu::always_inline]] void fill() noexcept {
    std::uint64_t next;
    std::memcpy(&next, at_, sizeof next);
    window_ |= __builtin_bswap64(next) >> left_;
    at_ += (63 - left_) / 8;
    left_ |= 56;
  }
  /// The bits to come, the next one highest; left() of them are certain to be there.
  [[nodiscard, gnu::always_inline]] std::uint64_t window() const noexcept { return window_; }
  [[nodiscard, gnu::always_inline]] unsigned left() const noexcept { return left_; }
  /// Passes `length` bits, no more than left().
  [[gnu::always_inline]] void take(unsigned length) noexcept {
    window_ <<= length;
    left_ -= length;
  }
  /// More bits were taken than there are.
  [[nodiscard, gnu::always_inline]] bool passed_end() const noexcept {
    return at_ > end_ && static_cast<std::size_t>(at_ - end_) * 8 > left_;
  }

private:
  friend class read_buffer;

  const std::byte* at_ = nullptr;
  const std::byte* end_ = nullptr;
  std::uint64_t window_ = 0;
  /// Bits of the window that at_ has passed. Those below them are right too, and will be read once more.
  unsigned left_ = 0;
};

/// A copy of a stream in the order that a reader wants.
class read_buffer {
public:
  /// The size is a multiple of 4.
  explicit read_buffer(std::span<const std::byte> words);

  [[nodiscard]] bit_reader begin() const noexcept;
  /// Nothing but zeros fills the word that the reader has reached, and one word more: a stream ends so.
  [[nodiscard]] bool ends(const bit_reader& reader) const noexcept;

private:
  std::unique_ptr<std::byte[]> storage_;
  std::size_t size_;
};

} // namespace saffron::image::quic
