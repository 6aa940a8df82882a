// SPDX-License-Identifier: BSD-3-Clause
// The pixels of one surface: rows of `width * 4` bytes without padding, B G R X, top row first. What X holds means
// nothing.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/geometry.hpp"
#include "messages/image/bitmap.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>

namespace saffron::devices {

inline constexpr std::size_t bytes_per_pixel = 4;

/// The part of an area that lies on a surface, safe for any numbers a guest may send; empty when nothing does.
[[nodiscard]] rect clip(rect area, extent surface) noexcept;

struct clipped_copy {
  rect area;
  point source;
};
/// The part of a copy whose pixels both come from the surface and land on it; `area` is empty when there is none.
[[nodiscard]] clipped_copy clip(rect area, point source, extent surface) noexcept;

/// Rows of this area, which is not empty, that make one strip: at most defaults::strip_bytes, and at least one row.
[[nodiscard]] std::int32_t rows_of_a_strip(rect area) noexcept;

class surface {
public:
  /// No pixels at all.
  surface() = default;
  /// Black. errc::bad_setting for zero, for more than the limits of defaults.hpp, and when there is no memory.
  static result<surface> make(extent size);

  [[nodiscard]] extent size() const noexcept { return size_; }
  /// A row's bytes; `y` must lie inside.
  [[nodiscard]] std::span<std::byte> row(std::uint32_t y) noexcept {
    return {at({0, static_cast<std::int32_t>(y)}), stride()};
  }
  [[nodiscard]] std::span<const std::byte> row(std::uint32_t y) const noexcept {
    return {at({0, static_cast<std::int32_t>(y)}), stride()};
  }

  // Everything below wants areas that lie on the surface, see clip().

  void fill(rect area, std::uint32_t color) noexcept;
  /// The two areas may overlap.
  void copy(rect area, point source) noexcept;
  /// `rows` points at the pixel for the left top corner of `area`; each row begins `stride` bytes after the one before.
  void put(rect area, const std::byte* rows, std::size_t stride) noexcept;
  /// The pixels themselves, until they are drawn on.
  [[nodiscard]] image::bitmap_view view(rect area) const noexcept;
  /// The pixels as they are now, in rows of `area.width() * 4` bytes.
  [[nodiscard]] shared_bytes snapshot(rect area) const;

private:
  struct release {
    void operator()(std::byte* p) const noexcept { std::free(p); }
  };

  [[nodiscard]] std::size_t stride() const noexcept { return std::size_t{size_.width} * bytes_per_pixel; }
  [[nodiscard]] std::byte* at(point p) const noexcept {
    return pixels_.get() + static_cast<std::size_t>(p.y) * stride() + static_cast<std::size_t>(p.x) * bytes_per_pixel;
  }

  extent size_;
  std::unique_ptr<std::byte[], release> pixels_;
};

} // namespace saffron::devices
