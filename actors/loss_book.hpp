// SPDX-License-Identifier: BSD-3-Clause
// Which part of the screen a client shows with loss, and when to mend it: what has rested for a moment is asked for
// again, without loss.
#pragma once

#include "devices/display/region.hpp"
#include "messages/display.hpp"

#include <vector>

namespace saffron::actors {

class loss_book {
public:
  /// Pixels of `area` were sent with loss.
  void lossy(rect area);
  /// Pixels of `area` were sent as they are.
  void exact(rect area);
  /// A forwarded operation: what it paints is exact; what it copies is as exact as its source.
  void forwarded(const fill& operation) { exact(operation.area); }
  void forwarded(const copy_bits& operation);
  /// A new surface.
  void clear();

  /// Something could be mended, now or later.
  [[nodiscard]] bool pending() const noexcept { return !lossy_.empty(); }
  /// Areas to ask for again: those that have not changed since the last call and were not asked for yet.
  [[nodiscard]] std::vector<rect> mend();
  /// The same for an area of which it is known that it rests.
  [[nodiscard]] std::vector<rect> mend(rect area);
  /// Most of this area was asked for again.
  [[nodiscard]] bool must_be_exact(rect area) const;
  [[nodiscard]] std::uint64_t pixels() const noexcept { return lossy_.area(); }

private:
  devices::region lossy_;
  /// Parts of it: sent since the last mend(), and asked for again.
  devices::region recent_, mending_;
};

} // namespace saffron::actors
