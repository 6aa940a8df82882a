// SPDX-License-Identifier: BSD-3-Clause
// Where units were seen last, for all the images of a GLZ window: what finds matches. Every encoder of the window reads
// and writes it at the same time, without order: an entry is a hint, which its reader must verify.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace saffron::image::glz {

/// A unit of an image of the window: the last bits of the image's id, and which unit it is. Any 32 bits are a place;
/// what fits into fewer bits than it has needs no check for that reason.
class place {
public:
  static constexpr unsigned id_bits = 8, unit_bits = 24;

  constexpr place() = default;
  constexpr place(std::uint64_t id, std::size_t unit) noexcept
      : word_(static_cast<std::uint32_t>(id << unit_bits | (unit & most_units))) {}
  explicit constexpr place(std::uint32_t word) noexcept : word_(word) {}

  /// How many images before `id`. It may have been any number of full rounds more.
  [[nodiscard]] constexpr std::uint32_t images_before(std::uint64_t id) const noexcept {
    return static_cast<std::uint32_t>(id - (word_ >> unit_bits)) & ((1u << id_bits) - 1);
  }
  [[nodiscard]] constexpr std::uint32_t unit() const noexcept { return word_ & most_units; }
  [[nodiscard]] constexpr std::uint32_t word() const noexcept { return word_; }

private:
  static constexpr std::uint32_t most_units = (1u << unit_bits) - 1;
  std::uint32_t word_ = 0;
};

/// What an entry says about a key.
struct hint {
  place last;
  /// The key is most likely the one that was put there: worth a look at pixels that may be far from any cache.
  bool likely = false;
};

/// One of the index's tables, for keys of which only hashes are known. Relaxed loads and stores cost what plain ones
/// do.
template <unsigned Bits>
class place_table {
public:
  /// What the table has for a key, and puts `now` there. Only the upper half of `hash` counts.
  hint swap(std::uint64_t hash, place now) noexcept {
    auto& entry = entries_[hash >> (64 - Bits)];
    const auto before = entry.load(std::memory_order_relaxed);
    entry.store(made_of(hash, now), std::memory_order_relaxed);
    return {place{static_cast<std::uint32_t>(before)}, (before ^ hash) >> 32 == 0};
  }
  void put(std::uint64_t hash, place now) noexcept {
    entries_[hash >> (64 - Bits)].store(made_of(hash, now), std::memory_order_relaxed);
  }

private:
  static std::uint64_t made_of(std::uint64_t hash, place now) noexcept { return hash >> 32 << 32 | now.word(); }

  std::unique_ptr<std::atomic<std::uint64_t>[]> entries_ { new std::atomic<std::uint64_t>[ std::size_t{1} << Bits ]() };
};

/// 512 KiB: half a second cache of the machines that this runs on.
struct index {
  /// Few units, as photos repeat them.
  place_table<15> few;
  /// More units, as desktops repeat them, and whole images.
  place_table<15> many;
};

} // namespace saffron::image::glz
