// SPDX-License-Identifier: BSD-3-Clause
// The sample pictures in every format that an encoder reads.
#pragma once

#include "devices/demo/sample_pictures.hpp"
#include "messages/image/bitmap.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace saffron::codecs {

using devices::sample_kind;

/// By the names that the reference's figures have.
inline constexpr std::array<std::pair<std::string_view, sample_kind>, 3> sample_names{
    {{"desktop-text", sample_kind::desktop}, {"photo-gradient", sample_kind::photo}, {"noise", sample_kind::noise}}};

/// Top row first. Alpha is 0xff, or noise in noise; an index is r3 g3 b2; 16 bits are the highest five of each colour.
/// Formats of fewer bits have no picture.
[[nodiscard]] image::bitmap sample(sample_kind kind, image::bitmap_format format, std::uint32_t width,
                                   std::uint32_t height);

/// As protocol.h names it, without the prefix: "32BIT".
[[nodiscard]] std::string_view name_of(image::bitmap_format format) noexcept;

} // namespace saffron::codecs
