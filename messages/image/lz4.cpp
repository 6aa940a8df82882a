// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz4.hpp"

#include <lz4.h>

#include <algorithm>
#include <cstring>
#include <limits>

namespace saffron::image {

namespace {

constexpr std::size_t size_field = 4;

void put_big_endian(std::byte* out, std::uint32_t v) {
  for (int i = 0; i < 4; ++i) out[i] = static_cast<std::byte>(v >> (24 - 8 * i));
}

std::uint32_t get_big_endian(const std::byte* in) {
  std::uint32_t v = 0;
  for (int i = 0; i < 4; ++i) v = v << 8 | std::to_integer<std::uint32_t>(in[i]);
  return v;
}

bool has_lz4_image(bitmap_format format) { return format >= bitmap_format::rgb_16bit && format <= bitmap_format::rgba; }

/// What goes in front, then a block. `pixels` are neither none nor 2 GiB.
shared_bytes block_after(std::span<const std::byte> front, std::span<const std::byte> pixels) {
  const auto bound = LZ4_compressBound(static_cast<int>(pixels.size()));
  const auto before = front.size() + size_field;
  auto [whole, out] = shared_bytes::make(before + static_cast<std::size_t>(bound));
  std::ranges::copy(front, out);
  // As the beginning of a stream, though nothing follows: below 64 KiB, LZ4_compress_default has another table, with
  // which pictures of text take half as much time again and come out up to twice as large.
  LZ4_stream_t stream;
  LZ4_initStream(&stream, sizeof stream);
  const auto size =
      LZ4_compress_fast_continue(&stream, reinterpret_cast<const char*>(pixels.data()),
                                 reinterpret_cast<char*>(out + before), static_cast<int>(pixels.size()), bound, 1);
  put_big_endian(out + front.size(), static_cast<std::uint32_t>(size));
  const auto used = before + static_cast<std::size_t>(size);
  // The bound is far larger than what a desktop compresses to; keeping it would hold the difference for every client.
  return used > whole.size() / 4 * 3 ? whole.part(0, used) : shared_bytes::copy_of(whole.view().first(used));
}

std::vector<std::byte> packed(const bitmap_view& from) {
  const auto row = row_bytes(from.format, from.width);
  std::vector<std::byte> out;
  out.reserve(row * from.height);
  for (std::uint32_t y = 0; y < from.height; ++y) out.insert(out.end(), from.row(y), from.row(y) + row);
  return out;
}

/// Blocks only, until they end.
result<std::vector<std::byte>> decode_blocks(std::span<const std::byte> data, std::size_t pixel_bytes) {
  // A byte of a block stands for 255 at most: a size cannot make us take memory that the data will not fill.
  constexpr std::size_t best_ratio = 255;
  constexpr std::size_t int_max = std::numeric_limits<int>::max();
  if (pixel_bytes / best_ratio > data.size()) return fail{errc::codec_failed};
  std::vector<std::byte> pixels(pixel_bytes);
  std::size_t done = 0;
  while (!data.empty()) {
    if (data.size() < size_field) return fail{errc::codec_failed};
    const std::size_t size = get_big_endian(data.data());
    if (size > std::min(data.size() - size_field, int_max)) return fail{errc::codec_failed};
    // History is what was decoded before, at most 64 KiB of it.
    const auto history = std::min<std::size_t>(done, 64 * 1024);
    const auto n = LZ4_decompress_safe_usingDict(
        reinterpret_cast<const char*>(data.data() + size_field), reinterpret_cast<char*>(pixels.data() + done),
        static_cast<int>(size), static_cast<int>(std::min(pixels.size() - done, int_max)),
        reinterpret_cast<const char*>(pixels.data() + done - history), static_cast<int>(history));
    if (n < 0) return fail{errc::codec_failed};
    done += static_cast<std::size_t>(n);
    data = data.subspan(size_field + size);
  }
  if (done != pixel_bytes) return fail{errc::codec_failed};
  return pixels;
}

} // namespace

shared_bytes lz4_block(std::span<const std::byte> pixels) {
  if (pixels.empty()) return {};
  return block_after({}, pixels);
}

result<shared_bytes> lz4_encode(const bitmap_view& from) {
  const auto row = row_bytes(from.format, from.width);
  if (!has_lz4_image(from.format) || !from.whole() || row > LZ4_MAX_INPUT_SIZE / from.height)
    return fail{errc::codec_failed};
  const std::array header{std::byte{from.top_down}, static_cast<std::byte>(from.format)};
  if (from.packed()) return block_after(header, from.pixels.first(row * from.height));
  return block_after(header, packed(from));
}

result<bitmap> lz4_decode(std::span<const std::byte> data, std::uint32_t width, std::uint32_t height) {
  if (data.size() < lz4_header.size() || data[0] > std::byte{1} || width == 0 || height == 0)
    return fail{errc::codec_failed};
  const auto format = static_cast<bitmap_format>(data[1]);
  const auto row = row_bytes(format, width);
  if (!has_lz4_image(format) || row > std::numeric_limits<std::size_t>::max() / height) return fail{errc::codec_failed};
  auto pixels = decode_blocks(data.subspan(lz4_header.size()), row * height);
  if (!pixels) return fail{pixels.error()};
  return bitmap{format, width, height, data[0] == std::byte{1}, std::move(*pixels)};
}

result<std::vector<std::byte>> lz4_decode(std::span<const std::byte> data, std::size_t pixel_bytes) {
  if (data.size() < lz4_header.size() || data[0] > std::byte{1} || data[1] != lz4_32bit)
    return fail{errc::codec_failed};
  return decode_blocks(data.subspan(lz4_header.size()), pixel_bytes);
}

} // namespace saffron::image
