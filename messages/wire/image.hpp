// SPDX-License-Identifier: BSD-3-Clause
// Images inside display messages: descriptor, type-specific body, palette. Source: spice-protocol's enums.h.
// Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"

#include <optional>
#include <variant>

namespace saffron::wire::display {

/// SPICE_IMAGE_TYPE_*.
enum class image_type : std::uint8_t {
  bitmap = 0,
  quic = 1,
  lz_plt = 100,
  lz_rgb = 101,
  glz_rgb = 102,
  from_cache = 103,
  surface = 104,
  jpeg = 105,
  from_cache_lossless = 106,
  zlib_glz_rgb = 107,
  jpeg_alpha = 108,
  lz4 = 109,
};

/// SPICE_IMAGE_FLAGS_*.
namespace image_flags {
/// The client keeps the decoded image under its id.
inline constexpr std::uint8_t cache_me = 1;
/// The client sets the pad byte of every pixel to 0xff.
inline constexpr std::uint8_t high_bits_set = 2;
/// The client replaces the lossy image that it keeps under the id.
inline constexpr std::uint8_t cache_replace_me = 4;
} // namespace image_flags

/// SPICE_BITMAP_FMT_*.
enum class bitmap_format : std::uint8_t {
  invalid = 0,
  le_1bit = 1,
  be_1bit = 2,
  le_4bit = 3,
  be_4bit = 4,
  indexed_8bit = 5,
  /// x1r5g5b5.
  rgb_16bit = 6,
  /// B G R.
  rgb_24bit = 7,
  /// B G R pad.
  rgb_32bit = 8,
  /// B G R A.
  rgba = 9,
  alpha_8bit = 10,
};

/// SPICE_BITMAP_FLAGS_*.
namespace bitmap_flags {
/// The client keeps the palette under its id.
inline constexpr std::uint8_t palette_cache_me = 1;
/// The client has the palette. Set and cleared by write(): a cached_palette means it.
inline constexpr std::uint8_t palette_from_cache = 2;
/// The first row is the top one.
inline constexpr std::uint8_t top_down = 4;
} // namespace bitmap_flags

/// SPICE_JPEG_ALPHA_FLAGS_*.
namespace jpeg_alpha_flags {
inline constexpr std::uint8_t top_down = 1;
}

/// Colours in the format of the surface that is drawn to.
struct palette {
  /// The cache's key; 0 is never cached.
  std::uint64_t unique = 0;
  /// At most 65535.
  std::vector<std::uint32_t> entries{};
  friend bool operator==(const palette&, const palette&) = default;
};

/// A palette that the client keeps.
struct cached_palette {
  std::uint64_t id = 0;
  friend bool operator==(const cached_palette&, const cached_palette&) = default;
};

using any_palette = std::variant<std::monostate, cached_palette, palette>;

/// Rows of raw pixels.
struct bitmap {
  static constexpr auto type = image_type::bitmap;
  bitmap_format format = bitmap_format::rgb_32bit;
  /// Bits of bitmap_flags.
  std::uint8_t flags = 0;
  /// Width and height in pixels.
  std::uint32_t x = 0;
  std::uint32_t y = 0;
  /// Bytes a row.
  std::uint32_t stride = 0;
  any_palette palette{};
  /// Exactly stride * y bytes: their number is not on the wire.
  byte_view data{};
  friend bool operator==(const bitmap&, const bitmap&) = default;
};

/// An image that is nothing but the output of its encoder.
template <image_type Type>
struct encoded_image {
  static constexpr auto type = Type;
  byte_view data{};
  friend bool operator==(const encoded_image&, const encoded_image&) = default;
};
using quic_image = encoded_image<image_type::quic>;
using lz_rgb_image = encoded_image<image_type::lz_rgb>;
using glz_rgb_image = encoded_image<image_type::glz_rgb>;
using jpeg_image = encoded_image<image_type::jpeg>;
using lz4_image = encoded_image<image_type::lz4>;

/// LZ of palette indices. The palette must not be missing.
struct lz_plt_image {
  static constexpr auto type = image_type::lz_plt;
  /// Bits of bitmap_flags.
  std::uint8_t flags = 0;
  any_palette palette{};
  byte_view data{};
  friend bool operator==(const lz_plt_image&, const lz_plt_image&) = default;
};

/// GLZ inside zlib.
struct zlib_glz_rgb_image {
  static constexpr auto type = image_type::zlib_glz_rgb;
  /// Bytes when unpacked.
  std::uint32_t glz_data_size = 0;
  byte_view data{};
  friend bool operator==(const zlib_glz_rgb_image&, const zlib_glz_rgb_image&) = default;
};

/// JPEG of the colours, then LZ of the alpha channel.
struct jpeg_alpha_image {
  static constexpr auto type = image_type::jpeg_alpha;
  /// Bits of jpeg_alpha_flags.
  std::uint8_t flags = 0;
  /// Bytes of data that are JPEG.
  std::uint32_t jpeg_size = 0;
  byte_view data{};
  friend bool operator==(const jpeg_alpha_image&, const jpeg_alpha_image&) = default;
};

/// The image that the client keeps under the descriptor's id.
struct cached_image {
  static constexpr auto type = image_type::from_cache;
  friend bool operator==(const cached_image&, const cached_image&) = default;
};

/// The same, once it is there without loss.
struct cached_lossless_image {
  static constexpr auto type = image_type::from_cache_lossless;
  friend bool operator==(const cached_lossless_image&, const cached_lossless_image&) = default;
};

/// What another surface shows.
struct surface_image {
  static constexpr auto type = image_type::surface;
  std::uint32_t surface_id = 0;
  friend bool operator==(const surface_image&, const surface_image&) = default;
};

using image_body =
    std::variant<bitmap, quic_image, lz_plt_image, lz_rgb_image, glz_rgb_image, cached_image, surface_image, jpeg_image,
                 cached_lossless_image, zlib_glz_rgb_image, jpeg_alpha_image, lz4_image>;

/// Descriptor and body; the descriptor's type is that of the body.
struct image {
  /// The image cache's key.
  std::uint64_t id = 0;
  /// Bits of image_flags.
  std::uint8_t flags = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  image_body body{};
  friend bool operator==(const image&, const image&) = default;
};
[[nodiscard]] image_type type_of(const image& i) noexcept;
/// The bulk at its end; empty for types that have none.
[[nodiscard]] byte_view data_of(const image& i) noexcept;

/// Points the pointer at `place` to the image and appends it, its palette first, so that its data ends the body.
void append_image(writer& w, std::size_t place, const image& i);
/// Leaves the data out, with sizes as if `bulk_size` bytes of it followed.
void append_image_head(writer& w, std::size_t place, const image& i, std::size_t bulk_size);

/// From a reader placed at the descriptor.
void read(reader& r, image& i);
/// Reads a pointer and its image; bad when it is null.
void read_image(reader& r, image& i);
/// Reads a pointer and its image, if there is one.
void read_image(reader& r, std::optional<image>& i);

} // namespace saffron::wire::display
