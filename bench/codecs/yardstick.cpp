// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/yardstick.hpp"

namespace saffron::codecs {

double machine_factor(std::string_view picture, std::span<const yardstick> all) noexcept {
  double sum = 0;
  int count = 0;
  for (const auto& y : all) {
    if (!y.compressible) continue;
    const auto factor = ratio(y.lz4_speed, y.reference_lz4_speed);
    if (y.picture == picture) return factor;
    sum += factor;
    ++count;
  }
  return ratio(sum, count);
}

double speed(std::size_t bytes, double seconds) noexcept { return ratio(static_cast<double>(bytes) / 1e6, seconds); }

double ratio(double a, double b) noexcept { return b > 0 ? a / b : 0; }

} // namespace saffron::codecs
