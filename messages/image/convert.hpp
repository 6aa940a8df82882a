// SPDX-License-Identifier: BSD-3-Clause
// Pictures of every bitmap format as 32-bit pixels, as a client shows them on a 32-bit surface. Source of the layouts:
// SPICE's image formats (spice-protocol's enums.h); 5 bits become 8 as all clients do it, v << 3 | v >> 2.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

namespace saffron::image {

/// The same picture as rgb_32bit, packed, top row first. `palette` holds 0x00RRGGBB for the indexed formats; an index
/// beyond it is 0. The fourth byte is the source's pad or alpha, else 0; alpha_8bit is black of that alpha.
/// errc::codec_failed unless from.whole().
[[nodiscard]] result<bitmap> to_rgb32(const bitmap_view& from, std::span<const std::uint32_t> palette = {});

} // namespace saffron::image
