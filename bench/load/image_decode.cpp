// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/image_decode.hpp"

#include "messages/image/decode.hpp"
#include "messages/image/jpeg.hpp"

#include <cstring>

namespace saffron::load {

using namespace wire::display;

namespace {

constexpr std::uint64_t pixel_limit = 64 * 1024 * 1024;

// The rows stay in the message.
decode_state decode(const bitmap& from, decoded_image& to) {
  if (from.stride < from.x * 4 || from.y == 0 || std::uint64_t{from.x} * from.y > pixel_limit)
    return decode_state::malformed;
  const bool bottom_up = (from.flags & bitmap_flags::top_down) == 0;
  const auto stride = static_cast<std::ptrdiff_t>(from.stride);
  const auto* top = bottom_up ? from.data.data() + stride * static_cast<std::ptrdiff_t>(from.y - 1) : from.data.data();
  to = decoded_image{from.x, from.y, top, bottom_up ? -stride : stride};
  return decode_state::done;
}

bool stands_alone(image_type type) {
  return type != image_type::glz_rgb && type != image_type::zlib_glz_rgb && type != image_type::from_cache &&
         type != image_type::from_cache_lossless && type != image_type::surface;
}

} // namespace

decoded_image::decoded_image(std::uint32_t width, std::uint32_t height, std::vector<std::byte> pixels, bool bottom_up)
    : width_(width), height_(height), owned_(std::move(pixels)), top_(owned_.data()),
      stride_(static_cast<std::ptrdiff_t>(width) * 4) {
  if (!bottom_up || height == 0) return;
  top_ += stride_ * static_cast<std::ptrdiff_t>(height - 1);
  stride_ = -stride_;
}

decoded_image decoded_image::kept() const {
  const auto row_bytes = std::size_t{width_} * 4;
  std::vector<std::byte> pixels(row_bytes * height_);
  for (std::uint32_t y = 0; y < height_; ++y) std::memcpy(pixels.data() + y * row_bytes, row(y), row_bytes);
  return {width_, height_, std::move(pixels), false};
}

decode_state decode_image(const wire::display::image& from, decoded_image& to) {
  if (const auto* raw = std::get_if<bitmap>(&from.body);
      raw != nullptr && (raw->format == bitmap_format::rgb_32bit || raw->format == bitmap_format::rgba))
    return decode(*raw, to);
  if (!stands_alone(type_of(from))) return decode_state::unsupported;
  auto decoded = saffron::image::decode_image(from, pixel_limit);
  if (!decoded) return decode_state::malformed;
  to = decoded_image{decoded->width, decoded->height, std::move(decoded->pixels), false};
  return decode_state::done;
}

decode_state decode_frame(video_codec codec, std::span<const std::byte> data, decoded_image& to) {
  if (codec != video_codec::mjpeg) return decode_state::unsupported;
  auto decoded = saffron::image::jpeg_decode(data, pixel_limit);
  if (!decoded) return decode_state::malformed;
  to = decoded_image{decoded->width, decoded->height, std::move(decoded->pixels), false};
  return decode_state::done;
}

std::string_view name_of(image_type type) noexcept {
  switch (type) {
  case image_type::bitmap: return "bitmap";
  case image_type::quic: return "quic";
  case image_type::lz_plt: return "lz_plt";
  case image_type::lz_rgb: return "lz_rgb";
  case image_type::glz_rgb: return "glz_rgb";
  case image_type::from_cache: return "from_cache";
  case image_type::surface: return "surface";
  case image_type::jpeg: return "jpeg";
  case image_type::from_cache_lossless: return "from_cache_lossless";
  case image_type::zlib_glz_rgb: return "zlib_glz_rgb";
  case image_type::jpeg_alpha: return "jpeg_alpha";
  case image_type::lz4: return "lz4";
  }
  return "unknown";
}

} // namespace saffron::load
