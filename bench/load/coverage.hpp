// SPDX-License-Identifier: BSD-3-Clause
// Which part of a surface has not been drawn yet: the first full frame is there when nothing is left.
#pragma once

#include "messages/geometry.hpp"

#include <vector>

namespace saffron::load {

class coverage {
public:
  /// A new surface, of which nothing is drawn.
  void reset(rect surface);
  void add(const rect& drawn);
  [[nodiscard]] bool complete() const noexcept { return open_.empty(); }

private:
  std::vector<rect> open_; // disjoint
};

} // namespace saffron::load
