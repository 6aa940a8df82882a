// SPDX-License-Identifier: BSD-3-Clause
// Smaller pictures for videos on lines that cannot carry them in full: a client draws them larger again.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

namespace saffron::image {

/// Edges of a picture reduced by this factor; what is left over makes one more pixel.
[[nodiscard]] constexpr std::uint32_t reduced(std::uint32_t edge, std::uint32_t factor) noexcept {
  return (edge + factor - 1) / factor;
}

/// Each pixel the mean of factor x factor pixels; at the right and the lower edge, of those that there are. The source
/// is rgb_32bit; the order of its rows stays. errc::codec_failed for anything else, and for a factor of 0 or above 16.
[[nodiscard]] result<bitmap> reduce(const bitmap_view& from, std::uint32_t factor);

} // namespace saffron::image
