// SPDX-License-Identifier: BSD-3-Clause
// Where the decisions of a history come from: a seed, or the bytes of a fuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>

namespace saffron::tests {

class history_dice {
public:
  virtual ~history_dice() = default;
  /// 0 to 255.
  virtual std::uint8_t byte() = 0;
  /// False: the history ends.
  virtual bool more() = 0;

  /// From `low` to `high`, both included, at most 255 apart.
  std::size_t roll(std::size_t low, std::size_t high) { return low + byte() % (high - low + 1); }
  bool one_in(std::size_t n) { return roll(1, n) == 1; }
};

/// The same in every run and with every library.
class seeded_dice final : public history_dice {
public:
  seeded_dice(std::uint64_t seed, int operations) : engine_(seed), left_(operations) {}
  std::uint8_t byte() override { return static_cast<std::uint8_t>(engine_() >> 32); }
  bool more() override { return left_-- > 0; }

private:
  std::mt19937_64 engine_;
  int left_;
};

class byte_dice final : public history_dice {
public:
  explicit byte_dice(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  std::uint8_t byte() override {
    if (bytes_.empty()) return 0;
    const auto first = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return first;
  }
  bool more() override { return !bytes_.empty(); }

private:
  std::span<const std::uint8_t> bytes_;
};

} // namespace saffron::tests
