// SPDX-License-Identifier: BSD-3-Clause
// Rows in vectors of 32 bytes. The last vector of a row starts early enough to end with it: what is computed twice is
// the same both times. Rows shorter than a vector take the plain way.
#include "messages/image/quic_rows.hpp"

#if defined(__x86_64__)

#include "messages/image/quic_avx2.hpp"
#include "messages/image/quic_columns.hpp"

namespace saffron::image::quic {

namespace {

/// (left + above) >> 1 of every byte. The CPU's average rounds up.
[[gnu::target("avx2")]] inline __m256i average(__m256i left, __m256i above) {
  const auto odd = _mm256_and_si256(_mm256_xor_si256(left, above), _mm256_set1_epi8(1));
  return _mm256_sub_epi8(_mm256_avg_epu8(left, above), odd);
}

template <unsigned Bits>
[[gnu::target("avx2")]] inline __m256i fold(__m256i value, __m256i prediction) {
  auto miss = _mm256_sub_epi8(value, prediction);
  if constexpr (Bits == 8) {
    const auto negative = _mm256_cmpgt_epi8(_mm256_setzero_si256(), miss);
    return _mm256_xor_si256(_mm256_add_epi8(miss, miss), negative);
  } else {
    miss = _mm256_and_si256(miss, _mm256_set1_epi8(31));
    const auto negative = _mm256_cmpgt_epi8(miss, _mm256_set1_epi8(15));
    return _mm256_xor_si256(_mm256_add_epi8(miss, miss), _mm256_and_si256(negative, _mm256_set1_epi8(63)));
  }
}

/// Sets bits of a row's last vector, which need not begin where a byte of bits does.
void set_bits(std::uint64_t* same, std::size_t at, std::uint64_t bits, std::size_t count) {
  same[at / 64] |= bits << (at % 64);
  if (at % 64 + count > 64) same[at / 64 + 1] |= bits >> (64 - at % 64);
}

/// Eight pixels from `i` on; returns their bits.
template <unsigned Bits>
[[gnu::target("avx2")]] inline std::uint8_t colour_step(const std::byte* row, const std::byte* above, std::size_t i,
                                                        std::uint32_t* residuals) {
  const auto left = load(row + 4 * i), value = load(row + 4 * i + 4);
  store(residuals + i, fold<Bits>(value, average(left, load(above + 4 * i))));
  const auto differs = _mm256_slli_epi32(_mm256_xor_si256(value, left), 8); // not in the fourth byte
  const auto equal = _mm256_cmpeq_epi32(differs, _mm256_setzero_si256());
  return static_cast<std::uint8_t>(_mm256_movemask_ps(_mm256_castsi256_ps(equal)));
}

template <unsigned Bits>
[[gnu::target("avx2")]] void colour(const std::byte* row, const std::byte* above, std::size_t count,
                                    std::uint32_t* residuals, std::uint64_t* same) {
  constexpr std::size_t step = 8;
  if (count < step) return (Bits == 8 ? plain_rows.colour8 : plain_rows.colour5)(row, above, count, residuals, same);
  same[(count - 1) / 64] = 0;
  auto* bits = reinterpret_cast<std::uint8_t*>(same);
  std::size_t i = 0;
  for (; i + step <= count; i += step) *bits++ = colour_step<Bits>(row, above, i, residuals);
  i = count - step;
  set_bits(same, i, colour_step<Bits>(row, above, i, residuals), step);
}

[[gnu::target("avx2")]] inline std::uint32_t gray_step(const std::byte* row, const std::byte* above, std::size_t i,
                                                       std::uint8_t* residuals) {
  const auto left = load(row + i), value = load(row + i + 1);
  store(residuals + i, fold<8>(value, average(left, load(above + i))));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(value, left)));
}

[[gnu::target("avx2")]] void gray(const std::byte* row, const std::byte* above, std::size_t count,
                                  std::uint8_t* residuals, std::uint64_t* same) {
  constexpr std::size_t step = 32;
  if (count < step) return plain_rows.gray(row, above, count, residuals, same);
  same[(count - 1) / 64] = 0;
  auto* bytes = reinterpret_cast<std::uint8_t*>(same);
  std::size_t i = 0;
  for (; i + step <= count; i += step, bytes += 4) {
    const auto bits = gray_step(row, above, i, residuals);
    std::memcpy(bytes, &bits, 4);
  }
  i = count - step;
  set_bits(same, i, gray_step(row, above, i, residuals), step);
}

[[gnu::target("avx2")]] void keep_colour(const std::uint32_t* residuals, const std::uint64_t* borders,
                                         std::size_t count, std::uint32_t* kept) {
  const auto places = _mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128);
  span_maker spans;
  for (std::size_t i = 0; i < count; i += 64) {
    auto runs = spans.next(borders[i / 64]);
    if (runs == ~std::uint64_t{0}) continue;
    const auto end = std::min(i + 64, count);
    auto at = i;
    for (; at + 8 <= end; at += 8, runs >>= 8) {
      const auto bits = _mm256_set1_epi32(static_cast<int>(runs & 255));
      const auto in_run = _mm256_cmpeq_epi32(_mm256_and_si256(bits, places), places);
      store(kept + at, _mm256_blendv_epi8(load(residuals + at), load(kept + at), in_run));
    }
    for (; at < end; ++at, runs >>= 1)
      if ((runs & 1) == 0) kept[at] = residuals[at];
  }
}

/// Runs of alpha are long, mostly whole rows: nothing to gain.
void keep_gray(const std::uint8_t* residuals, const std::uint64_t* borders, std::size_t count, std::uint8_t* kept) {
  plain_rows.keep_gray(residuals, borders, count, kept);
}

[[gnu::target("avx2")]] void unpack_16bit(const std::byte* from, std::size_t count, std::byte* to) {
  constexpr std::size_t step = 8;
  if (count < step) return plain_rows.unpack_16bit(from, count, to);
  for (std::size_t i = 0;; i += step) {
    i = std::min(i, count - step);
    const auto pixels = _mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + 2 * i)));
    const auto blue = _mm256_and_si256(pixels, _mm256_set1_epi32(31));
    const auto green = _mm256_and_si256(_mm256_slli_epi32(pixels, 3), _mm256_set1_epi32(31 << 8));
    const auto red = _mm256_and_si256(_mm256_slli_epi32(pixels, 6), _mm256_set1_epi32(31 << 16));
    store(to + 4 * i, _mm256_or_si256(blue, _mm256_or_si256(green, red)));
    if (i == count - step) return;
  }
}

[[gnu::target("avx2")]] void unpack_24bit(const std::byte* from, std::size_t count, std::byte* to) {
  constexpr std::size_t step = 8; // 24 bytes; the upper half is loaded 4 bytes early, to read nothing behind the row
  if (count < step) return plain_rows.unpack_24bit(from, count, to);
  const auto places = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1, //
                                       4, 5, 6, -1, 7, 8, 9, -1, 10, 11, 12, -1, 13, 14, 15, -1);
  for (std::size_t i = 0;; i += step) {
    i = std::min(i, count - step);
    store(to + 4 * i, _mm256_shuffle_epi8(load(from + 3 * i, from + 3 * i + 8), places));
    if (i == count - step) return;
  }
}

[[gnu::target("avx2")]] inline __m256i alphas(const std::byte* pixels) { return _mm256_srli_epi32(load(pixels), 24); }

[[gnu::target("avx2")]] void alpha(const std::byte* from, std::size_t count, std::byte* to) {
  constexpr std::size_t step = 32;
  if (count < step) return plain_rows.alpha(from, count, to);
  // Packs interleave the halves of their operands: this puts the eight groups of four bytes back in order.
  const auto order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  for (std::size_t i = 0;; i += step) {
    i = std::min(i, count - step);
    const auto* const pixels = from + 4 * i;
    const auto first = _mm256_packus_epi32(alphas(pixels), alphas(pixels + 32));
    const auto second = _mm256_packus_epi32(alphas(pixels + 64), alphas(pixels + 96));
    store(to + i, _mm256_permutevar8x32_epi32(_mm256_packus_epi16(first, second), order));
    if (i == count - step) return;
  }
}

} // namespace

const row_kernels avx2_rows{.colour8 = colour<8>,
                            .colour5 = colour<5>,
                            .gray = gray,
                            .keep_colour = keep_colour,
                            .keep_gray = keep_gray,
                            .code8 = code8_avx2,
                            .code5 = code5_avx2,
                            .unpack_16bit = unpack_16bit,
                            .unpack_24bit = unpack_24bit,
                            .alpha = alpha};

} // namespace saffron::image::quic

#endif
