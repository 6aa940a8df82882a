// SPDX-License-Identifier: BSD-3-Clause
// What a client makes of an image: for the load generator, which looks at what it is sent, and for tests.
#pragma once

#include "messages/errc.hpp"
#include "messages/image/bitmap.hpp"

namespace saffron::image {

/// The picture as rgb_32bit, top row first. errc::codec_failed for data that a viewer would refuse, for pictures of
/// more than `most_pixels`, and for what is not in the image alone: GLZ, cached images and palettes, surfaces.
[[nodiscard]] result<bitmap> decode_image(const wire::display::image& from, std::uint64_t most_pixels);

} // namespace saffron::image
