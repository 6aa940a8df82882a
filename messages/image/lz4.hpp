// SPDX-License-Identifier: BSD-3-Clause
// SPICE's LZ4 image (image type 109): two header bytes (orientation, bitmap format), then blocks of {u32 big endian
// size, LZ4 block}. Blocks made by `lz4_block` refer to nothing before them, so the strips of one image can be encoded
// by different cores and joined.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace saffron::image {

/// The bitmap format number of the payload header.
inline constexpr std::byte lz4_32bit{8};

/// The two bytes before the first block: rows top down, 32 bits a pixel.
inline constexpr std::array<std::byte, 2> lz4_header{std::byte{1}, lz4_32bit};

/// One block with its size in front. Never fails for input below 2 GiB; empty input gives empty output.
[[nodiscard]] shared_bytes lz4_block(std::span<const std::byte> pixels);

/// A whole image of one block, of a picture of 16, 24 or 32 bits or rgba, in its own orientation; rows lose what pads
/// them. errc::codec_failed for other formats, a view that is not whole, and pixels of 2 GiB and more.
[[nodiscard]] result<shared_bytes> lz4_encode(const bitmap_view& from);

/// Decodes a whole image, of one or more blocks, that is to have this size. errc::codec_failed on anything else.
[[nodiscard]] result<bitmap> lz4_decode(std::span<const std::byte> data, std::uint32_t width, std::uint32_t height);

/// Decodes an image of 32 bits a pixel, header and blocks, to exactly `pixel_bytes` bytes, in the order they were sent.
[[nodiscard]] result<std::vector<std::byte>> lz4_decode(std::span<const std::byte> data, std::size_t pixel_bytes);

} // namespace saffron::image
