// SPDX-License-Identifier: BSD-3-Clause
#include "actors/loss_book.hpp"

#include "messages/defaults.hpp"

namespace saffron::actors {

void loss_book::lossy(rect area) {
  for (auto* r : {&lossy_, &recent_}) {
    r->add(area);
    r->simplify(defaults::damage_rects);
  }
  mending_.subtract(area);
}

void loss_book::exact(rect area) {
  lossy_.subtract(area);
  recent_.subtract(area);
  mending_.subtract(area);
}

void loss_book::forwarded(const copy_bits& operation) {
  const auto dx = operation.area.left - operation.source.x, dy = operation.area.top - operation.source.y;
  auto copied = lossy_;
  copied.intersect(operation.area.shifted(-dx, -dy));
  copied.translate(dx, dy);
  exact(operation.area);
  lossy_.add(copied);
  lossy_.simplify(defaults::damage_rects);
}

void loss_book::clear() {
  lossy_.clear();
  recent_.clear();
  mending_.clear();
}

std::vector<rect> loss_book::mend() {
  auto resting = lossy_;
  resting.subtract(recent_);
  resting.subtract(mending_);
  recent_.clear();
  mending_.add(resting);
  return resting.rects();
}

std::vector<rect> loss_book::mend(rect area) {
  recent_.subtract(area);
  auto resting = lossy_;
  resting.intersect(area);
  resting.subtract(mending_);
  mending_.add(resting);
  return resting.rects();
}

// Areas come back joined and cut, so none of them need be exactly what was asked for.
bool loss_book::must_be_exact(rect area) const {
  auto asked = mending_;
  asked.intersect(area);
  return asked.area() * 2 >= area.area();
}

} // namespace saffron::actors
