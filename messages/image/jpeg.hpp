// SPDX-License-Identifier: BSD-3-Clause
// SPICE's JPEG (image type 105), JPEG_ALPHA (108) and the frames of MJPEG streams: whole JFIF files, SOI to EOI, with
// all their tables, rows always from the top. The codec itself is libjpeg-turbo's.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

namespace saffron::image {

/// How many pixels share a colour.
enum class jpeg_chroma : std::uint8_t {
  /// 4:2:0, two by two: what pictures of things need.
  shared_by_four,
  /// 4:4:4: what coloured text needs.
  each_its_own,
};

/// A JPEG of a picture of 16, 24 or 32 bits, or of the colours of one with alpha. Quality is IJG's, 1 to 100.
/// errc::codec_failed on other formats or qualities, on a view that is not whole, and beyond 65500 pixels a side.
[[nodiscard]] result<shared_bytes> jpeg_encode(const bitmap_view& from, int quality,
                                               jpeg_chroma chroma = jpeg_chroma::shared_by_four);

/// Data of an image of type JPEG_ALPHA.
struct jpeg_with_alpha {
  /// A JPEG, then an LZ stream.
  shared_bytes data;
  /// How much of it is JPEG.
  std::size_t jpeg_size = 0;
};

/// As jpeg_encode(), of an rgba picture; `alpha` is the LZ stream of its alpha (type XXXA), whose orientation the
/// image's flags must repeat.
[[nodiscard]] result<jpeg_with_alpha> jpeg_alpha_encode(const bitmap_view& rgba, int quality, jpeg_chroma chroma,
                                                        std::span<const std::byte> alpha);

/// The picture as rgb_32bit, top row first, pad 0. errc::codec_failed on anything but one whole JPEG without a
/// flaw, and on pictures of more than `most_pixels`, for which nothing is allocated.
[[nodiscard]] result<bitmap> jpeg_decode(std::span<const std::byte> data, std::uint64_t most_pixels);

/// The colours of a JPEG_ALPHA image with its alpha, decoded to alpha_8bit: rgba, top row first. errc::codec_failed
/// unless both are whole and of one size.
[[nodiscard]] result<bitmap> with_alpha(bitmap colors, const bitmap_view& alpha);

} // namespace saffron::image
