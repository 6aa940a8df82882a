// SPDX-License-Identifier: BSD-3-Clause
// One plane of a QUIC picture on its way out of bits: the three colours, or alpha alone. Each code's length must be
// known before the next can be looked at, so everything here is about the way from one code to the next being short.
#pragma once

#include "messages/image/quic_bits.hpp"
#include "messages/image/quic_model.hpp"
#include "messages/image/quic_runs.hpp"

#include <optional>
#include <type_traits>
#include <vector>

namespace saffron::image::quic {

/// By the next nine bits: the residual whose code they begin with, and its length; 0 if that is more than nine.
struct short_code {
  std::uint8_t length, residual;
};
inline constexpr unsigned short_bits = 9;
using short_codes = std::array<short_code, 1U << short_bits>;

template <unsigned Bits>
alignas(64) inline constexpr auto short_codes_of = [] {
  std::array<short_codes, Bits> out{};
  for (unsigned code = 0; code < Bits; ++code)
    for (unsigned residual = 0; residual < 1U << Bits; ++residual) {
      const auto length = code_family<Bits>::length(residual, code);
      if (length > short_bits) continue;
      const auto rest = short_bits - length;
      const auto first = code_family<Bits>::tail(residual, code) << rest;
      for (auto i = first; i < first + (1U << rest); ++i)
        out[code][i] = {static_cast<std::uint8_t>(length), static_cast<std::uint8_t>(residual)};
    }
  return out;
}();

template <unsigned Bits>
class channel_decoder {
public:
  channel_decoder() { codes_.fill(&short_codes_of<Bits>[Bits - 1]); }

  /// A residual; out of range if the stream is malformed. Needs code_family::longest bits in the window.
  [[nodiscard, gnu::always_inline]] unsigned read(bit_reader& in, unsigned context) const noexcept {
    const auto& codes = *codes_[context];
    const auto& found = codes[in.window() >> (64 - short_bits)];
    if (const unsigned length = found.length; length != 0) [[likely]] {
      in.take(length);
      return found.residual;
    }
    return read_long(in, static_cast<unsigned>(&codes - short_codes_of<Bits>.data()));
  }
  [[gnu::always_inline]] void update(unsigned context, unsigned residual, int trigger) noexcept {
    const unsigned bucket = bucket_of<Bits>[context];
    const auto* const best = &short_codes_of<Bits>[costs_[bucket].add(lengths_of<Bits>[residual], trigger)];
    if (codes_[buckets<Bits>::first(bucket)] != best) [[unlikely]]
      std::fill(codes_.begin() + buckets<Bits>::first(bucket), codes_.begin() + buckets<Bits>::end(bucket), best);
  }

private:
  [[nodiscard, gnu::always_inline]] static unsigned read_long(bit_reader& in, unsigned code) noexcept {
    using family = code_family<Bits>;
    const auto window = in.window();
    const auto zeros = static_cast<unsigned>(std::countl_zero(window | 1));
    if (zeros < family::zeros(code)) {
      in.take(zeros + 1 + code);
      return ((zeros - 1) << code) + static_cast<unsigned>((window << zeros) >> (63 - code));
    }
    in.take(family::escape_length(code));
    return family::escape(code) + static_cast<unsigned>((window << family::zeros(code)) >> (64 - family::suffix(code)));
  }

  /// By context, the codes that are best behind it.
  std::array<const short_codes*, 1U << Bits> codes_;
  std::array<code_costs, buckets<Bits>::count> costs_{};
};

/// Pixels are words, B G R 0, or bytes of alpha.
template <unsigned Bits, bool Colour>
class plane_decoder {
public:
  using pixel_word = std::conditional_t<Colour, std::uint32_t, std::uint8_t>;

  explicit plane_decoder(std::uint32_t width) : width_(width), residuals_(width), row_(width), above_(width) {}

  /// The next row, valid until the one behind it is decoded; null if the stream is malformed.
  [[nodiscard]] const pixel_word* decode_row(bit_reader& in) {
    std::swap(row_, above_);
    for (std::uint32_t begin = 0; begin < width_;) {
      const auto end = pace_.segment_end(begin, width_);
      if (!decode_segment(in, begin, end)) return nullptr;
      pace_.passed(end - begin);
      begin = end;
    }
    first_row_ = false;
    return row_.data();
  }

private:
  /// Of the channels of a pixel; alpha is in `blue`. Not an array: that would live in memory.
  struct channel_values {
    unsigned blue, green, red;

    [[nodiscard, gnu::always_inline]] static channel_values of(std::uint32_t pixel) {
      return {pixel & 255, pixel >> 8 & 255, pixel >> 16};
    }
    [[nodiscard, gnu::always_inline]] pixel_word word() const {
      return static_cast<pixel_word>(blue | green << 8 | red << 16);
    }
  };

  [[nodiscard, gnu::always_inline]] bool decode_segment(bit_reader& shared_in, std::uint32_t i, std::uint32_t end) {
    auto in = shared_in; // in registers
    auto* const row = row_.data();
    const auto* const above = above_.data();
    auto* const residuals = residuals_.data();
    auto stop = i + pace_.wait;
    auto run_at = end; // where the last run began: no second one begins there
    unsigned malformed = 0;
    auto context = channel_values::of(residuals[i == 0 ? 0 : i - 1]);
    auto value = channel_values::of(i > 0 ? row[i - 1] : above[0]);
    while (i < end) {
      if (i > 2 && !first_row_ && i != run_at && above[i - 1] == above[i] && row[i - 1] == row[i - 2]) {
        const auto length = read_run(in, end - i);
        if (!length) return false;
        std::fill_n(row + i, *length, row[i - 1]);
        run_at = i;
        i += *length;
        stop += *length;
        context = channel_values::of(residuals[i - 1]);
        continue;
      }
      // Column 0 is predicted from above alone, the first row from the left alone; above it are zeros.
      const auto up = i > 0 && !first_row_ ? channel_values::of(above[i]) : value;
      channel_values residual{};
      in.fill();
      if constexpr (Colour) {
        residual.red = decode_channel(in, channels_[2], context.red, up.red, value.red, malformed);
        residual.green = decode_channel(in, channels_[1], context.green, up.green, value.green, malformed);
        if (in.left() < code_family<Bits>::longest) in.fill();
      }
      residual.blue = decode_channel(in, channels_[0], context.blue, up.blue, value.blue, malformed);
      row[i] = value.word();
      residuals[i] = residual.word();
      if (i == stop) {
        if (malformed != 0 || in.passed_end()) return false;
        update(context, residual);
        stop = i + 1 + pace_.next_wait();
      }
      context = residual;
      ++i;
    }
    pace_.wait = stop - end;
    shared_in = in;
    return malformed == 0 && !in.passed_end();
  }

  /// Reads a residual, and makes `value` of what was the one to the left.
  [[nodiscard, gnu::always_inline]] static unsigned decode_channel(bit_reader& in, const channel_decoder<Bits>& channel,
                                                                   unsigned context, unsigned up, unsigned& value,
                                                                   unsigned& malformed) {
    const auto read = channel.read(in, context);
    malformed |= read >> Bits;
    const auto residual = read & ((1U << Bits) - 1);
    value = unfolded<Bits>(residual, predicted(value, up));
    return residual;
  }

  [[gnu::always_inline]] void update(const channel_values& context, const channel_values& residual) {
    const auto trigger = pace_.trigger();
    channels_[0].update(context.blue, residual.blue, trigger);
    if constexpr (Colour) {
      channels_[1].update(context.green, residual.green, trigger);
      channels_[2].update(context.red, residual.red, trigger);
    }
  }

  /// None if it is longer than `most`, or the stream is over.
  [[nodiscard, gnu::always_inline]] std::optional<std::uint32_t> read_run(bit_reader& in, std::uint32_t most) {
    std::uint32_t length = 0;
    in.fill();
    while (in.window() >> 63 != 0) {
      length += 1U << run_code_.bits();
      if (length > most || in.passed_end()) return {};
      run_code_.longer();
      in.take(1);
      in.fill();
    }
    const auto bits = run_code_.bits();
    length += static_cast<std::uint32_t>(in.window() >> (63 - bits)); // the zero and the rest
    in.take(1 + bits);
    run_code_.shorter();
    if (length > most || in.passed_end()) return {};
    return length;
  }

  std::uint32_t width_;
  std::array<channel_decoder<Bits>, Colour ? 3 : 1> channels_;
  pace pace_;
  run_code run_code_;
  bool first_row_ = true;
  /// The residuals of the last pixel coded in each column.
  std::vector<pixel_word> residuals_;
  std::vector<pixel_word> row_, above_;
};

} // namespace saffron::image::quic
