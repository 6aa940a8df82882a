// SPDX-License-Identifier: BSD-3-Clause
// A saffron crocus, whose three red threads are the spice.
#pragma once

#include <cairo.h>

namespace saffron::devices::demo {

/// Stands with the end of its stem at (x, y) and is so many pixels high.
void draw_flower(cairo_t* cr, double x, double y, double height, double opacity);

} // namespace saffron::devices::demo
