// SPDX-License-Identifier: BSD-3-Clause
// The bytes of GLZ's literals and matches.
#pragma once

#include "messages/image/glz_format.hpp"
#include "messages/image/lz_stream.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace saffron::image::glz {

/// A search may read, and put_few_literals() copies, so many units from where they start.
inline constexpr std::size_t units_ahead = 8;
/// The writers below may write so many bytes behind what they return.
inline constexpr std::size_t writer_slack = 32;

/// Literals before a match, mostly none or few: these cost no jump. Behind `from` there are units_ahead.
template <class Units>
std::byte* put_few_literals(std::byte* out, const std::byte* from, std::size_t count, const std::byte* end) noexcept {
  static_assert(units_ahead * Units::literal_bytes + lz::literal_slack <= writer_slack);
  if (count > units_ahead) return lz::put_literals<Units>(out, from, from + count * Units::bytes, end);
  *out = static_cast<std::byte>(count - 1);
  out += count != 0 ? 1 : 0;
  Units::put_literals(out, from, units_ahead, from + units_ahead * Units::bytes);
  return out + count * Units::literal_bytes;
}

/// `length` without the bias, at least 1. `offset` as it is stored: in the image itself the distance minus one, in
/// another the number of the unit. `images_before` < 256.
inline std::byte* put_match(std::byte* out, std::size_t length, std::uint32_t images_before,
                            std::uint32_t offset) noexcept {
  const auto byte = [&out](std::size_t value) { *out++ = static_cast<std::byte>(value); };
  const bool far = offset >= far_offset, very_far = offset >= very_far_offset;
  out = lz::put_control(out, length, (far ? 16u : 0u) | (offset & 15));
  byte(offset >> 4);
  if (images_before == 0 && !very_far) {
    byte(offset >> 12);
  } else if (!far) {
    const bool more = images_before >= near_images;
    byte((images_before & (near_images - 1)) | (more ? 1u : 0u) << 6);
    if (more) byte(images_before >> 6);
  } else {
    byte((offset >> 12 & 31) | (very_far ? 1u : 0u) << 5 | (images_before != 0 ? 1u : 0u) << 6);
    if (images_before != 0) byte(images_before);
    if (very_far) byte(offset >> 17);
  }
  return out;
}

} // namespace saffron::image::glz
