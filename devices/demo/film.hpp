// SPDX-License-Identifier: BSD-3-Clause
// A video without a camera: a photo over which the eye wanders, never twice the same frame in a row.
#pragma once

#include "messages/geometry.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace saffron::devices::demo {

class film {
public:
  /// Painting the photo takes about a second for 1920 x 1080.
  explicit film(extent size);

  [[nodiscard]] extent size() const noexcept { return size_; }
  /// The frame's pixels, 0x00RRGGBB, into rows of `width` pixels that begin at `left_top`.
  void paint(std::span<std::uint32_t> surface, std::size_t width, point left_top, std::uint32_t frame) const;

private:
  extent size_;
  std::vector<std::byte> photo_;
};

} // namespace saffron::devices::demo
