// SPDX-License-Identifier: BSD-3-Clause
// What QUIC's encoder can do with many pixels at once, since it sees them all: residuals, equality, the bits of codes.
// Two ways to the same numbers: one for any CPU, one for those with AVX2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace saffron::image::quic {

/// The best code of each bucket: eight of channel B, eight of G, eight of R.
struct best_codes {
  alignas(32) std::array<std::uint8_t, 32> of{};
};

/// Bits of pixels, to be put after one another. No entry is longer than bit_writer::most; some may be empty.
struct coded_pixels {
  /// Pixels at most.
  static constexpr std::size_t most = 64;
  std::array<std::uint64_t, most> bits, lengths;
};

/// Codes `count` pixels, 1 to coded_pixels::most of them, whose residuals are words of four bytes, R in the third; the
/// first has `context` to its left. May read seven words more. Returns the number of entries, 0 if a pixel needs more
/// bits than fit one.
using pixel_coder = std::size_t(const std::uint32_t* residuals, std::uint32_t context, std::size_t count,
                                const best_codes& best, coded_pixels& out);

/// Rows of pixels are bytes at any address. 8 or 5 in a name: bits of a channel.
struct row_kernels {
  /// Of a row of 4-byte pixels, `count` pixels behind the first: residual words i are those of the bytes of pixel i +
  /// 1, predicted from pixel i and from `above`[i]; bit i of `same` says that B, G and R are those of pixel i. The rest
  /// of the last word of bits becomes 0.
  void (*colour8)(const std::byte* row, const std::byte* above, std::size_t count, std::uint32_t* residuals,
                  std::uint64_t* same);
  void (*colour5)(const std::byte* row, const std::byte* above, std::size_t count, std::uint32_t* residuals,
                  std::uint64_t* same);
  /// The same of a row of bytes.
  void (*gray)(const std::byte* row, const std::byte* above, std::size_t count, std::uint8_t* residuals,
               std::uint64_t* same);

  /// Copies residuals, but those of columns inside runs: the spans between `borders`.
  void (*keep_colour)(const std::uint32_t* residuals, const std::uint64_t* borders, std::size_t count,
                      std::uint32_t* kept);
  void (*keep_gray)(const std::uint8_t* residuals, const std::uint64_t* borders, std::size_t count, std::uint8_t* kept);

  /// Null in plain_rows: the encoder codes pixel by pixel then.
  pixel_coder *code8, *code5;

  /// x1r5g5b5 to bytes of 5 bits, B G R 0.
  void (*unpack_16bit)(const std::byte* from, std::size_t count, std::byte* to);
  /// B G R to B G R 0.
  void (*unpack_24bit)(const std::byte* from, std::size_t count, std::byte* to);
  /// The fourth bytes of pixels.
  void (*alpha)(const std::byte* from, std::size_t count, std::byte* to);
};

extern const row_kernels plain_rows;
#if defined(__x86_64__)
extern const row_kernels avx2_rows;
pixel_coder code8_avx2, code5_avx2;
#endif

/// The fastest that this CPU runs.
[[nodiscard]] const row_kernels& best_rows() noexcept;

} // namespace saffron::image::quic
