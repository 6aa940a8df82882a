// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/decode.hpp"

#include "messages/image/convert.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/lz.hpp"
#include "messages/image/lz4.hpp"
#include "messages/image/quic.hpp"

namespace saffron::image {

namespace {

namespace display = wire::display;

constexpr std::size_t bytes_per_pixel = 4;

class decoder {
public:
  decoder(const display::image& whole, std::uint64_t most_pixels) : whole_(whole), most_pixels_(most_pixels) {}

  result<bitmap> operator()(const display::bitmap& raw) const {
    const bitmap_view pixels{raw.format, raw.x, raw.y, raw.stride, (raw.flags & display::bitmap_flags::top_down) != 0,
                             raw.data};
    return in_colors(pixels, raw.palette);
  }
  result<bitmap> operator()(const display::quic_image& quic) const {
    return plain(quic_decode(quic.data, most_pixels_));
  }
  result<bitmap> operator()(const display::lz_rgb_image& lz) const { return plain(lz_decode(lz.data, most_pixels_)); }
  result<bitmap> operator()(const display::lz_plt_image& lz) const {
    const auto indices = lz_decode(lz.data, most_pixels_);
    if (!indices) return fail{indices.error()};
    return in_colors(indices->view(), lz.palette);
  }
  result<bitmap> operator()(const display::lz4_image& lz4) const {
    if (std::uint64_t{whole_.width} * whole_.height > most_pixels_) return fail{errc::codec_failed};
    return plain(lz4_decode(lz4.data, whole_.width, whole_.height));
  }
  result<bitmap> operator()(const display::jpeg_image& jpeg) const { return jpeg_decode(jpeg.data, bytes()); }
  result<bitmap> operator()(const display::jpeg_alpha_image& both) const {
    if (both.jpeg_size > both.data.size()) return fail{errc::codec_failed};
    return jpeg_decode(both.data.first(both.jpeg_size), bytes());
  }
  template <class Other>
  result<bitmap> operator()(const Other&) const {
    return fail{errc::codec_failed};
  }

private:
  [[nodiscard]] std::size_t bytes() const { return most_pixels_ * bytes_per_pixel; }

  static result<bitmap> plain(const result<bitmap>& decoded) {
    if (!decoded) return fail{decoded.error()};
    return to_rgb32(decoded->view());
  }
  result<bitmap> in_colors(const bitmap_view& pixels, const display::any_palette& colors) const {
    if (std::uint64_t{pixels.width} * pixels.height > most_pixels_) return fail{errc::codec_failed};
    if (!is_indexed(pixels.format)) return to_rgb32(pixels);
    const auto* palette = std::get_if<display::palette>(&colors);
    if (palette == nullptr) return fail{errc::codec_failed};
    return to_rgb32(pixels, palette->entries);
  }

  const display::image& whole_;
  std::uint64_t most_pixels_;
};

} // namespace

result<bitmap> decode_image(const display::image& from, std::uint64_t most_pixels) {
  auto decoded = std::visit(decoder{from, most_pixels}, from.body);
  if (decoded && (decoded->width != from.width || decoded->height != from.height)) return fail{errc::codec_failed};
  return decoded;
}

} // namespace saffron::image
