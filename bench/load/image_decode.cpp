// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/image_decode.hpp"

#include "messages/image/lz4.hpp"

#include <cstring>

namespace saffron::load {

using namespace wire::display;

namespace {

constexpr std::uint64_t pixel_limit = 64 * 1024 * 1024;

std::byte five_to_eight(unsigned v) { return static_cast<std::byte>(v << 3 | v >> 2); }

void expand_row(bitmap_format format, const std::byte* from, std::byte* to, std::uint32_t width) {
  for (std::uint32_t x = 0; x < width; ++x, to += 4) {
    if (format == bitmap_format::rgb_24bit) {
      std::memcpy(to, from, 3);
      from += 3;
      continue;
    }
    std::uint16_t v = 0;
    std::memcpy(&v, from, sizeof v);
    from += sizeof v;
    to[0] = five_to_eight(v & 31u);
    to[1] = five_to_eight(v >> 5 & 31u);
    to[2] = five_to_eight(v >> 10 & 31u);
  }
}

std::size_t bytes_per_pixel(bitmap_format format) {
  switch (format) {
  case bitmap_format::rgb_16bit: return 2;
  case bitmap_format::rgb_24bit: return 3;
  case bitmap_format::rgb_32bit:
  case bitmap_format::rgba: return 4;
  default: return 0;
  }
}

decode_state decode(const bitmap& from, decoded_image& to) {
  const auto depth = bytes_per_pixel(from.format);
  if (depth == 0) return decode_state::unsupported;
  if (from.stride < from.x * depth || std::uint64_t{from.x} * from.y > pixel_limit) return decode_state::malformed;
  if (from.y == 0) return decode_state::malformed;
  const bool bottom_up = (from.flags & bitmap_flags::top_down) == 0;
  const auto stride = static_cast<std::ptrdiff_t>(from.stride);
  const auto* top = bottom_up ? from.data.data() + stride * static_cast<std::ptrdiff_t>(from.y - 1) : from.data.data();
  const auto step = bottom_up ? -stride : stride;
  if (depth == 4) {
    to = decoded_image{from.x, from.y, top, step};
    return decode_state::done;
  }
  std::vector<std::byte> pixels(std::size_t{from.x} * from.y * 4);
  for (std::uint32_t y = 0; y < from.y; ++y)
    expand_row(from.format, top + step * static_cast<std::ptrdiff_t>(y), pixels.data() + std::size_t{y} * from.x * 4,
               from.x);
  to = decoded_image{from.x, from.y, std::move(pixels), false};
  return decode_state::done;
}

decode_state decode(const lz4_image& from, std::uint32_t width, std::uint32_t height, decoded_image& to) {
  if (from.data.size() < saffron::image::lz4_header.size()) return decode_state::malformed;
  if (std::uint64_t{width} * height > pixel_limit) return decode_state::malformed;
  if (from.data[1] != saffron::image::lz4_32bit) return decode_state::unsupported;
  const bool bottom_up = from.data[0] == std::byte{0};
  auto pixels = saffron::image::lz4_decode(from.data, std::size_t{width} * height * 4);
  if (!pixels) return decode_state::malformed;
  to = decoded_image{width, height, std::move(*pixels), bottom_up};
  return decode_state::done;
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
  if (const auto* raw = std::get_if<bitmap>(&from.body)) return decode(*raw, to);
  if (const auto* lz4 = std::get_if<lz4_image>(&from.body)) return decode(*lz4, from.width, from.height, to);
  return decode_state::unsupported;
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
