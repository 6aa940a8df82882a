// SPDX-License-Identifier: BSD-3-Clause
// What the reference's encoders did with the sample pictures: facts that were measured once, on another machine.
#pragma once

#include "messages/image/bitmap.hpp"

#include <span>
#include <string_view>

namespace saffron::codecs {

struct reference_figure {
  std::string_view picture, codec;
  image::bitmap_format source;
  /// Of the payload.
  std::size_t bytes;
  /// 10^6 bytes of source bitmap per second of a core.
  double encode_speed;
};

[[nodiscard]] std::span<const reference_figure> reference_figures() noexcept;

/// Null when it was not measured.
[[nodiscard]] const reference_figure* reference_of(std::string_view picture, std::string_view codec,
                                                   image::bitmap_format source) noexcept;

} // namespace saffron::codecs
