// SPDX-License-Identifier: BSD-3-Clause
// The format of SPICE's QUIC pictures, from the outside in: header, codes of residuals, and the classes of contexts
// that each have a best code. QUIC is a relative of SFALIC; one picture has exactly one right stream of bits.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace saffron::image::quic {

/// "QUIC" and version 0, the first two words.
inline constexpr std::uint32_t magic = 0x43495551, version = 0;
/// Words before the first code: magic, version, type, width, height.
inline constexpr std::size_t header_words = 5;
/// More pixels are no QUIC picture.
inline constexpr std::uint64_t most_pixels_ever = (1U << 29) - 1;

enum class picture_type : std::uint32_t { gray = 1, rgb16 = 2, rgb24 = 3, rgb32 = 4, rgba = 5 };

/// What a channel's value is expected to be.
constexpr unsigned predicted(unsigned left, unsigned above) { return (left + above) >> 1; }

/// What a value misses its prediction by, modulo 2^Bits: small misses of either sign become small numbers.
template <unsigned Bits>
constexpr unsigned folded(unsigned value, unsigned prediction) {
  constexpr unsigned top = (1U << Bits) - 1;
  const unsigned miss = (value - prediction) & top;
  return ((miss << 1) ^ (0 - (miss >> (Bits - 1)))) & top;
}

/// The value, given back what folded() made of it.
template <unsigned Bits>
constexpr unsigned unfolded(unsigned residual, unsigned prediction) {
  constexpr unsigned top = (1U << Bits) - 1;
  const unsigned miss = (residual & 1) != 0 ? top - (residual >> 1) : residual >> 1;
  return (miss + prediction) & top;
}

/// Codes 0 .. Bits-1 for folded residuals of Bits bits: zeros in number of residual >> code, a one, and the code's low
/// bits of the residual. Where that takes too many zeros, an escape: the most zeros, and the excess in plain bits.
template <unsigned Bits>
struct code_family {
  static constexpr unsigned values = 1U << Bits, longest = 26;
  /// Zeros of an escape.
  static constexpr unsigned zeros(unsigned code) { return std::min(longest - Bits, (1U << (Bits - code)) - 1); }
  /// The first residual that needs an escape.
  static constexpr unsigned escape(unsigned code) { return zeros(code) << code; }
  /// Bits behind an escape's zeros.
  static constexpr unsigned suffix(unsigned code) {
    return static_cast<unsigned>(std::bit_width(values - escape(code) - 1));
  }
  static constexpr unsigned escape_length(unsigned code) { return zeros(code) + suffix(code); }
  static constexpr unsigned length(unsigned residual, unsigned code) {
    return residual < escape(code) ? (residual >> code) + 1 + code : escape_length(code);
  }
  /// The bits behind the leading zeros: eight at most.
  static constexpr unsigned tail(unsigned residual, unsigned code) {
    return residual < escape(code) ? 1U << code | (residual & ((1U << code) - 1)) : residual - escape(code);
  }
};

/// A context is the residual to the left. Their magnitudes are told apart: 0, 1-2, 3-6, 7-14 and so on.
template <unsigned Bits>
struct buckets {
  static constexpr unsigned count = Bits == 8 ? 8 : 5;
  static constexpr unsigned of(unsigned context) {
    return std::min(static_cast<unsigned>(std::bit_width(context + 1)) - 1, count - 1);
  }
  static constexpr unsigned first(unsigned bucket) { return (1U << bucket) - 1; }
  static constexpr unsigned end(unsigned bucket) { return bucket + 1 == count ? 1U << Bits : first(bucket + 1); }
};

} // namespace saffron::image::quic
