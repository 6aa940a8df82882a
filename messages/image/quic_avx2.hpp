// SPDX-License-Identifier: BSD-3-Clause
// Vectors of 32 bytes from and to any address.
#pragma once

#if defined(__x86_64__)

#include <immintrin.h>

namespace saffron::image::quic {

[[gnu::target("avx2")]] inline __m256i load(const void* from) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(from));
}
/// Both halves from places of their own.
[[gnu::target("avx2")]] inline __m256i load(const void* lower, const void* upper) {
  return _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(lower))),
                                 _mm_loadu_si128(static_cast<const __m128i*>(upper)), 1);
}
/// The same 16 bytes in both halves.
[[gnu::target("avx2")]] inline __m256i load_twice(const void* half) {
  return _mm256_broadcastsi128_si256(_mm_loadu_si128(static_cast<const __m128i*>(half)));
}
[[gnu::target("avx2")]] inline void store(void* to, __m256i v) { _mm256_storeu_si256(static_cast<__m256i*>(to), v); }

} // namespace saffron::image::quic

#endif
