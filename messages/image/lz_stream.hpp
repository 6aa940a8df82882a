// SPDX-License-Identifier: BSD-3-Clause
// What the streams of LZ and of GLZ have in common: runs of literals, and how a control byte and those behind it tell a
// match's length. They differ in how they tell where a match is.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/lz_units.hpp"

#include <span>
#include <utility>

namespace saffron::image::lz {

/// Control bytes below this are a run of so many literals, less one. Others have a length in their upper three bits.
inline constexpr std::size_t longest_run = 32;
/// This length in a control byte says that bytes follow that make it longer, up to one that is not 255.
inline constexpr std::size_t longer = 7;
/// In LZ, the distance, less one, has 13 bits; all of them set mean that 16 bits follow, to be added.
inline constexpr std::size_t far_mark = 0x1fff;

/// Bytes of `count` literals.
template <class Units>
constexpr std::size_t bytes_of_literals(std::size_t count) noexcept {
  return count * Units::literal_bytes + (count + longest_run - 1) / longest_run;
}

/// What put_literals() may write behind its literals.
inline constexpr std::size_t literal_slack = 8;

/// Writes the units from `from` to `to` as literals. Reads nothing from `end` on.
template <class Units>
std::byte* put_literals(std::byte* out, const std::byte* from, const std::byte* to, const std::byte* end) noexcept {
  for (auto left = static_cast<std::size_t>(to - from) / Units::bytes; left > 0;) {
    const auto run = std::min(left, longest_run);
    *out++ = static_cast<std::byte>(run - 1);
    Units::put_literals(out, from, run, end);
    out += run * Units::literal_bytes;
    from += run * Units::bytes;
    left -= run;
  }
  return out;
}

// GCC leaves functions as calls that more than one kind of unit uses; those that must not be calls say so.

/// Writes a control byte and what belongs to its length, which has no bias. `low` are the lower five bits.
[[gnu::always_inline]] inline std::byte* put_control(std::byte* out, std::size_t length, std::size_t low) noexcept {
  if (length < longer) {
    *out++ = static_cast<std::byte>(length << 5 | low);
    return out;
  }
  *out++ = static_cast<std::byte>(longer << 5 | low);
  auto rest = length - longer;
  for (; rest >= 255; rest -= 255) *out++ = std::byte{255};
  *out++ = static_cast<std::byte>(rest);
  return out;
}

/// What is left of a stream. take() needs that much to be left.
class input {
public:
  explicit input(std::span<const std::byte> data) noexcept : at_(data.data()), end_(at_ + data.size()) {}
  [[nodiscard]] std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  const std::byte* take(std::size_t size) noexcept { return std::exchange(at_, at_ + size); }
  std::size_t take() noexcept { return std::to_integer<std::size_t>(*take(1)); }

private:
  const std::byte *at_, *end_;
};

/// Reads the run of literals that `control` begins. Returns its units, or 0 if there are not that many, or more than
/// `most`.
template <class Units>
std::size_t get_literals(input& in, std::size_t control, std::byte* to, std::size_t most) noexcept {
  const auto run = control + 1;
  if (run > most || in.left() < run * Units::literal_bytes) return 0;
  const auto* from = in.take(run * Units::literal_bytes);
  for (std::size_t i = 0; i < run; ++i) Units::get_literal(to + i * Units::bytes, from + i * Units::literal_bytes);
  return run;
}

/// Reads the length of the match that `control` begins, with its bias. errc::codec_failed if it is more than `most`.
template <class Units>
result<std::size_t> get_length(input& in, std::size_t control, std::size_t most) noexcept {
  auto length = control >> 5;
  if (length == longer)
    for (std::size_t more = 255; more == 255; length += more) {
      if (in.left() == 0 || length > most) return fail{errc::codec_failed};
      more = in.take();
    }
  length += Units::bias;
  if (length > most) return fail{errc::codec_failed};
  return length;
}

/// Repeats units of before, themselves included.
template <class Units>
void repeat(std::byte* to, std::size_t distance, std::size_t length) noexcept {
  const auto* from = to - distance * Units::bytes;
  const auto size = length * Units::bytes;
  if constexpr (Units::only_alpha) {
    for (std::size_t i = 3; i < size; i += 4) to[i] = from[i];
  } else {
    // What was copied can be copied again: each piece is as long as all that is there to repeat.
    for (std::size_t done = 0; done < size;) {
      const auto piece = std::min(size - done, done + distance * Units::bytes);
      std::memcpy(to + done, from, piece);
      done += piece;
    }
  }
}

} // namespace saffron::image::lz
