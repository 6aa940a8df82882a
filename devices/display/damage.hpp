// SPDX-License-Identifier: BSD-3-Clause
// What one client does not show right, and which part of it to send next.
//
// The physics: a reader of the draw log stands at a position, and *outside its damage D its client shows what the
// canvas showed at that position*. Stepping over one entry of the log keeps this true:
//   pixels r               D = D + r                    (the client knows nothing of them)
//   fill r, forwarded      D = D - r                    (whatever it showed, it is right now)
//   copy src to dst,       D = (D - dst) + shift(D * src)
//     forwarded            (right where the client's source was right; the wrong part of the source spoils its copy)
//   any, not forwarded     D = D + r or D + dst
// Current pixels of an area, sent after the operations, are right at any position, so D shrinks by what is sent, and D
// may always be larger than it must be: rounding it up costs bytes, never truth.
#pragma once

#include "devices/display/region.hpp"
#include "messages/display.hpp"

#include <cstdint>
#include <vector>

namespace saffron::devices {

/// About what one forwarded operation costs on the wire, bytes.
inline constexpr std::uint64_t operation_bytes = 50;

/// Areas that cover the region and are worth a message each: the bounding box when little of it is not in the region,
/// else rectangles that were joined where that wastes little. They may overlap.
[[nodiscard]] std::vector<rect> patch_areas(const region& damaged);

class damage {
public:
  /// A new surface of this size, of which the client shows nothing. Empty: no surface.
  void restart(extent surface);

  /// Not forwarded. The area lies on the surface, also below.
  void add(rect area);
  /// The client shows it, but not well enough: sent when nothing newer waits.
  void add_older(rect area);
  /// True when forwarding is worth its bytes; then it counts as forwarded, else as not forwarded.
  [[nodiscard]] bool forward(const fill& command);
  [[nodiscard]] bool forward(const copy_bits& command);
  [[nodiscard]] bool forward(const draw_image& command);

  /// Sent by other means: takes it off. False when nothing of it was damaged.
  [[nodiscard]] bool take_off(rect area);
  /// Chooses what to send now, at most `pixels` but at least one row, and takes it off. The first choice after
  /// restart() is the whole surface in one piece, whatever the limit: clients take their first look when the first
  /// image comes. Later ones are newest first (what was noted since the last choice), and nothing starves: a cut is
  /// continued where it was made, and an older rest that was passed over several times goes first once.
  [[nodiscard]] std::vector<rect> take(std::uint64_t pixels);

  /// The client has seen nothing of this surface yet.
  [[nodiscard]] bool first() const noexcept { return first_; }
  [[nodiscard]] bool empty() const noexcept { return all_.empty(); }
  [[nodiscard]] std::uint64_t pixels() const noexcept { return all_.area(); }
  [[nodiscard]] const region& area() const noexcept { return all_; }

private:
  class choice;

  void note(const region& spoiled, rect replaced);
  void choose(choice& chosen, const region& from);

  extent surface_;
  bool first_ = false;
  region all_;
  /// Noted since the last take(); what of it lies outside of `all_` means nothing.
  region newest_;
  /// The row at which the next choice goes on.
  std::int32_t resume_row_ = 0;
  /// Choices in a row that had no room for anything but the newest.
  int passed_over_ = 0;
};

} // namespace saffron::devices
