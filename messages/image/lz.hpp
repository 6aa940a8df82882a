// SPDX-License-Identifier: BSD-3-Clause
// SPICE's LZ images: the data of LZ_RGB and LZ_PLT, and of the alpha part of JPEG_ALPHA. A header, then runs of
// literals and matches up to 73727 units back, in the order of the rows.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

#include <cstddef>
#include <span>

namespace saffron::image {

/// Encodes a picture of any format. The pad bytes of 32 bit pixels and bit 15 of 16 bit ones do not matter.
/// errc::codec_failed for rows that are not packed(), a view that is not whole(), or a gigabyte of pixels.
[[nodiscard]] result<shared_bytes> lz_encode(const bitmap_view& source);

/// Encodes the alpha channel of a picture of format rgba alone: what follows the colours in JPEG_ALPHA.
[[nodiscard]] result<shared_bytes> lz_encode_alpha(const bitmap_view& rgba);

/// Decodes any LZ stream; alpha alone becomes alpha_8bit. errc::codec_failed unless `data` ends with the last unit, as
/// clients demand, and for pictures of more than `most_pixels`. Takes no more memory than the pixels that `data` has.
[[nodiscard]] result<bitmap> lz_decode(std::span<const std::byte> data, std::size_t most_pixels);

} // namespace saffron::image
