// SPDX-License-Identifier: BSD-3-Clause
// SPICE's QUIC image (image type 1): lossless, good at pictures of nature. For one picture there is exactly one right
// stream of bits. A strip of rows is a picture of its own, so the strips of a large one can be encoded by different
// cores.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

namespace saffron::image {

/// The payload of a QUIC image, of a bitmap of 16, 24 or 32 bits or RGBA; alpha_8bit becomes QUIC's GRAY, which no
/// client decodes. errc::codec_failed for palettes, for bitmaps that are not whole(), and for 2^29 pixels and more.
[[nodiscard]] result<shared_bytes> quic_encode(const bitmap_view& source);

/// The top row first, in the format it was encoded from, bits that carry no colour cleared. errc::codec_failed for
/// anything malformed and for pictures of more than `most_pixels` pixels, for which nothing is allocated.
[[nodiscard]] result<bitmap> quic_decode(std::span<const std::byte> data, std::uint64_t most_pixels);

} // namespace saffron::image
