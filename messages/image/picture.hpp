// SPDX-License-Identifier: BSD-3-Clause
// Pixels taken from a surface at one moment, or drawn by a guest: immutable, shared, encoded once per form.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/geometry.hpp"
#include "messages/image/bitmap.hpp"
#include "messages/image/glz_shared.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace saffron {

/// How the pixels of a picture travel.
enum class image_form : std::uint8_t { raw, lz4, lz, quic, glz, zlib_glz, jpeg, coarse_jpeg, rough_jpeg };
inline constexpr std::size_t image_forms = 9;

/// JPEG's quality in each of its forms: about half the bytes from one to the next.
[[nodiscard]] constexpr int jpeg_quality(image_form form) noexcept {
  return form == image_form::jpeg ? 85 : form == image_form::coarse_jpeg ? 50 : 25;
}

[[nodiscard]] constexpr bool is_lossy(image_form form) noexcept { return form >= image_form::jpeg; }
/// Forms that need a dictionary: their bytes count on what the client was sent before.
[[nodiscard]] constexpr bool is_glz(image_form form) noexcept {
  return form == image_form::glz || form == image_form::zlib_glz;
}

/// What became of a picture's pixels. The form is raw when the one that was asked for is not smaller.
struct encoded_form {
  image_form form = image_form::raw;
  shared_bytes data;
  /// Of a JPEG with alpha: how much of the data is JPEG. Else 0.
  std::size_t jpeg_size = 0;
  /// Of GLZ: one client's own bytes before and behind the data, and for GLZ in zlib the size of the GLZ image.
  shared_bytes head{}, tail{};
  std::size_t glz_size = 0;
};

using palette_ptr = std::shared_ptr<const wire::display::palette>;

/// Packed rows of pixels.
struct picture {
  /// Unique in the process (next_picture_id()); chooses the encoder, so that one picture always meets the same one.
  std::uint64_t id = 0;
  /// Where on the surface.
  rect area;
  image::bitmap_format format = image::bitmap_format::rgb_32bit;
  /// The first row is the top one.
  bool top_down = true;
  /// Small steps rather than edges (messages/image/graduality.hpp).
  bool gradual = false;
  shared_bytes pixels;
  /// Of the indexed formats.
  palette_ptr palette;
  /// Encoded forms, empty until made. Belongs to the encoder that `id` chooses; nobody else looks.
  mutable std::array<encoded_form, image_forms> encoded;
  /// GLZ's, for the histories that were asked for last, newest first; the same holds.
  mutable std::vector<image::glz_shared> glz;

  [[nodiscard]] image::bitmap_view view() const noexcept {
    const auto width = static_cast<std::uint32_t>(area.width()), height = static_cast<std::uint32_t>(area.height());
    return {format, width, height, image::row_bytes(format, width), top_down, pixels.view()};
  }
};

using picture_ptr = std::shared_ptr<const picture>;

/// Over all consoles of the process.
[[nodiscard]] std::uint64_t next_picture_id() noexcept;

/// A guest's own picture in its own format; packed rows. errc::codec_failed unless from.whole() and from.packed(), and
/// for an indexed format without a palette.
[[nodiscard]] result<picture_ptr> make_picture(const image::bitmap_view& from, palette_ptr palette = {});

} // namespace saffron
