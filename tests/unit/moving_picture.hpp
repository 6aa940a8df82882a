// SPDX-License-Identifier: BSD-3-Clause
// Frames for video encoders, a sample picture that scrolls by, and how near a decoded frame comes to its original.
#pragma once

#include "devices/demo/sample_pictures.hpp"
#include "messages/geometry.hpp"
#include "messages/image/bitmap.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <random>
#include <span>
#include <vector>

namespace saffron::tests {

/// A window of `size` that moves over a larger picture, three pixels right and one down from frame to frame, and back
/// after forty. Its rows are far apart, as those of a surface's part are.
class moving_picture {
public:
  moving_picture(devices::sample_kind kind, extent size)
      : size_(size), width_(size.width + way * 3),
        pixels_(devices::sample_picture(kind, static_cast<int>(width_), static_cast<int>(size.height + way))) {}

  [[nodiscard]] image::bitmap_view frame(std::size_t number) const {
    const auto step = number % (2 * way), at = step < way ? step : 2 * way - step;
    const std::size_t stride = std::size_t{width_} * 4;
    return {image::bitmap_format::rgb_32bit,
            size_.width,
            size_.height,
            stride,
            true,
            std::span{pixels_}.subspan(at * stride + at * 3 * 4)};
  }

private:
  static constexpr std::uint32_t way = 40;
  extent size_;
  std::uint32_t width_;
  std::vector<std::byte> pixels_;
};

/// A moving picture with a camera's grain, new in each frame: no encoder can foretell it, so it takes the bits it is
/// given.
class grainy_picture {
public:
  grainy_picture(devices::sample_kind kind, extent size) : film_(kind, size) {}

  /// Valid until the next call.
  [[nodiscard]] image::bitmap_view frame(std::size_t number) {
    const auto clean = film_.frame(number);
    image::bitmap& to = grained_;
    to.width = clean.width;
    to.height = clean.height;
    to.pixels.clear();
    std::minstd_rand random{static_cast<unsigned>(number) + 1};
    for (std::uint32_t y = 0; y < clean.height; ++y)
      for (std::uint32_t x = 0; x < clean.width; ++x) {
        const int grain = static_cast<int>(random() >> 8 & 15) - 8;
        for (std::size_t i = 0; i < 4; ++i)
          to.pixels.push_back(
              static_cast<std::byte>(std::clamp(std::to_integer<int>(clean.row(y)[x * 4 + i]) + grain, 0, 255)));
      }
    return to.view();
  }

private:
  moving_picture film_;
  image::bitmap grained_;
};

/// Decibels over all three channels, of the part that both pictures have; the decoded one may be larger.
inline double peak_signal_to_noise(const image::bitmap_view& original, const image::bitmap_view& decoded) {
  double squares = 0;
  for (std::uint32_t y = 0; y < original.height; ++y)
    for (std::uint32_t i = 0; i < original.width * 4; ++i) {
      if (i % 4 == 3) continue;
      const double difference =
          std::to_integer<int>(original.row(y)[i]) - static_cast<double>(std::to_integer<int>(decoded.row(y)[i]));
      squares += difference * difference;
    }
  return 10 * std::log10(255.0 * 255 * 3 * original.width * original.height / std::max(squares, 1e-9));
}

} // namespace saffron::tests
