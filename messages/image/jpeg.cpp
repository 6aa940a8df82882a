// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/jpeg.hpp"

#include "messages/image/convert.hpp"

#include <turbojpeg.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>

namespace saffron::image {

namespace {

struct codec_deleter {
  void operator()(void* codec) const noexcept { tjDestroy(codec); }
};
using codec = std::unique_ptr<void, codec_deleter>;

const unsigned char* chars(const std::byte* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }
unsigned char* chars(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }

std::optional<TJPF> pixel_format(bitmap_format format) {
  switch (format) {
  case bitmap_format::rgb_24bit: return TJPF_BGR;
  case bitmap_format::rgb_32bit:
  case bitmap_format::rgba: return TJPF_BGRX;
  default: return std::nullopt;
  }
}

/// In storage for the worst case: a view of what is used is to be copied.
struct raw_jpeg {
  std::unique_ptr<unsigned char[]> storage;
  std::size_t size = 0;
  [[nodiscard]] std::span<const std::byte> view() const { return std::as_bytes(std::span{storage.get(), size}); }
};

result<raw_jpeg> encode(const bitmap_view& from, int quality, jpeg_chroma chroma) {
  if (!from.whole()) return fail{errc::codec_failed};
  if (from.format == bitmap_format::rgb_16bit) {
    const auto expanded = to_rgb32(from);
    return expanded ? encode(expanded->view(), quality, chroma) : fail{expanded.error()};
  }
  const auto format = pixel_format(from.format);
  constexpr auto int_max = static_cast<std::size_t>(std::numeric_limits<int>::max());
  constexpr std::uint32_t side_max = 65500; // libjpeg's JPEG_MAX_DIMENSION
  if (!format || quality < 1 || quality > 100 || from.width > side_max || from.height > side_max ||
      from.stride > int_max)
    return fail{errc::codec_failed};
  // One for each thread: making one costs a tenth of what a small picture does. Nothing of a picture stays in it.
  thread_local const codec compressor{tjInitCompress()};
  if (!compressor) return fail{errc::codec_failed};

  const auto subsampling = chroma == jpeg_chroma::shared_by_four ? TJSAMP_420 : TJSAMP_444;
  const auto width = static_cast<int>(from.width), height = static_cast<int>(from.height);
  auto size = tjBufSize(width, height, subsampling);
  raw_jpeg to{std::make_unique_for_overwrite<unsigned char[]>(size), 0};
  auto* out = to.storage.get();
  // The accurate DCT is as fast as the other, which has older vector code.
  const auto flags = TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT | (from.top_down ? 0 : TJFLAG_BOTTOMUP);
  if (tjCompress2(compressor.get(), chars(from.pixels.data()), width, static_cast<int>(from.stride), height, *format,
                  &out, &size, subsampling, quality, flags) != 0)
    return fail{errc::codec_failed};
  to.size = size;
  return to;
}

/// SOI in front, EOI at the end: libjpeg does without the latter, and so with what follows it; clients do not.
bool enclosed(std::span<const std::byte> data) {
  constexpr std::byte mark{0xff}, start{0xd8}, end{0xd9};
  return data.size() > 4 && data[0] == mark && data[1] == start && data[data.size() - 2] == mark && data.back() == end;
}

void clear_pads(std::span<std::byte> pixels) {
  for (std::size_t i = 3; i < pixels.size(); i += 4) pixels[i] = std::byte{0};
}

} // namespace

result<shared_bytes> jpeg_encode(const bitmap_view& from, int quality, jpeg_chroma chroma) {
  const auto made = encode(from, quality, chroma);
  if (!made) return fail{made.error()};
  return shared_bytes::copy_of(made->view());
}

result<jpeg_with_alpha> jpeg_alpha_encode(const bitmap_view& rgba, int quality, jpeg_chroma chroma,
                                          std::span<const std::byte> alpha) {
  if (rgba.format != bitmap_format::rgba) return fail{errc::codec_failed};
  const auto made = encode(rgba, quality, chroma);
  if (!made) return fail{made.error()};
  auto [data, out] = shared_bytes::make(made->size + alpha.size());
  out = std::ranges::copy(made->view(), out).out;
  std::ranges::copy(alpha, out);
  return jpeg_with_alpha{std::move(data), made->size};
}

result<bitmap> jpeg_decode(std::span<const std::byte> data, std::uint64_t most_pixels) {
  if (!enclosed(data)) return fail{errc::codec_failed};
  // A new one each time: tables of earlier pictures would stay in it and make sense of files that have none.
  const codec decompressor{tjInitDecompress()};
  int width = 0, height = 0, subsampling = 0, colorspace = 0;
  if (!decompressor || tjDecompressHeader3(decompressor.get(), chars(data.data()), data.size(), &width, &height,
                                           &subsampling, &colorspace) != 0)
    return fail{errc::codec_failed};
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  // Every block of 64 pixels has a Huffman code, of at least a bit: a header cannot make us take memory for more.
  // (Arithmetic coding may need less; clients decode it, nobody sends it.)
  constexpr std::size_t pixels_per_byte = std::size_t{64} * 8;
  if (pixels > most_pixels || pixels / pixels_per_byte > data.size()) return fail{errc::codec_failed};

  bitmap to{bitmap_format::rgb_32bit, static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), true, {}};
  to.pixels.resize(pixels * 4);
  constexpr int flags = TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
  if (tjDecompress2(decompressor.get(), chars(data.data()), data.size(), chars(to.pixels.data()), width, 0, height,
                    TJPF_BGRX, flags) != 0)
    return fail{errc::codec_failed};
  clear_pads(to.pixels);
  return to;
}

result<bitmap> with_alpha(bitmap colors, const bitmap_view& alpha) {
  if (colors.format != bitmap_format::rgb_32bit || !colors.top_down || !colors.view().whole() ||
      alpha.format != bitmap_format::alpha_8bit || !alpha.whole() || alpha.width != colors.width ||
      alpha.height != colors.height)
    return fail{errc::codec_failed};
  auto* to = colors.pixels.data() + 3;
  for (std::uint32_t y = 0; y < alpha.height; ++y) {
    const auto* from = alpha.row(alpha.top_down ? y : alpha.height - 1 - y);
    for (std::uint32_t x = 0; x < alpha.width; ++x, to += 4) *to = from[x];
  }
  colors.format = bitmap_format::rgba;
  return colors;
}

} // namespace saffron::image
