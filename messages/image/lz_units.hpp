// SPDX-License-Identifier: BSD-3-Clause
// The units that SPICE's LZ and GLZ count in: what of a pixel they transport, how it is compared, and how it looks as a
// literal. Everything works on 64-bit words, whose lowest byte is the first in memory on every machine.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace saffron::image::lz {

inline std::uint64_t load64(const std::byte* from) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, from, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

inline void store64(std::byte* to, std::uint64_t word) noexcept {
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  std::memcpy(to, &word, sizeof word);
}

/// Units of `Bytes` in memory, `LiteralBytes` in the stream; matches are longer than `Bias`. `Mask` has the bits that
/// are transported of eight bytes that begin with a unit.
template <std::size_t Bytes, std::uint64_t Mask, std::size_t LiteralBytes, std::size_t Bias>
struct units {
  static constexpr std::size_t bytes = Bytes, literal_bytes = LiteralBytes, bias = Bias;
  /// Only the alpha byte of a pixel.
  static constexpr bool only_alpha = Bytes == 4 && LiteralBytes == 1;

  /// Eight bytes, without what is not transported.
  static std::uint64_t load(const std::byte* from) noexcept { return load64(from) & Mask; }

  static bool equal(const std::byte* a, const std::byte* b) noexcept {
    if constexpr (Bytes == 1) return *a == *b;
    if constexpr (Bytes == 3) return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
    if constexpr (only_alpha) return a[3] == b[3];
    if constexpr (Bytes == 2) return a[0] == b[0] && ((a[1] ^ b[1]) & std::byte{0x7f}) == std::byte{0};
    if constexpr (LiteralBytes == 3) return a[0] == b[0] && a[1] == b[1] && a[2] == b[2];
  }

  /// How many units are equal, from `older` and `newer` on, before `end`. Two of them may overlap.
  [[gnu::always_inline]] static std::size_t count_equal(const std::byte* older, const std::byte* newer,
                                                        const std::byte* end) noexcept {
    const auto difference = [&](std::ptrdiff_t at) { return (load64(older + at) ^ load64(newer + at)) & Mask; };
    const auto equal_bytes = [](std::uint64_t x) { return static_cast<std::size_t>(std::countr_zero(x)) / 8; };
    const auto there = end - newer;
    std::ptrdiff_t at = 0;
    // Most matches end in the first word: what follows has to wait for this number alone.
    if (there >= 8) {
      if (const auto x = difference(0)) return equal_bytes(x) / Bytes;
      at = 8;
    }
    for (; there - at >= 32; at += 32)
      if ((difference(at) | difference(at + 8) | difference(at + 16) | difference(at + 24)) != 0) break;
    for (; there - at >= 8; at += 8)
      if (const auto x = difference(at)) return (static_cast<std::size_t>(at) + equal_bytes(x)) / Bytes;
    const auto transported = [&] { return static_cast<std::byte>(Mask >> (8 * (at & 7))); };
    while (at < there && ((older[at] ^ newer[at]) & transported()) == std::byte{0}) ++at;
    return static_cast<std::size_t>(at) / Bytes;
  }

  /// Writes `count` literals and up to seven bytes behind them. Reads nothing from `end` on.
  static void put_literals(std::byte* out, const std::byte* from, std::size_t count, const std::byte* end) noexcept {
    constexpr std::size_t in_a_word = 8 / Bytes;
    std::size_t i = 0;
    for (; i < count && end - (from + i * Bytes) >= 8; i += in_a_word)
      store64(out + i * LiteralBytes, packed(load64(from + i * Bytes)));
    for (; i < count; ++i) put_literal(out + i * LiteralBytes, from + i * Bytes);
  }

  static void put_literal(std::byte* out, const std::byte* from) noexcept {
    if constexpr (only_alpha)
      out[0] = from[3];
    else if constexpr (Bytes == 2)
      out[0] = from[1], out[1] = from[0];
    else
      std::memcpy(out, from, LiteralBytes);
  }

  /// Leaves what is not transported as it is.
  static void get_literal(std::byte* to, const std::byte* in) noexcept {
    if constexpr (only_alpha)
      to[3] = in[0];
    else
      put_literal(to, in);
  }

private:
  /// The literals of the units in a word.
  static std::uint64_t packed(std::uint64_t word) noexcept {
    if constexpr (only_alpha)
      return (word >> 24 & 0xff) | (word >> 48 & 0xff00);
    else if constexpr (Bytes == 4)
      return (word & 0xffffff) | (word >> 8 & 0xffffff000000);
    else if constexpr (Bytes == 2)
      return (word >> 8 & 0x00ff00ff00ff00ff) | (word << 8 & 0xff00ff00ff00ff00);
    else
      return word;
  }
};

/// Palette indices (whole bytes of them), or alpha alone.
using byte_units = units<1, ~std::uint64_t{0}, 1, 2>;
/// x1r5g5b5, the high byte first in the stream.
using rgb_16bit_units = units<2, 0x7fff7fff7fff7fff, 2, 1>;
using rgb_24bit_units = units<3, ~std::uint64_t{0}, 3, 0>;
using rgb_32bit_units = units<4, 0x00ffffff00ffffff, 3, 0>;
/// The alpha bytes of B G R A.
using alpha_units = units<4, 0xff000000ff000000, 1, 2>;

} // namespace saffron::image::lz
