// SPDX-License-Identifier: BSD-3-Clause
// The bits of eight pixels at a time. Residuals, codes, lengths and tails are all bytes, so that the 24 channels of
// eight pixels are worked at together; only where a pixel's three codes are joined the lanes are 64 bits wide.
#include "messages/image/quic_rows.hpp"

#if defined(__x86_64__)

#include "messages/image/quic_avx2.hpp"
#include "messages/image/quic_bits.hpp"
#include "messages/image/quic_codes.hpp"
#include "messages/image/quic_model.hpp"

namespace saffron::image::quic {

static_assert(coded_pixels::most >= pace::most && coded_pixels::most % 8 == 0);

namespace {

/// What the CPU's shuffle looks bytes up in.
using table = std::array<std::uint8_t, 16>;

template <unsigned Bits>
constexpr table table_of(unsigned value_of(unsigned code)) {
  table out{};
  for (unsigned code = 0; code < Bits; ++code) out[code] = static_cast<std::uint8_t>(value_of(code));
  return out;
}

template <unsigned Bits>
constexpr auto escape = table_of<Bits>(code_family<Bits>::escape);
template <unsigned Bits>
constexpr auto escape_length = table_of<Bits>(code_family<Bits>::escape_length);
/// The one behind the zeros, with room for the code's low bits.
template <unsigned Bits>
constexpr auto marker = table_of<Bits>([](unsigned code) { return 1U << code; });
/// Multiplied with it, a residual shifted right by the code stands seven bits higher.
template <unsigned Bits>
constexpr auto factor = table_of<Bits>([](unsigned code) { return 128U >> code; });
/// The bucket of a context, if one more than it is 0 .. 15; and by its upper four bits if it is more.
template <unsigned Bits>
constexpr auto low_bucket = [] {
  table out{};
  for (unsigned i = 1; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(buckets<Bits>::of(i - 1));
  return out;
}();
template <unsigned Bits>
constexpr auto high_bucket = [] {
  table out{};
  for (unsigned i = 1; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(buckets<Bits>::of(16 * i - 1));
  return out;
}();

[[gnu::target("avx2")]] inline __m256i look_up(const table& in, __m256i indices) {
  return _mm256_shuffle_epi8(load_twice(in.data()), indices);
}

/// The best codes in the contexts.
template <unsigned Bits>
[[gnu::target("avx2")]] inline __m256i best_of(const best_codes& best, __m256i contexts) {
  const auto more = _mm256_adds_epu8(contexts, _mm256_set1_epi8(1)), nibble = _mm256_set1_epi8(15);
  const auto high = look_up(high_bucket<Bits>, _mm256_and_si256(_mm256_srli_epi16(more, 4), nibble));
  const auto low = look_up(low_bucket<Bits>, _mm256_and_si256(more, nibble));
  const auto bucket = _mm256_max_epu8(high, low);
  // The buckets of B and G are in one table, those of R in the other. A set high bit looks up 0.
  const auto blue_green = _mm256_or_si256(bucket, _mm256_set1_epi32(static_cast<int>(0x80800800)));
  const auto red = _mm256_or_si256(bucket, _mm256_set1_epi32(static_cast<int>(0x80008080)));
  return _mm256_or_si256(_mm256_shuffle_epi8(load_twice(best.of.data()), blue_green),
                         _mm256_shuffle_epi8(load_twice(best.of.data() + 16), red));
}

/// Leading zeros of codes that are no escapes: residual >> code. There is no shift of bytes, so this multiplies.
template <unsigned Bits>
[[gnu::target("avx2")]] inline __m256i zeros_of(__m256i residuals, __m256i codes) {
  const auto even_bytes = _mm256_set1_epi16(255), factors = look_up(factor<Bits>, codes);
  const auto even = _mm256_mullo_epi16(_mm256_and_si256(residuals, even_bytes), _mm256_and_si256(factors, even_bytes));
  const auto odd = _mm256_mullo_epi16(_mm256_srli_epi16(residuals, 8), _mm256_srli_epi16(factors, 8));
  return _mm256_or_si256(_mm256_srli_epi16(even, 7), _mm256_andnot_si256(even_bytes, _mm256_slli_epi16(odd, 1)));
}

/// Of four pixels, in lanes of 64 bits.
struct joined {
  __m256i bits, lengths;
};

/// Joins the codes of R, G and B, which are the third to the first byte of each lane.
[[gnu::target("avx2")]] inline joined join_channels(__m256i tails, __m256i lengths) {
  const auto zero = _mm256_setzero_si256(), byte = _mm256_set1_epi64x(255);
  const auto blue_length = _mm256_and_si256(lengths, byte);
  const auto blue_green_length = _mm256_sad_epu8(_mm256_and_si256(lengths, _mm256_set1_epi64x(0xffff)), zero);
  const auto green = _mm256_sllv_epi64(_mm256_and_si256(_mm256_srli_epi64(tails, 8), byte), blue_length);
  const auto red = _mm256_sllv_epi64(_mm256_srli_epi64(tails, 16), blue_green_length);
  return {_mm256_or_si256(_mm256_or_si256(_mm256_and_si256(tails, byte), green), red), _mm256_sad_epu8(lengths, zero)};
}

[[gnu::target("avx2")]] inline bool any_too_long(__m256i lengths) {
  const auto too_long = _mm256_cmpgt_epi64(lengths, _mm256_set1_epi64x(bit_writer::most));
  return _mm256_testz_si256(too_long, too_long) == 0;
}

/// Writes the lanes of both after one another: of even, of odd, of even, ...
[[gnu::target("avx2")]] inline void store_alternating(std::uint64_t* to, __m256i even, __m256i odd) {
  const auto low = _mm256_unpacklo_epi64(even, odd), high = _mm256_unpackhi_epi64(even, odd);
  store(to, _mm256_permute2x128_si256(low, high, 0x20));
  store(to + 4, _mm256_permute2x128_si256(low, high, 0x31));
}

template <unsigned Bits>
[[gnu::target("avx2")]] inline std::size_t code(const std::uint32_t* residuals, std::uint32_t context,
                                                std::size_t count, const best_codes& best, coded_pixels& out) {
  std::size_t made = 0;
  for (std::size_t i = 0; i < count; i += 8) {
    const auto here = load(residuals + i);
    auto contexts = _mm256_permutevar8x32_epi32(here, _mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6));
    contexts = _mm256_blend_epi32(contexts, _mm256_castsi128_si256(_mm_cvtsi32_si128(static_cast<int>(context))), 1);
    context = residuals[i + 7];
    const auto codes = best_of<Bits>(best, contexts);

    const auto minus_one = _mm256_set1_epi8(-1);
    const auto markers = look_up(marker<Bits>, codes), escapes = look_up(escape<Bits>, codes);
    const auto tails = _mm256_or_si256(markers, _mm256_and_si256(here, _mm256_add_epi8(markers, minus_one)));
    const auto lengths = _mm256_sub_epi8(_mm256_add_epi8(zeros_of<Bits>(here, codes), codes), minus_one);
    const auto escaped = _mm256_cmpeq_epi8(_mm256_max_epu8(here, escapes), here);
    const auto there =
        _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count - i)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    const auto channels = _mm256_srli_epi32(there, 8); // not the fourth byte, and nothing behind the last pixel
    const auto all_tails =
        _mm256_and_si256(channels, _mm256_blendv_epi8(tails, _mm256_sub_epi8(here, escapes), escaped));
    const auto all_lengths =
        _mm256_and_si256(channels, _mm256_blendv_epi8(lengths, look_up(escape_length<Bits>, codes), escaped));

    const auto even_words = _mm256_set1_epi64x(0xffffffff);
    const auto even = join_channels(_mm256_and_si256(all_tails, even_words), _mm256_and_si256(all_lengths, even_words));
    const auto odd = join_channels(_mm256_srli_epi64(all_tails, 32), _mm256_srli_epi64(all_lengths, 32));
    if (const auto both = _mm256_add_epi64(even.lengths, odd.lengths); !any_too_long(both)) {
      store(out.bits.data() + made, _mm256_or_si256(_mm256_sllv_epi64(even.bits, odd.lengths), odd.bits));
      store(out.lengths.data() + made, both);
      made += 4;
    } else {
      if (any_too_long(_mm256_max_epu8(even.lengths, odd.lengths))) return 0;
      store_alternating(out.bits.data() + made, even.bits, odd.bits);
      store_alternating(out.lengths.data() + made, even.lengths, odd.lengths);
      made += 8;
    }
  }
  return made;
}

} // namespace

[[gnu::target("avx2")]] std::size_t code8_avx2(const std::uint32_t* residuals, std::uint32_t context, std::size_t count,
                                               const best_codes& best, coded_pixels& out) {
  return code<8>(residuals, context, count, best, out);
}
[[gnu::target("avx2")]] std::size_t code5_avx2(const std::uint32_t* residuals, std::uint32_t context, std::size_t count,
                                               const best_codes& best, coded_pixels& out) {
  return code<5>(residuals, context, count, best, out);
}

} // namespace saffron::image::quic

#endif
