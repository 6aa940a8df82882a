// SPDX-License-Identifier: BSD-3-Clause
// From a screen's pixels to what video encoders read: one plane of light and two of colour, these with half the width
// and height, in the limited range. Source: ITU-R BT.601, BT.709 (8 bits, 219 steps of light, 224 of colour).
#pragma once

#include "messages/geometry.hpp"
#include "messages/image/bitmap.hpp"

#include <cstddef>
#include <cstdint>

namespace saffron::image {

/// Which red, green and blue make light and colour.
enum class colour_matrix : std::uint8_t { bt601, bt709 };

/// BT.601 up to 576 rows, BT.709 above: what GStreamer, and so spice-gtk, takes for granted where the stream does not
/// say (VP8). All other codecs say it in their headers.
[[nodiscard]] constexpr colour_matrix usual_matrix(extent size) noexcept {
  return size.height <= 576 ? colour_matrix::bt601 : colour_matrix::bt709;
}

/// Somebody else's memory for a picture of `size`. The colour planes have (width + 1) / 2 columns and (height + 1) / 2
/// rows. Strides are bytes.
struct yuv420_planes {
  extent size;
  std::uint8_t* luma = nullptr;
  std::uint8_t* blue = nullptr;
  std::uint8_t* red = nullptr;
  std::size_t luma_stride = 0, colour_stride = 0;
};

/// Converts a whole top-down picture of 32 bits a pixel. `to` has its size, or one more column or row where an encoder
/// wants even sizes: they repeat the last ones. Anything else is left undone, and false.
[[nodiscard]] bool to_yuv420(const bitmap_view& from, colour_matrix matrix, const yuv420_planes& to) noexcept;

} // namespace saffron::image
