// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/quic.hpp"
#include "messages/image/quic_plane_decoder.hpp"

namespace saffron::image {

namespace quic {

namespace {

std::optional<bitmap_format> format_of(std::uint32_t type) {
  switch (static_cast<picture_type>(type)) {
  case picture_type::gray: return bitmap_format::alpha_8bit;
  case picture_type::rgb16: return bitmap_format::rgb_16bit;
  case picture_type::rgb24: return bitmap_format::rgb_24bit;
  case picture_type::rgb32: return bitmap_format::rgb_32bit;
  case picture_type::rgba: return bitmap_format::rgba;
  }
  return {};
}

/// Bits that no picture of this size does without: a code has one, the first row has no runs, nor have the first three
/// columns.
std::uint64_t least_bits(std::uint64_t width, std::uint64_t height) {
  return width + (height - 1) * std::min<std::uint64_t>(width, 3);
}
/// Bytes that are enough for every picture of so many pixels: four codes a pixel, a run's code before each of the two
/// planes' pixels, 136 bits together, and the end.
std::uint64_t most_bytes(std::uint64_t pixels) { return 20 * pixels + 8; }

/// Writes a row of colours in the format, with the alphas if it has any.
void pack(const std::uint32_t* colours, const std::uint8_t* alphas, bitmap_format format, std::uint32_t width,
          std::byte* to) {
  switch (format) {
  case bitmap_format::rgb_16bit:
    for (std::uint32_t x = 0; x < width; ++x) {
      const auto pixel =
          static_cast<std::uint16_t>((colours[x] & 31) | (colours[x] >> 3 & 31 << 5) | (colours[x] >> 6 & 31 << 10));
      std::memcpy(to + std::size_t{2} * x, &pixel, 2);
    }
    return;
  case bitmap_format::rgb_24bit:
    for (std::uint32_t x = 0; x < width; ++x) std::memcpy(to + std::size_t{3} * x, colours + x, 3);
    return;
  case bitmap_format::rgba:
    for (std::uint32_t x = 0; x < width; ++x) {
      const auto pixel = colours[x] | std::uint32_t{alphas[x]} << 24;
      std::memcpy(to + std::size_t{4} * x, &pixel, 4);
    }
    return;
  default: std::memcpy(to, colours, std::size_t{4} * width);
  }
}

template <unsigned Bits>
[[nodiscard]] bool decode_colours(bit_reader& in, bitmap& out) {
  const bool transparent = out.format == bitmap_format::rgba;
  plane_decoder<Bits, true> colours{out.width};
  plane_decoder<8, false> alphas{transparent ? out.width : 0};
  const auto size = row_bytes(out.format, out.width);
  for (auto* to = out.pixels.data(); to != out.pixels.data() + out.pixels.size(); to += size) {
    const auto* const colour = colours.decode_row(in);
    if (colour == nullptr) return false;
    const auto* const alpha = transparent ? alphas.decode_row(in) : nullptr;
    if (transparent && alpha == nullptr) return false;
    pack(colour, alpha, out.format, out.width, to);
  }
  return true;
}

[[nodiscard]] bool decode_gray(bit_reader& in, bitmap& out) {
  plane_decoder<8, false> values{out.width};
  for (auto* to = out.pixels.data(); to != out.pixels.data() + out.pixels.size(); to += out.width) {
    const auto* const row = values.decode_row(in);
    if (row == nullptr) return false;
    std::memcpy(to, row, out.width);
  }
  return true;
}

} // namespace

} // namespace quic

result<bitmap> quic_decode(std::span<const std::byte> data, std::uint64_t most_pixels) {
  using namespace quic;
  const fail refused{errc::codec_failed};
  std::array<std::uint32_t, header_words> header;
  if (data.size() < sizeof header || data.size() % 4 != 0) return refused;
  std::memcpy(header.data(), data.data(), sizeof header);
  const auto [first_word, number, type, width, height] = header;
  const auto format = format_of(type);
  if (first_word != magic || number != version || !format || width == 0 || height == 0) return refused;
  const auto pixels = std::uint64_t{width} * height;
  if (pixels > most_pixels_ever || pixels > most_pixels) return refused;
  const auto stream = data.subspan(sizeof header);
  if (stream.size() < least_bits(width, height) / 8) return refused;

  const read_buffer buffer{stream.first(std::min<std::uint64_t>(stream.size(), most_bytes(pixels) / 4 * 4))};
  bitmap out{.format = *format, .width = width, .height = height, .pixels = {}};
  out.pixels.resize(row_bytes(out.format, width) * height);
  auto in = buffer.begin();
  const bool good = out.format == bitmap_format::alpha_8bit  ? decode_gray(in, out)
                    : out.format == bitmap_format::rgb_16bit ? decode_colours<5>(in, out)
                                                             : decode_colours<8>(in, out);
  if (!good || !buffer.ends(in)) return refused;
  return out;
}

} // namespace saffron::image
