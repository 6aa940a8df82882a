// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic_rows.hpp"

#include "messages/image/quic_codes.hpp"
#include "messages/image/quic_columns.hpp"

namespace saffron::image::quic {

namespace {

unsigned value(const std::byte* row, std::size_t at) { return std::to_integer<unsigned>(row[at]); }

std::uint32_t pixel(const std::byte* row, std::size_t at) {
  std::uint32_t out;
  std::memcpy(&out, row + 4 * at, sizeof out);
  return out;
}

/// predicted() and folded() of the four bytes of a pixel at once: no carry leaves its byte.
template <unsigned Bits>
std::uint32_t residual(std::uint32_t value, std::uint32_t left, std::uint32_t above) {
  constexpr std::uint32_t ones = 0x01010101, high = 0x80 * ones, top = ((1U << Bits) - 1) * ones;
  const auto prediction = (left & above) + (((left ^ above) & ~ones) >> 1);
  const auto miss = (((value | high) - (prediction & ~high)) ^ ((value ^ ~prediction) & high)) & top;
  const auto negative = (miss >> (Bits - 1) & ones) * ((1U << Bits) - 1);
  return (miss << 1 & top & ~ones) ^ negative;
}

/// Collects whether(i) of all columns as bits.
template <class F>
void each_column(std::size_t count, std::uint64_t* bits, F&& whether) {
  for (std::size_t i = 0; i < count; i += 64) {
    std::uint64_t word = 0;
    for (auto at = i; at < std::min(i + 64, count); ++at) word |= std::uint64_t{whether(at)} << (at - i);
    bits[i / 64] = word;
  }
}

template <unsigned Bits>
void colour(const std::byte* row, const std::byte* above, std::size_t count, std::uint32_t* residuals,
            std::uint64_t* same) {
  each_column(count, same, [=](std::size_t i) {
    const auto left = pixel(row, i), here = pixel(row, i + 1);
    residuals[i] = residual<Bits>(here, left, pixel(above, i));
    return ((here ^ left) & 0xffffff) == 0;
  });
}

void gray(const std::byte* row, const std::byte* above, std::size_t count, std::uint8_t* residuals,
          std::uint64_t* same) {
  each_column(count, same, [=](std::size_t i) {
    const auto left = value(row, i), here = value(row, i + 1);
    residuals[i] = static_cast<std::uint8_t>(folded<8>(here, predicted(left, value(above, i))));
    return here == left;
  });
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
