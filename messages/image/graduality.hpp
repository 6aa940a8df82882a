// SPDX-License-Identifier: BSD-3-Clause
// How gradual a picture is: photos change a little everywhere, desktops not at all or a lot. Prediction (QUIC) and
// JPEG do well on the one, repetition (LZ, GLZ) on the other.
#pragma once

#include "messages/image/bitmap.hpp"

namespace saffron::image {

/// Looks at about one pixel in fifteen and its neighbours to the right, below, and below to the right: +0.5 for an
/// equal one, +1 for a contrast (60 of 255 in any colour, 8 of 31 in 16 bits), -0.25 for a small step; squares of four
/// equal pixels say nothing. The mean over all pairs; 1 for pictures too thin to judge and for indexed ones (the
/// reference's measure).
[[nodiscard]] double graduality(const bitmap_view& source);

/// Below the reference's bound for pictures that it gives to QUIC.
[[nodiscard]] bool is_gradual(const bitmap_view& source);

} // namespace saffron::image
