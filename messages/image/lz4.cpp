// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/lz4.hpp"

#include <lz4.h>

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

} // namespace

shared_bytes lz4_block(std::span<const std::byte> pixels) {
  if (pixels.empty()) return {};
  const auto bound = LZ4_compressBound(static_cast<int>(pixels.size()));
  auto [block, out] = shared_bytes::make(size_field + static_cast<std::size_t>(bound));
  const auto size =
      LZ4_compress_default(reinterpret_cast<const char*>(pixels.data()), reinterpret_cast<char*>(out + size_field),
                           static_cast<int>(pixels.size()), bound);
  put_big_endian(out, static_cast<std::uint32_t>(size));
  // The bound is far larger than what a desktop compresses to; keeping it would hold the difference for every client.
  return shared_bytes::copy_of(block.view().first(size_field + static_cast<std::size_t>(size)));
}

result<std::vector<std::byte>> lz4_decode(std::span<const std::byte> data, std::size_t pixel_bytes) {
  if (data.size() < lz4_header.size() || data[1] != lz4_32bit) return fail{errc::codec_failed};
  std::vector<std::byte> pixels(pixel_bytes);
  std::size_t done = 0;
  for (data = data.subspan(lz4_header.size()); !data.empty();) {
    if (data.size() < size_field) return fail{errc::codec_failed};
    const std::size_t size = get_big_endian(data.data());
    if (size > data.size() - size_field) return fail{errc::codec_failed};
    // History is what was decoded before, at most 64 KiB of it.
    const auto history = std::min<std::size_t>(done, 64 * 1024);
    const auto n = LZ4_decompress_safe_usingDict(
        reinterpret_cast<const char*>(data.data() + size_field), reinterpret_cast<char*>(pixels.data() + done),
        static_cast<int>(size), static_cast<int>(pixels.size() - done),
        reinterpret_cast<const char*>(pixels.data() + done - history), static_cast<int>(history));
    if (n < 0) return fail{errc::codec_failed};
    done += static_cast<std::size_t>(n);
    data = data.subspan(size_field + size);
  }
  if (done != pixel_bytes) return fail{errc::codec_failed};
  return pixels;
}

} // namespace saffron::image
