// SPDX-License-Identifier: BSD-3-Clause
// Pictures in all the formats that guests draw in, a format a slide: so that every encoding can be looked at with real
// clients.
#pragma once

#include "messages/display.hpp"

#include <cstddef>
#include <vector>

namespace saffron::devices::demo {

inline constexpr std::size_t slides = 9;

/// What is drawn for a slide, on a surface of at least 320 x 200. Made when it is first asked for.
class slideshow {
public:
  /// `number` counts on and on. The commands cover the surface.
  [[nodiscard]] const std::vector<draw_command>& slide(std::size_t number, extent surface);

private:
  struct made {
    extent surface;
    std::vector<draw_command> commands;
  };
  std::vector<made> made_ = std::vector<made>(slides);
};

} // namespace saffron::devices::demo
