// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic_rows.hpp"

#include "messages/image/quic_codes.hpp"
#include "messages/image/quic_columns.hpp"

namespace saffron::image::quic {

namespace {

unsigned value(const std::byte* row, std::size_t at) { return std::to_integer<unsigned>(row[at]); }

template <unsigned Bits>
void colour(const std::byte* row, const std::byte* above, std::size_t count, std::uint32_t* residuals,
            std::uint64_t* same) {
  std::fill_n(same, (count + 63) / 64, 0);
  for (std::size_t i = 0; i < count; ++i) {
    residuals[i] = 0;
    bool equal = true;
    for (std::size_t at = 4 * i, shift = 0; shift < 32; ++at, shift += 8) {
      const auto left = value(row, at), here = value(row, at + 4);
      residuals[i] |= folded<Bits>(here, predicted(left, value(above, at))) << shift;
      equal &= here == left || shift == 24;
    }
    same[i / 64] |= std::uint64_t{equal} << (i % 64);
  }
}

void gray(const std::byte* row, const std::byte* above, std::size_t count, std::uint8_t* residuals,
          std::uint64_t* same) {
  std::fill_n(same, (count + 63) / 64, 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto left = value(row, i), here = value(row, i + 1);
    residuals[i] = static_cast<std::uint8_t>(folded<8>(here, predicted(left, value(above, i))));
    same[i / 64] |= std::uint64_t{here == left} << (i % 64);
  }
}

template <class Residual>
void keep(const Residual* residuals, const std::uint64_t* borders, std::size_t count, Residual* kept) {
  span_maker spans;
  for (std::size_t i = 0; i < count; i += 64) {
    const auto runs = spans.next(borders[i / 64]);
    if (runs == ~std::uint64_t{0}) continue;
    for (auto at = i; at < std::min(i + 64, count); ++at)
      if ((runs >> (at - i) & 1) == 0) kept[at] = residuals[at];
  }
}

void unpack_16bit(const std::byte* from, std::size_t count, std::byte* to) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto pixel = value(from, 2 * i) | value(from, 2 * i + 1) << 8;
    for (std::size_t channel = 0; channel < 3; ++channel) to[4 * i + channel] = std::byte(pixel >> (5 * channel) & 31);
    to[4 * i + 3] = std::byte{0};
  }
}

void unpack_24bit(const std::byte* from, std::size_t count, std::byte* to) {
  for (std::size_t i = 0; i < count; ++i) {
    std::memcpy(to + 4 * i, from + 3 * i, 3);
    to[4 * i + 3] = std::byte{0};
  }
}

void alpha(const std::byte* from, std::size_t count, std::byte* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] = from[4 * i + 3];
}

} // namespace

const row_kernels plain_rows{.colour8 = colour<8>,
                             .colour5 = colour<5>,
                             .gray = gray,
                             .keep_colour = keep<std::uint32_t>,
                             .keep_gray = keep<std::uint8_t>,
                             .code8 = nullptr,
                             .code5 = nullptr,
                             .unpack_16bit = unpack_16bit,
                             .unpack_24bit = unpack_24bit,
                             .alpha = alpha};

const row_kernels& best_rows() noexcept {
#if defined(__x86_64__)
  static const bool wide = __builtin_cpu_supports("avx2") != 0;
  return wide ? avx2_rows : plain_rows;
#else
  return plain_rows;
#endif
}

} // namespace saffron::image::quic
