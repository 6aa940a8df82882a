// SPDX-License-Identifier: BSD-3-Clause
// One plane of a QUIC picture on its way into bits: the three colours, which share runs and the moments at which the
// model learns, or alpha alone. Where runs are and what pixels miss their predictions by is known for a row at once.
#pragma once

#include "messages/image/quic_bits.hpp"
#include "messages/image/quic_columns.hpp"
#include "messages/image/quic_model.hpp"
#include "messages/image/quic_rows.hpp"
#include "messages/image/quic_runs.hpp"

#include <type_traits>
#include <utility>
#include <vector>

namespace saffron::image::quic {

/// By code and residual: the length in the upper byte, in the lower one the bits that may differ from zero.
template <unsigned Bits>
alignas(64) inline constexpr auto codes_of = [] {
  std::array<std::uint16_t, Bits << Bits> out{};
  for (unsigned code = 0; code < Bits; ++code)
    for (unsigned residual = 0; residual < 1U << Bits; ++residual)
      out[code << Bits | residual] = static_cast<std::uint16_t>(code_family<Bits>::length(residual, code) << 8 |
                                                                code_family<Bits>::tail(residual, code));
  return out;
}();

/// Colours are rows of 4-byte pixels, B G R and one byte that is ignored; alpha is rows of bytes.
template <unsigned Bits, bool Colour>
class plane_encoder {
public:
  plane_encoder(std::uint32_t width, const row_kernels& kernels, write_buffer& buffer)
      : width_(width), kernels_(kernels), buffer_(buffer), fresh_(width + spare), kept_(width + spare), same_(width),
        same_above_(width), may_run_(width), borders_(width) {
    best_.of.fill(Bits - 1);
    for (auto& starts : starts_) starts.fill((Bits - 1) << Bits);
  }

  /// Appends a row. `above` is the one before it, null for the first.
  void encode_row(bit_writer& out, const std::byte* row, const std::byte* above) {
    look_ahead(row, above);
    std::uint32_t context = kept_[0];
    bool ran = false;
    for (std::uint32_t begin = 0; begin < width_;) {
      const auto end = pace_.segment_end(begin, width_);
      ran |= encode_segment(out, context, begin, end);
      pace_.passed(end - begin);
      begin = end;
    }
    keep(ran);
    std::swap(same_, same_above_);
  }

private:
  using residual_word = std::conditional_t<Colour, std::uint32_t, std::uint8_t>;
  static constexpr unsigned channels = Colour ? 3 : 1;
  /// Residuals that a pixel_coder may read behind the last.
  static constexpr std::size_t spare = 8;
  /// Fewer pixels are coded faster one by one.
  static constexpr std::uint32_t least_for_kernel = 3;

  static std::uint32_t byte(std::uint32_t word, unsigned channel) { return word >> (8 * channel) & 255; }

  /// Residuals, equality and possible runs of a row.
  void look_ahead(const std::byte* row, const std::byte* above) {
    constexpr auto pixel = sizeof(residual_word);
    fresh_[0] = 0;
    for (unsigned c = 0; c < channels; ++c) {
      const auto prediction = above != nullptr ? std::to_integer<unsigned>(above[c]) : 0;
      fresh_[0] |= static_cast<residual_word>(folded<Bits>(std::to_integer<unsigned>(row[c]), prediction) << (8 * c));
    }
    // The first row is predicted from the left alone: as if the pixel above were the one to the left.
    const auto* const predictors = above != nullptr ? above + pixel : row;
    auto* const same = same_.words().data();
    if constexpr (!Colour)
      kernels_.gray(row, predictors, width_ - 1, fresh_.data() + 1, same);
    else
      (Bits == 8 ? kernels_.colour8 : kernels_.colour5)(row, predictors, width_ - 1, fresh_.data() + 1, same);
    if (above != nullptr) find_runs();
  }

  /// A run may begin where the pixels above and above to the left are equal, as are the two to the left: at columns
  /// from 3 on. A bit of same_ is about the column to its right.
  void find_runs() {
    std::uint64_t before = 0, before_above = 0;
    for (std::size_t i = 0; i < may_run_.words().size(); ++i) {
      const auto here = same_.words()[i], above = same_above_.words()[i];
      may_run_.words()[i] = (above << 1 | before_above >> 63) & (here << 2 | before >> 62);
      before = here;
      before_above = above;
    }
    may_run_.words()[0] &= ~std::uint64_t{7};
  }

  /// Residuals of runs' pixels stay those of rows above.
  void keep(bool ran) {
    if (!ran) return std::swap(fresh_, kept_);
    auto& borders = borders_.words();
    if constexpr (Colour)
      kernels_.keep_colour(fresh_.data(), borders.data(), width_, kept_.data());
    else
      kernels_.keep_gray(fresh_.data(), borders.data(), width_, kept_.data());
    std::fill(borders.begin(), borders.end(), 0);
  }

  /// Returns whether there was a run. `context`: the residuals to the left of column `i`, and then of `end`.
  [[gnu::always_inline]] bool encode_segment(bit_writer& shared_out, std::uint32_t& context, std::uint32_t i,
                                             std::uint32_t end) {
    auto out = shared_out; // in registers
    auto stop = i + pace_.wait;
    bool ran = false;
    for (auto from = i;; from = i + 1) {
      const auto run = may_run_.next_set(from, end);
      while (stop < run) {
        encode_pixels(out, context, i, stop + 1);
        update(stop == i ? context : fresh_[stop - 1], fresh_[stop]);
        context = fresh_[stop];
        i = stop + 1;
        stop = i + pace_.next_wait();
      }
      if (i != run) {
        encode_pixels(out, context, i, run);
        context = fresh_[run - 1];
      }
      if (run == end) break;
      i = same_.next_clear(run - 1, end - 1) + 1;
      encode_run(out, i - run);
      borders_.flip(run); // and back, if the run is empty
      borders_.flip(i);
      stop += i - run;
      ran = true;
      const std::uint32_t left = kept_[i - 1];
      context = i != run ? left : context;
      if (i == end) break;
      // Behind a run, another may begin at once: an empty one, since the first ended here.
      const bool empty_run = (i != run) & may_run_.test(i);
      out.put(0, run_code_.split_empty(empty_run));
    }
    pace_.wait = stop - end;
    shared_out = out;
    return ran;
  }

  [[gnu::always_inline]] void make_room(bit_writer& out, std::size_t puts) {
    if (!out.room(puts)) [[unlikely]]
      out = buffer_.grow(out, puts);
  }

  [[gnu::always_inline]] void encode_pixels(bit_writer& out, std::uint32_t context, std::uint32_t i,
                                            std::uint32_t end) {
    make_room(out, std::size_t{2} * (end - i) + 8);
    if constexpr (Colour) {
      auto* const coder = Bits == 8 ? kernels_.code8 : kernels_.code5;
      if (coder != nullptr && end - i >= least_for_kernel) {
        const auto entries = coder(fresh_.data() + i, context, end - i, best_, coded_);
        for (std::size_t k = 0; k < entries; ++k) out.put(coded_.bits[k], static_cast<unsigned>(coded_.lengths[k]));
        if (entries > 0) return;
      }
    }
    for (; i < end; ++i) {
      encode_pixel(out, context, fresh_[i]);
      context = fresh_[i];
    }
  }

  [[nodiscard, gnu::always_inline]] unsigned code_of(unsigned channel, std::uint32_t context,
                                                     std::uint32_t residual) const {
    return codes_of<Bits>[starts_[channel][byte(context, channel)] + byte(residual, channel)];
  }

  [[gnu::always_inline]] void encode_pixel(bit_writer& out, std::uint32_t context, std::uint32_t residual) const {
    const auto blue = code_of(0, context, residual);
    std::uint64_t bits = blue & 255;
    auto length = blue >> 8;
    if constexpr (Colour) {
      const auto green = code_of(1, context, residual), red = code_of(2, context, residual);
      bits |= std::uint64_t{green & 255} << length;
      length += green >> 8;
      if (length + (red >> 8) > bit_writer::most) [[unlikely]]
        out.put(red & 255, red >> 8);
      else {
        bits |= std::uint64_t{red & 255} << length;
        length += red >> 8;
      }
    }
    out.put(bits, length);
  }

  [[gnu::always_inline]] void update(std::uint32_t context, std::uint32_t residual) {
    const auto trigger = pace_.trigger();
    for (unsigned channel = 0; channel < channels; ++channel) {
      const unsigned bucket = bucket_of<Bits>[byte(context, channel)];
      const auto best = costs_[channel][bucket].add(lengths_of<Bits>[byte(residual, channel)], trigger);
      if (best != best_.of[8 * channel + bucket]) [[unlikely]]
        choose(channel, bucket, best);
    }
  }

  /// Rarely a new one: a kernel's wide load of bytes that were just stored would wait for them.
  void choose(unsigned channel, unsigned bucket, unsigned code) {
    best_.of[8 * channel + bucket] = static_cast<std::uint8_t>(code);
    auto& starts = starts_[channel];
    std::fill(starts.begin() + buckets<Bits>::first(bucket), starts.begin() + buckets<Bits>::end(bucket),
              static_cast<std::uint16_t>(code << Bits));
  }

  [[gnu::always_inline]] void encode_run(bit_writer& out, std::uint32_t pixels) {
    auto [ones, rest, bits] = run_code_.split(pixels);
    make_room(out, 3 + ones / 32); // and for an empty one behind it
    for (; ones > 32; ones -= 32) out.put(0xffffffff, 32);
    out.put(((std::uint64_t{1} << ones) - 1) << (bits + 1) | rest, ones + 1 + bits);
  }

  std::uint32_t width_;
  const row_kernels& kernels_;
  write_buffer& buffer_;
  best_codes best_;
  /// The same by channel and context: where the best code starts in codes_of.
  std::array<std::array<std::uint16_t, 1U << Bits>, channels> starts_;
  std::array<std::array<code_costs, buckets<Bits>::count>, channels> costs_{};
  pace pace_;
  run_code run_code_;
  coded_pixels coded_;
  /// Folded residuals of this row, and those that are contexts behind runs: of the last pixel coded in each column.
  std::vector<residual_word> fresh_, kept_;
  /// Pixels that are like the one to their left, in this row and the one above; where runs may begin, and where they
  /// begin and end.
  column_bits same_, same_above_, may_run_, borders_;
};

} // namespace saffron::image::quic
