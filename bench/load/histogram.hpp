// SPDX-License-Identifier: BSD-3-Clause
// Durations counted in buckets that are at most 1/64 of their value wide: recording costs a shift and an increment,
// however long the run.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace saffron::load {

class histogram {
public:
  using duration = std::chrono::nanoseconds;

  /// Negative durations count as 0, those above two hours as two hours.
  void record(duration d) noexcept;
  void merge(const histogram& other) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// Exact; 0 when nothing was recorded, as for those below.
  [[nodiscard]] duration min() const noexcept { return count_ == 0 ? duration{0} : duration{min_}; }
  [[nodiscard]] duration max() const noexcept { return duration{max_}; }
  [[nodiscard]] duration mean() const noexcept;
  /// The smallest recorded value, rounded up to its bucket's end, that `percent` of all values do not exceed.
  [[nodiscard]] duration percentile(double percent) const noexcept;

private:
  static constexpr unsigned sub_bits = 6; // 64 buckets between a power of two and the next
  static constexpr unsigned value_bits = 43;
  static constexpr std::size_t buckets = (value_bits - sub_bits + 1) << sub_bits;

  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t end_of(std::size_t bucket) noexcept;

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t sum_ = 0;
  std::int64_t min_ = 0;
  std::int64_t max_ = 0;
};

} // namespace saffron::load
