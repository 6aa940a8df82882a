// SPDX-License-Identifier: BSD-3-Clause
// A run for people, and for bench/run. Speeds are 10^6 bytes of source bitmap a second.
#pragma once

#include "bench/codecs/run.hpp"

#include <optional>

namespace saffron::codecs {

/// A figure beside the reference's.
struct comparison {
  /// Of this machine's core.
  double encode_speed = 0;
  std::size_t reference_bytes = 0;
  /// As it was measured there, and as it would be here.
  double reference_speed = 0, scaled_speed = 0;
  /// encode_speed / scaled_speed.
  double times = 0;
};

/// Nothing when the reference has no such figure, or the picture no yardstick.
[[nodiscard]] std::optional<comparison> compared(const figure& ours, std::span<const yardstick> yardsticks) noexcept;

[[nodiscard]] std::string text_report(const run_result& r);
[[nodiscard]] std::string json_report(const run_result& r);

} // namespace saffron::codecs
