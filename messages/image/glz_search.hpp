// SPDX-License-Identifier: BSD-3-Clause
// Finds what GLZ's encoder has seen before: in the image itself, in the same spot of an earlier one, and wherever the
// window's index says that the same units were last.
#pragma once

#include "messages/image/glz_index.hpp"
#include "messages/image/glz_writer.hpp"
#include "messages/image/lz_units.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace saffron::image::glz {

/// What a unit needs for being searched.
template <class Units>
struct keys {
  /// A match of so many is smaller than its literals, even if it is of the largest form (5 bytes) and splits a run of
  /// literals in two (1 byte): then no match can make an image larger. Of units of two bytes three would be enough, but
  /// photos get smaller when they are not cut up so much.
  static constexpr std::size_t few = Units::only_alpha ? 6 : Units::literal_bytes == 2 ? 4 : 2;
  static constexpr std::size_t many = Units::only_alpha ? 8 : 6;
  static_assert(few * Units::literal_bytes >= 6 && many <= units_ahead);

  /// Not zero in as many of `few` units as differ.
  static std::uint64_t difference(const std::byte* a, const std::byte* b) noexcept {
    const auto at = [&](std::size_t offset) { return Units::load(a + offset) ^ Units::load(b + offset); };
    if constexpr (Units::only_alpha)
      return at(0) | at(8) | at(16);
    else
      return at(0) << (64 - 8 * few * Units::bytes);
  }
  static std::uint64_t hash_of_few(const std::byte* at) noexcept {
    if constexpr (Units::only_alpha)
      return (Units::load(at) >> 24 | Units::load(at + 8) >> 16) * odd_3;
    else
      return (Units::load(at) << (64 - 8 * few * Units::bytes)) * odd_1;
  }
  static std::uint64_t hash_of_many(const std::byte* at) noexcept {
    constexpr auto size = many * Units::bytes;
    auto sum = Units::load(at) * odd_1 + Units::load(at + size - 8) * odd_2;
    for (std::size_t i = 8; i + 8 < size; i += 8) sum += Units::load(at + i) * odd_3;
    return sum;
  }

private:
  // The upper bits of a word times one of these depend on all of its bits.
  static constexpr std::uint64_t odd_1 = 0x9e3779b185ebca87, odd_2 = 0xc2b2ae3d27d4eb4f, odd_3 = 0x165667b19e3779f9;
};

/// Pixels of an image, how many of its units have units_ahead behind them, and how many images before the searched one
/// it is.
struct source {
  const std::byte* pixels = nullptr;
  std::uint32_t starts = 0, images_before = 0;
};

/// Where units equal to the searched ones are, and how many there are from there on.
struct candidate {
  const std::byte* there = nullptr;
  std::uint32_t images_before = 0, unit = 0, room = 0;
  bool found = false;
};

/// One pass over one image.
template <class Units>
class searcher {
public:
  /// By their tags. The one of the searched picture `id` is itself, and has at least one start.
  using sources = std::array<source, std::size_t{1} << place::id_bits>;

  searcher(const sources& images, index& places, std::uint64_t id, std::uint32_t width) noexcept
      : images_(images), places_(places), id_(id), width_(width), pixels_(images[place::tag_of(id)].pixels),
        end_(pixels_ + (std::size_t{images[place::tag_of(id)].starts} + units_ahead) * Units::bytes) {}

  const std::byte* unit_at(std::uint32_t at) const noexcept { return pixels_ + std::size_t{at} * Units::bytes; }
  /// Whether the units at `at` are the same as those there. 0 < at < starts, also below.
  candidate compare(std::uint32_t at, candidate with) const noexcept {
    with.found = keys<Units>::difference(unit_at(at), with.there) == 0;
    return with;
  }
  /// The units in the row above.
  candidate above(std::uint32_t at) const noexcept {
    if (at < width_) return {};
    return compare(at, {unit_at(at - width_), 0, at - width_, 0});
  }
  /// Looks for the units at `at` in the index, and remembers them there.
  candidate find(std::uint32_t at) const noexcept {
    const auto* here = unit_at(at);
    const place now{id_, at};
    const auto many = places_.many.swap(keys<Units>::hash_of_many(here), now);
    const auto few = places_.few.swap(keys<Units>::hash_of_few(here), now);
    if (!(many.likely || few.likely)) return {};
    // Which of them it is cannot be predicted in photos: chosen without a jump.
    const auto by_many = -static_cast<std::uint32_t>(many.likely);
    return look(at, place{(many.last.word() & by_many) | (few.last.word() & ~by_many)});
  }

  void remember(std::uint32_t at) const noexcept {
    const auto* here = unit_at(at);
    const place now{id_, at};
    places_.many.put(keys<Units>::hash_of_many(here), now);
    places_.few.put(keys<Units>::hash_of_few(here), now);
  }

  /// How many units are equal, from a candidate for `here` on.
  std::size_t length(const candidate& match, const std::byte* here) const noexcept {
    const auto* end = end_;
    if (match.images_before != 0)
      end = here + std::min(static_cast<std::size_t>(end - here), std::size_t{match.room} * Units::bytes);
    if constexpr (8 % Units::bytes == 0 && !Units::only_alpha) {
      // Where the matches of photos end cannot be predicted: the first two words cost no jump. units_ahead are there.
      const auto first = Units::load(here) ^ Units::load(match.there);
      const auto second = Units::load(here + 8) ^ Units::load(match.there + 8);
      const auto go_on = -static_cast<std::size_t>(first == 0);
      if ((first | second) != 0) return equal_units(first) + (equal_units(second) & go_on);
    }
    return Units::count_equal(match.there, here, end);
  }

private:
  /// Verifies a place, which may be anything. Whether it is true cannot be predicted, so there is no jump.
  candidate look(std::uint32_t at, place seen) const noexcept {
    const auto& image = images_[seen.tag()];
    // Unit 0 is no target in another image; in the image itself it is not worth telling them apart.
    const auto behind_first = image.images_before == 0 ? at - 1 : image.starts - 1;
    if (seen.unit() - 1u >= behind_first || image.starts == 0) return {};
    const auto room = image.starts + static_cast<std::uint32_t>(units_ahead) - seen.unit();
    return compare(at,
                   {image.pixels + std::size_t{seen.unit()} * Units::bytes, image.images_before, seen.unit(), room});
  }

  /// Units of a word that are equal. The last bit of each unit is none that is transported.
  static std::size_t equal_units(std::uint64_t difference) noexcept {
    constexpr auto last_bit = std::uint64_t{1} << 63;
    return static_cast<std::size_t>(std::countr_zero(difference | last_bit) + 1) / (8 * Units::bytes);
  }

  const sources& images_;
  index& places_;
  std::uint64_t id_;
  std::uint32_t width_;
  const std::byte *pixels_, *end_;
};

} // namespace saffron::image::glz
