// SPDX-License-Identifier: BSD-3-Clause
// How fast this machine is against the one that the reference's figures come from: as LZ4 is here against LZ4 there,
// each on the same picture, and measured in the same run as what is compared.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace saffron::codecs {

/// What libraries that are nobody's do with one picture of 32 bits, in 10^6 bytes a second of a core.
struct yardstick {
  std::string picture;
  double lz4_speed = 0;
  double memcpy_speed = 0;
  /// LZ4's on the reference's machine.
  double reference_lz4_speed = 0;
  /// LZ4 found something to compress. If not it merely skipped, which says little about a machine.
  bool compressible = true;
};

/// What figures of the reference on this picture are to be multiplied with: its own yardstick's ratio, or, when that
/// was not compressible, the mean of those that were. 0 when there is none.
[[nodiscard]] double machine_factor(std::string_view picture, std::span<const yardstick> all) noexcept;

/// 10^6 bytes a second; 0 for no time.
[[nodiscard]] double speed(std::size_t bytes, double seconds) noexcept;
/// a / b, 0 when b is.
[[nodiscard]] double ratio(double a, double b) noexcept;

} // namespace saffron::codecs
