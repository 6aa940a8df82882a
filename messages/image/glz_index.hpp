// SPDX-License-Identifier: BSD-3-Clause
// Where units were seen last, in all pictures that were encoded as GLZ: what finds matches. Pictures have the ids that
// they have for everybody, so one index serves all windows of a VM, and who joins profits from what others were sent.
// Encoders read and write it at the same time, without order: an entry is a hint, which its reader must verify.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace saffron::image::glz {

/// A unit of a picture: the last bits of its picture::id, and which unit it is. Any 32 bits are a place.
class place {
public:
  static constexpr unsigned id_bits = 10, unit_bits = 22;

  constexpr place() = default;
  constexpr place(std::uint64_t picture, std::size_t unit) noexcept
      : word_(static_cast<std::uint32_t>(picture << unit_bits | (unit & most_units))) {}
  explicit constexpr place(std::uint32_t word) noexcept : word_(word) {}

  /// The last bits of the picture's id.
  [[nodiscard]] constexpr std::size_t tag() const noexcept { return word_ >> unit_bits; }
  [[nodiscard]] static constexpr std::size_t tag_of(std::uint64_t picture) noexcept {
    return picture & ((std::uint64_t{1} << id_bits) - 1);
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
    const auto at = entry(hash);
    const auto before = at.load(std::memory_order_relaxed);
    at.store(made_of(hash, now), std::memory_order_relaxed);
    return {place{static_cast<std::uint32_t>(before)}, (before ^ hash) >> 32 == 0};
  }
  void put(std::uint64_t hash, place now) noexcept { entry(hash).store(made_of(hash, now), std::memory_order_relaxed); }

private:
  struct give_back {
    void operator()(std::uint64_t* all) const noexcept { std::free(all); }
  };
  using entries = std::unique_ptr<std::uint64_t[], give_back>;

  // Zeros from the kernel: who never uses them has not got them.
  static entries zeros() {
    auto* all = static_cast<std::uint64_t*>(std::calloc(std::size_t{1} << Bits, sizeof(std::uint64_t)));
    if (all == nullptr) throw std::bad_alloc{};
    return entries{all};
  }
  std::atomic_ref<std::uint64_t> entry(std::uint64_t hash) noexcept {
    return std::atomic_ref{entries_[hash >> (64 - Bits)]};
  }
  static std::uint64_t made_of(std::uint64_t hash, place now) noexcept { return hash >> 32 << 32 | now.word(); }

  entries entries_ = zeros();
};

/// 512 KiB once it is used: half a second cache of the machines that this runs on.
struct index {
  /// Few units, as photos repeat them.
  place_table<15> few;
  /// More units, as desktops repeat them, and whole images.
  place_table<15> many;
};

} // namespace saffron::image::glz
