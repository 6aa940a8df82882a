// SPDX-License-Identifier: BSD-3-Clause
// Finds what LZ's encoder has seen before. Two tables, indexed by hashes of few and of more units, hold where these
// were last: the longer ones find the good matches of desktops, the shorter ones those of photos.
#pragma once

#include "messages/image/lz_units.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace saffron::image::lz {

/// What a unit needs for being searched. A match of `short_units` must be smaller than its literals even from afar (4
/// bytes) and when it splits a run of literals in two (1 byte): then no stream is larger than one of literals alone.
template <class Units>
struct search {
  static constexpr std::size_t short_units = Units::literal_bytes == 3 ? 2 : Units::literal_bytes == 2 ? 3 : 5;
  static constexpr std::size_t long_units = Units::literal_bytes == 3 ? 4 : Units::literal_bytes == 2 ? 6 : 8;
  static_assert(short_units * Units::literal_bytes >= 5 && short_units > Units::bias);
  /// Bytes from a position on that a search reads.
  static constexpr std::size_t reach = long_units * Units::bytes < 8 ? 8 : long_units * Units::bytes;

  /// Equal for equal `short_units`, and only for them.
  static std::uint64_t short_key(const std::byte* at) noexcept {
    if constexpr (Units::only_alpha)
      return four_alphas(at) | std::to_integer<std::uint64_t>(at[19]) << 16;
    else
      return Units::load(at) << (64 - 8 * short_units * Units::bytes);
  }

  /// Equal for equal `long_units`, and only for them.
  struct long_key {
    std::uint64_t first = 0, last = 0;
    bool operator==(const long_key& other) const noexcept { return ((first ^ other.first) | (last ^ other.last)) == 0; }
  };
  static long_key key(const std::byte* at) noexcept {
    if constexpr (Units::only_alpha)
      return {four_alphas(at) | four_alphas(at + 16) << 16, 0};
    else if constexpr (reach == 8)
      return {Units::load(at), 0};
    else
      return {Units::load(at), Units::load(at + reach - 8)};
  }

  template <unsigned Bits>
  static std::size_t hash(std::uint64_t key) noexcept {
    return key * 0x9e3779b185ebca87 >> (64 - Bits);
  }
  template <unsigned Bits>
  static std::size_t hash(const long_key& key) noexcept {
    if constexpr (reach == 8 || Units::only_alpha) return hash<Bits>(key.first);
    return (key.first * 0x9e3779b185ebca87 + key.last * 0xc2b2ae3d27d4eb4f) >> (64 - Bits);
  }

private:
  /// Bytes 0, 1, 4 and 5 of the result.
  static std::uint64_t four_alphas(const std::byte* at) noexcept {
    return Units::load(at) >> 24 | Units::load(at + 8) >> 16;
  }
};

/// In units. A length of 0 is no match.
struct match {
  std::size_t distance = 0, length = 0;
};

/// The tables hold 16 bits of a position: all of them stay in the first cache, and a distance that comes out of them is
/// at most 65536, whatever was stored, so that nothing needs a check but the units themselves.
template <class Units>
class match_finder {
public:
  explicit match_finder(const std::byte* base) noexcept : base_(base) {}

  /// A match for the units from `at` on, and remembers them. 0 < at; `reach` bytes follow.
  [[gnu::always_inline]] match find(std::size_t at) noexcept {
    const auto* here = base_ + at * Units::bytes;
    const auto few = searched::short_key(here);
    if (few == searched::short_key(here - Units::bytes)) return {1, searched::short_units};
    const auto more = searched::key(here);
    const auto of_more = swap(long_[searched::template hash<long_bits>(more)], at);
    const auto of_few = swap(short_[searched::template hash<short_bits>(few)], at);
    if (more == searched::key(here - of_more * Units::bytes)) return {of_more, searched::long_units};
    if (few == searched::short_key(here - of_few * Units::bytes)) return {of_few, searched::short_units};
    return {};
  }

  [[gnu::always_inline]] void remember(std::size_t at) noexcept {
    const auto* here = base_ + at * Units::bytes;
    short_[searched::template hash<short_bits>(searched::short_key(here))] = static_cast<std::uint16_t>(at);
    long_[searched::template hash<long_bits>(searched::key(here))] = static_cast<std::uint16_t>(at);
  }

private:
  using searched = search<Units>;
  // Clearing 16 to 24 KiB takes no longer than two small allocations.
  static constexpr unsigned short_bits = Units::literal_bytes == 3 ? 12 : 13, long_bits = 12;

  /// Distance to the position that was stored: one before `at`, so never 0 and never beyond the first unit.
  static std::size_t swap(std::uint16_t& stored, std::size_t at) noexcept {
    const std::size_t distance = static_cast<std::uint16_t>(at - 1 - stored) + std::size_t{1};
    stored = static_cast<std::uint16_t>(at);
    return distance;
  }

  const std::byte* base_;
  alignas(64) std::array<std::uint16_t, 1u << short_bits> short_{};
  alignas(64) std::array<std::uint16_t, 1u << long_bits> long_{};
};

} // namespace saffron::image::lz
