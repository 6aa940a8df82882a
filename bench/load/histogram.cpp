// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace saffron::load {

std::size_t histogram::bucket_of(std::uint64_t value) noexcept {
  constexpr auto first = std::uint64_t{1} << sub_bits;
  if (value < first) return static_cast<std::size_t>(value); // one bucket a nanosecond
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - sub_bits;
  return ((shift + 1) << sub_bits) + static_cast<std::size_t>((value >> shift) - first);
}

std::uint64_t histogram::end_of(std::size_t bucket) noexcept {
  constexpr auto first = std::uint64_t{1} << sub_bits;
  if (bucket < first) return bucket;
  const auto shift = (bucket >> sub_bits) - 1;
  return (((bucket & (first - 1)) + first + 1) << shift) - 1;
}

void histogram::record(duration d) noexcept {
  const auto value = std::clamp<std::int64_t>(d.count(), 0, (std::int64_t{1} << value_bits) - 1);
  ++counts_[bucket_of(static_cast<std::uint64_t>(value))];
  min_ = count_ == 0 ? value : std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<std::uint64_t>(value);
  ++count_;
}

void histogram::merge(const histogram& other) noexcept {
  if (other.count_ == 0) return;
  for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
  count_ += other.count_;
}

histogram::duration histogram::mean() const noexcept {
  return duration{count_ == 0 ? 0 : static_cast<std::int64_t>(sum_ / count_)};
}

histogram::duration histogram::percentile(double percent) const noexcept {
  if (count_ == 0) return duration{0};
  const auto rank = std::clamp<std::uint64_t>(
      static_cast<std::uint64_t>(std::ceil(percent / 100.0 * static_cast<double>(count_))), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets; ++i) {
    seen += counts_[i];
    if (seen >= rank) return duration{std::clamp(static_cast<std::int64_t>(end_of(i)), min_, max_)};
  }
  return duration{max_};
}

} // namespace saffron::load
