// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/coverage.hpp"

namespace saffron::load {

void coverage::reset(rect surface) {
  open_.clear();
  if (!surface.empty()) open_.push_back(surface);
}

void coverage::add(const rect& drawn) {
  std::vector<rect> left;
  for (const auto& part : open_) {
    const auto hit = part.intersect(drawn);
    if (hit.empty()) {
      left.push_back(part);
      continue;
    }
    const rect around[]{{part.left, part.top, part.right, hit.top},
                        {part.left, hit.top, hit.left, hit.bottom},
                        {hit.right, hit.top, part.right, hit.bottom},
                        {part.left, hit.bottom, part.right, part.bottom}};
    for (const auto& piece : around)
      if (!piece.empty()) left.push_back(piece);
  }
  open_ = std::move(left);
}

} // namespace saffron::load
