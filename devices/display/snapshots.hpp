// SPDX-License-Identifier: BSD-3-Clause
// Pictures taken from a surface for one reader and kept for the next one: the same strip, unchanged, is the same
// picture, so it is encoded once and sent to all.
#pragma once

#include "devices/display/surface.hpp"
#include "messages/defaults.hpp"
#include "messages/display.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace saffron::devices {

class snapshots {
public:
  explicit snapshots(std::size_t most = defaults::shared_strips) : most_(most) {}

  /// The pixels of `area`, which lies on the surface, as they are now, in strips of whole rows and at most
  /// defaults::strip_bytes (or one row). Pictures are kept, the least recently used go: no more than `most` and no more
  /// bytes than the surface itself has.
  [[nodiscard]] patch take(const surface& from, rect area);
  /// The same as one picture, whatever its size.
  [[nodiscard]] picture_ptr take_whole(const surface& from, rect area) { return strip(from, area); }
  /// These pixels are different now: pictures that show them are let go.
  void drawn(rect area);
  void clear() noexcept;

  [[nodiscard]] std::size_t kept() const noexcept { return kept_.size(); }
  [[nodiscard]] std::size_t kept_bytes() const noexcept { return bytes_; }

private:
  struct entry {
    rect area;
    picture_ptr shown;
    /// When it was asked for last.
    std::uint64_t used = 0;
  };

  [[nodiscard]] picture_ptr strip(const surface& from, rect area);
  void keep(picture_ptr shown, std::size_t most_bytes);

  std::size_t most_;
  std::vector<entry> kept_;
  std::size_t bytes_ = 0;
  std::uint64_t clock_ = 0;
};

} // namespace saffron::devices
