// SPDX-License-Identifier: BSD-3-Clause
// Encoded pictures become images: neighbouring strips share one where their form can be joined.
#pragma once

#include "messages/display.hpp"
#include "messages/wire/image.hpp"

#include <span>
#include <vector>

namespace saffron::actors {

/// One image to draw onto `area`.
struct strip_image {
  rect area;
  image_form form = image_form::raw;
  /// The picture inside, or the first of its strips.
  picture_ptr shown;
  /// Its data, in pieces.
  std::vector<shared_bytes> payload;
  /// Of all pieces, and of the pixels that they stand for.
  std::size_t bytes = 0, pixel_bytes = 0;
  /// Of a JPEG with alpha.
  std::size_t jpeg_size = 0;
  /// Of GLZ in zlib.
  std::size_t glz_size = 0;
};

/// Every strip of the patch, in as few images as its forms allow. `forms` has one entry for each strip.
[[nodiscard]] std::vector<strip_image> join_strips(const patch& from, std::span<const encoded_form> forms);

/// One whole picture, drawn onto `area`, which has its size.
[[nodiscard]] strip_image image_of(const rect& area, const picture_ptr& shown, const encoded_form& made);

/// Descriptor and body, without the data.
[[nodiscard]] wire::display::image describe(const strip_image& from);

[[nodiscard]] std::string_view to_string(image_form form) noexcept;
/// Neighbouring strips of this form share an image.
[[nodiscard]] bool can_be_joined(image_form form) noexcept;
/// What the protocol calls a picture of this format in this form.
[[nodiscard]] wire::display::image_type image_type_of(image_form form, image::bitmap_format format) noexcept;

} // namespace saffron::actors
