// SPDX-License-Identifier: BSD-3-Clause
// A picture for benchmarks: coloured waves with the grain of a film. No pixel is as it was in the frame before, and
// the grain keeps encoders from finding the same bytes twice, as in a real video.
#pragma once

#include "messages/geometry.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace saffron::devices::demo {

class motion {
public:
  /// For pictures up to this width.
  explicit motion(std::uint32_t width);

  /// Overwrites all pixels; `pixels` are the rows of `size` without padding.
  void paint(std::span<std::uint32_t> pixels, extent size, std::uint32_t frame, bool inverted) const;

private:
  std::vector<std::uint32_t> wave_, grain_;
};

} // namespace saffron::devices::demo
