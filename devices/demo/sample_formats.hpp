// SPDX-License-Identifier: BSD-3-Clause
// The sample pictures in every format that a guest may draw in.
#pragma once

#include "devices/demo/sample_pictures.hpp"
#include "messages/image/picture.hpp"

namespace saffron::devices {

/// Fewer colours are taken from the nearest of a fixed palette; alpha falls off from the left to the right.
[[nodiscard]] picture_ptr sample_in_format(sample_kind kind, extent size, image::bitmap_format format, bool top_down);

} // namespace saffron::devices
