// SPDX-License-Identifier: BSD-3-Clause
// What lives in the windows and on the panel, on a ground that is there already.
#pragma once

#include "devices/demo/painter.hpp"

namespace saffron::devices::demo {

void shell(cairo_t* cr, const layout& where, const scene& what);
void dial(cairo_t* cr, const layout& where, const time_of_day& time);
void targets(cairo_t* cr, const layout& where, cursor_kind lit);
void readout(cairo_t* cr, const layout& where, const scene& what);
void lock_lamps(cairo_t* cr, const layout& where, std::uint16_t locks);

} // namespace saffron::devices::demo
