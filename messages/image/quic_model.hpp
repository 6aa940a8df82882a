// SPDX-License-Identifier: BSD-3-Clause
// How both sides of QUIC learn, from the same pixels at the same moments, which code is best after which residual.
#pragma once

#include "messages/image/quic_codes.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace saffron::image::quic {

/// Lengths of a residual under eight codes. Codes that do not exist are longer than all others, so never the best.
using code_lengths = std::array<std::int16_t, 8>;

template <unsigned Bits>
alignas(64) inline constexpr auto lengths_of = [] {
  std::array<code_lengths, 1U << Bits> table{};
  for (unsigned residual = 0; residual < table.size(); ++residual) {
    table[residual].fill(code_family<Bits>::longest);
    for (unsigned code = 0; code < Bits; ++code)
      table[residual][code] = static_cast<std::int16_t>(code_family<Bits>::length(residual, code));
  }
  return table;
}();

/// buckets::of() looked up: CPUs are slow to find the highest bit.
template <unsigned Bits>
inline constexpr auto bucket_of = [] {
  std::array<std::uint8_t, 1U << Bits> out{};
  for (unsigned context = 0; context < out.size(); ++context)
    out[context] = static_cast<std::uint8_t>(buckets<Bits>::of(context));
  return out;
}();

/// Sums of what each code would have cost in one bucket. An update adds at least 1 to the least and at most 26 to the
/// others, and all are halved when the least passes the trigger, so none exceeds 26 * (trigger + 27) < 2^15.
class code_costs {
public:
  /// Adds, returns the cheapest code (of several, the one with the largest number), and halves when that is due.
  [[gnu::always_inline]] unsigned add(const code_lengths& lengths, int trigger) noexcept {
#if defined(__SSE2__)
    auto* const place = reinterpret_cast<__m128i*>(sums_.data());
    const auto sums =
        _mm_add_epi16(_mm_load_si128(place), _mm_load_si128(reinterpret_cast<const __m128i*>(lengths.data())));
    auto least = _mm_min_epi16(sums, _mm_shuffle_epi32(sums, 0x4e));
    least = _mm_min_epi16(least, _mm_shuffle_epi32(least, 0xb1));
    least = _mm_min_epi16(least, _mm_shufflehi_epi16(_mm_shufflelo_epi16(least, 0xb1), 0xb1));
    const auto where = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi16(sums, least)));
    const bool due = (_mm_cvtsi128_si32(least) & 0x7fff) > trigger;
    _mm_store_si128(place, due ? _mm_srli_epi16(sums, 1) : sums);
    return static_cast<unsigned>(std::bit_width(where) - 1) / 2;
#else
    unsigned best = 0;
    for (unsigned code = 0; code < sums_.size(); ++code) {
      sums_[code] = static_cast<std::int16_t>(sums_[code] + lengths[code]);
      if (sums_[code] <= sums_[best]) best = code;
    }
    if (sums_[best] > trigger)
      for (auto& sum : sums_) sum = static_cast<std::int16_t>(sum >> 1);
    return best;
#endif
  }

private:
  alignas(16) std::array<std::int16_t, 8> sums_{};
};

/// How often the codes are reconsidered: after every pixel at first, after one in 33 or so in the end.
class pace {
public:
  /// Pixels from one update to the next, that one included: never more.
  static constexpr std::uint32_t most = 64;

  /// Where the segment ends that starts at `begin` of a row: stages end in the middle of rows.
  [[nodiscard]] std::uint32_t segment_end(std::uint32_t begin, std::uint32_t width) const noexcept {
    return stage_ < last_stage && left_ <= width - begin ? begin + left_ : width;
  }
  /// A segment of so many pixels is over.
  void passed(std::uint32_t pixels) noexcept {
    if (stage_ == last_stage) return;
    left_ -= pixels;
    if (left_ > 0) return;
    ++stage_;
    left_ = stage_pixels;
  }
  /// Pixels between an update and the next.
  [[nodiscard]] std::uint32_t next_wait() noexcept { return chance[++seed_] & ((1U << stage_) - 1); }
  /// Of code_costs, at this stage.
  [[nodiscard]] int trigger() const noexcept { return triggers[stage_]; }

  /// Pixels before the next update, kept from segment to segment.
  std::uint32_t wait = 0;

private:
  static constexpr unsigned last_stage = 6;
  static constexpr std::uint32_t stage_pixels = 2048;
  static constexpr std::array<std::int16_t, last_stage + 1> triggers{110, 550, 900, 800, 550, 400, 350};
  /// Numbers that look like chance. They are part of the format.
  static constexpr std::array<std::uint8_t, 256> chance{
      2,  23, 19, 21, 7,  18, 40, 14, 12, 32, 47, 44, 36, 6,  18, 11, 4,  19, 42, 29, 16, 63, 57, 51, 16, 3,
      5,  14, 15, 30, 20, 9,  36, 45, 3,  57, 61, 0,  8,  5,  41, 14, 43, 27, 43, 59, 31, 35, 39, 60, 42, 38,
      13, 54, 62, 1,  26, 3,  11, 61, 52, 34, 7,  48, 4,  59, 22, 12, 22, 8,  50, 4,  10, 6,  44, 8,  11, 46,
      31, 51, 53, 17, 1,  43, 46, 60, 36, 54, 10, 27, 39, 44, 22, 41, 23, 2,  44, 0,  40, 53, 40, 48, 16, 43,
      32, 28, 33, 12, 20, 2,  56, 62, 55, 58, 18, 20, 13, 55, 38, 29, 57, 19, 49, 33, 47, 63, 59, 0,  35, 61,
      19, 25, 46, 38, 60, 4,  35, 1,  26, 40, 28, 10, 5,  14, 25, 18, 48, 49, 20, 59, 62, 34, 46, 7,  33, 52,
      34, 58, 9,  29, 8,  55, 62, 60, 37, 36, 37, 50, 6,  3,  10, 28, 48, 24, 26, 61, 57, 30, 11, 54, 2,  6,
      50, 47, 7,  17, 35, 53, 32, 12, 23, 17, 5,  21, 49, 55, 51, 45, 52, 27, 39, 25, 39, 63, 22, 24, 42, 52,
      56, 38, 41, 41, 56, 32, 13, 24, 26, 51, 27, 56, 58, 37, 24, 42, 15, 28, 17, 30, 31, 15, 16, 23, 25, 54,
      33, 34, 1,  29, 31, 50, 53, 21, 49, 15, 47, 9,  0,  58, 37, 45, 30, 13, 9,  45, 63, 21};

  unsigned stage_ = 0;
  std::uint32_t left_ = stage_pixels;
  std::uint8_t seed_ = 255;
};

} // namespace saffron::image::quic
