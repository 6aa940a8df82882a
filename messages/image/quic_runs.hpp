// SPDX-License-Identifier: BSD-3-Clause
// QUIC's code of run lengths: ones, each for 2^bits pixels, then a zero and the rest in so many bits. Its state, 0 to
// 31, says how many bits and follows the runs' size: up with every one, down with every zero.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace saffron::image::quic {

class run_code {
public:
  /// What a run is coded as: so many ones, a zero, and the rest in so many bits.
  struct parts {
    std::uint32_t ones, rest;
    unsigned bits;
  };

  /// Encodes a run.
  [[nodiscard, gnu::always_inline]] parts split(std::uint32_t pixels) noexcept {
    // As if a run that had brought the code from state 0 to this one went on: no step by step, which no CPU predicts.
    const auto total = pixels + before[state_];
    const auto reached = total < states.size() ? states[total] : state_far(total);
    parts out{reached - state_, total - before[reached], widths[reached]};
    if (reached == last) {
      out.ones += out.rest >> out.bits;
      out.rest &= (1U << out.bits) - 1;
    }
    state_ = reached - (reached > 0 ? 1 : 0);
    return out;
  }
  /// Encodes a run of no pixels, all zeros, if there is one: its length in bits; otherwise 0. Without a branch.
  [[nodiscard, gnu::always_inline]] unsigned split_empty(bool there) noexcept {
    const unsigned length = widths[state_] + 1U;
    state_ -= there && state_ > 0 ? 1 : 0;
    return there ? length : 0;
  }

  /// For decoders: bits of the rest now; and what a one and a zero do.
  [[nodiscard]] unsigned bits() const noexcept { return widths[state_]; }
  void longer() noexcept { state_ += state_ < last ? 1 : 0; }
  void shorter() noexcept { state_ -= state_ > 0 ? 1 : 0; }

private:
  static constexpr unsigned last = 31;
  static constexpr std::array<std::uint8_t, last + 1> widths{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,  2,  3,  3,  3,  3,
                                                             4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  /// Pixels that ones stand for on the way from state 0 to each.
  static constexpr auto before = [] {
    std::array<std::uint32_t, last + 1> out{};
    for (unsigned state = 0; state < last; ++state) out[state + 1] = out[state] + (1U << widths[state]);
    return out;
  }();
  /// The state that so many pixels lead to from state 0.
  static constexpr auto states = [] {
    std::array<std::uint8_t, 1024> out{};
    std::uint8_t state = 0;
    for (std::uint32_t pixels = 0; pixels < out.size(); ++pixels) {
      if (before[state + 1U] == pixels) ++state;
      out[pixels] = state;
    }
    return out;
  }();
  [[nodiscard]] static unsigned state_far(std::uint32_t pixels) noexcept {
    return static_cast<unsigned>(std::upper_bound(before.begin(), before.end(), pixels) - before.begin()) - 1;
  }

  unsigned state_ = 0;
};

} // namespace saffron::image::quic
