// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/film.hpp"

#include "devices/demo/sample_pictures.hpp"

#include <cstring>

namespace saffron::devices::demo {

namespace {

/// Pixels that the photo is wider than a frame, and that the eye goes from frame to frame.
constexpr std::uint32_t margin = 240, pace = 3;

} // namespace

film::film(extent size)
    : size_(size),
      photo_(sample_picture(sample_kind::photo, static_cast<int>(size.width + margin), static_cast<int>(size.height))) {
}

void film::paint(std::span<std::uint32_t> surface, std::size_t width, point left_top, std::uint32_t frame) const {
  const auto phase = frame * pace % (2 * margin);
  const auto offset = phase < margin ? phase : 2 * margin - phase;
  const auto row_bytes = std::size_t{size_.width + margin} * 4;
  for (std::uint32_t y = 0; y < size_.height; ++y)
    std::memcpy(&surface[(static_cast<std::size_t>(left_top.y) + y) * width + static_cast<std::size_t>(left_top.x)],
                photo_.data() + y * row_bytes + std::size_t{offset} * 4, std::size_t{size_.width} * 4);
}

} // namespace saffron::devices::demo
