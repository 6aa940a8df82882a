// SPDX-License-Identifier: BSD-3-Clause
// One bit for each column of a picture.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace saffron::image::quic {

static_assert(std::endian::native == std::endian::little, "bits are read from any byte on");

class column_bits {
public:
  /// All clear.
  explicit column_bits(std::uint32_t width) : words_(width / 64 + 2) {}

  [[nodiscard]] std::vector<std::uint64_t>& words() noexcept { return words_; }
  [[nodiscard]] const std::vector<std::uint64_t>& words() const noexcept { return words_; }

  [[nodiscard]] bool test(std::uint32_t column) const noexcept {
    return (words_[column / 64] >> (column % 64) & 1) != 0;
  }
  void flip(std::uint32_t column) noexcept { words_[column / 64] ^= std::uint64_t{1} << (column % 64); }

  /// The first column in `from` .. `end`-1 whose bit is set; `end` if none is.
  [[nodiscard, gnu::always_inline]] std::uint32_t next_set(std::uint32_t from, std::uint32_t end) const noexcept {
    return next(from, end, 0);
  }
  /// The same of clear bits.
  [[nodiscard, gnu::always_inline]] std::uint32_t next_clear(std::uint32_t from, std::uint32_t end) const noexcept {
    return next(from, end, ~std::uint64_t{0});
  }

private:
  [[nodiscard, gnu::always_inline]] std::uint32_t next(std::uint32_t from, std::uint32_t end,
                                                       std::uint64_t inverted) const noexcept {
    // Most are within the 57 bits from here on. The rest of the word that holds the column would often be too few, and
    // no CPU could predict when.
    std::uint64_t near;
    std::memcpy(&near, reinterpret_cast<const std::byte*>(words_.data()) + from / 8, sizeof near);
    near = (near ^ inverted) >> (from % 8);
    if (near != 0) [[likely]]
      return std::min(end, from + static_cast<std::uint32_t>(std::countr_zero(near)));
    const auto ahead = from - from % 8 + 64;
    auto at = ahead / 64;
    auto word = (words_[at] ^ inverted) >> (ahead % 64) << (ahead % 64);
    while (word == 0) {
      if (++at * 64 >= end) return end;
      word = words_[at] ^ inverted;
    }
    return std::min(end, at * 64 + static_cast<std::uint32_t>(std::countr_zero(word)));
  }

  std::vector<std::uint64_t> words_;
};

/// Makes spans of borders, 64 columns at a time: a span goes from one set bit to before the next.
class span_maker {
public:
  [[nodiscard]] std::uint64_t next(std::uint64_t borders) noexcept {
    for (int shift = 1; shift < 64; shift *= 2) borders ^= borders << shift;
    borders ^= open_;
    open_ = 0 - (borders >> 63);
    return borders;
  }

private:
  std::uint64_t open_ = 0;
};

} // namespace saffron::image::quic
