// SPDX-License-Identifier: BSD-3-Clause
// Which JPEG quality makes a stream of pictures keep to a bit rate. Facts: libjpeg multiplies its quantiser table by
// 5000 / quality below 50 and by 200 - 2 * quality above, in percent; a picture's size falls with a power of that
// factor, between 0.4 (text) and 1 (a noisy photo).
#pragma once

#include "messages/geometry.hpp"

#include <cstddef>
#include <cstdint>

namespace saffron::image {

/// The rule. The state is x, the logarithm of the table's factor. After each frame x moves by a share of
/// log(bytes / wish): 0.8 of it when the frame was too large, since its bytes hold up all that follow, 0.4 when it was
/// too small, since one easy frame says little of the next. The share times the power stays below 1, so x comes nearer
/// from one side and never swings. Deviations below 8 % are left alone: the next whole quality is not nearer. What a
/// second has used too much or too little is paid back within about a second: the wish is lowered or raised by it.
class quality_control {
public:
  static constexpr int lowest = 20, highest = 95;

  /// Starts with a guess from bits a pixel, so that the first frame is of about the right size.
  quality_control(extent size, std::uint64_t bits_per_second, std::uint32_t frames_per_second) noexcept;

  /// Zero is taken for one.
  void set_rate(std::uint64_t bits_per_second, std::uint32_t frames_per_second) noexcept;
  /// For the next frame. Below the lowest it never goes: who needs less sends fewer frames.
  [[nodiscard]] int quality() const noexcept;
  /// The last frame, encoded with quality(), had so many bytes.
  void frame_was(std::size_t bytes) noexcept;

private:
  /// No more than a part of a second is paid back or spent later.
  [[nodiscard]] double bearable(double debt) const noexcept;

  double budget_ = 1; // bytes of one frame
  double second_ = 1; // bytes of one second
  double debt_ = 0;   // bytes sent above the budget, less what was saved
  double log_factor_ = 0;
};

} // namespace saffron::image
