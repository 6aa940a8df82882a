// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/zlib_glz.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace saffron::image {

namespace {

/// What the reference server uses: more costs time that no slow network gives back.
constexpr int level = 3;
constexpr std::size_t least_bytes = 100;
/// zlib's own defaults.
constexpr int window_bits = 15, memory_level = 8;
/// Of a stream around its blocks: two bytes before them, five of the stored block, and the checksum.
constexpr std::size_t adler_bytes = 4, stream_bytes = 2 + 5 + adler_bytes;
constexpr uLong empty_adler = 1;
/// Deflate codes at best 258 bytes in two bits.
constexpr std::size_t most_expansion = 1032;

/// zlib takes no const input, and does not write it.
Bytef* input_of(std::span<const std::byte> data) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
}

} // namespace

std::optional<glz_deflated> glz_deflate(std::span<const std::byte> payload) {
  if (payload.size() < least_bytes || payload.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  z_stream stream{};
  if (deflateInit2(&stream, level, Z_DEFLATED, -window_bits, memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
    return std::nullopt;
  auto [bytes, out] = shared_bytes::make(payload.size() - stream_bytes - 1);
  stream.next_in = input_of(payload);
  stream.avail_in = static_cast<uInt>(payload.size());
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = static_cast<uInt>(bytes.size());
  const auto code = deflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  deflateEnd(&stream);
  if (code != Z_STREAM_END) return std::nullopt;
  const auto adler = ::adler32(empty_adler, input_of(payload), static_cast<uInt>(payload.size()));
  return glz_deflated{shared_bytes::copy_of(bytes.view().first(size)), static_cast<std::uint32_t>(adler)};
}

zlib_glz_ends zlib_glz_around(const glz_deflated& deflated, std::span<const std::byte> header,
                              std::size_t payload_size) {
  auto [head, out] = shared_bytes::make(stream_bytes - adler_bytes + header.size());
  auto put = [to = out](std::size_t value) mutable { *to++ = static_cast<std::byte>(value); };
  put(0x78); // deflate with a window of 32 KiB
  put(0x01); // no dictionary; a fast level; the two bytes are a multiple of 31
  put(0);    // not the last block, stored
  const auto size = header.size();
  for (const auto word : {size, ~size}) {
    put(word & 0xff);
    put(word >> 8 & 0xff);
  }
  std::copy(header.begin(), header.end(), out + stream_bytes - adler_bytes);
  auto adler = ::adler32(empty_adler, input_of(header), static_cast<uInt>(header.size()));
  adler = ::adler32_combine(adler, deflated.adler, static_cast<z_off_t>(payload_size));
  auto [tail, end] = shared_bytes::make(adler_bytes);
  for (std::size_t i = 0; i < adler_bytes; ++i) end[i] = static_cast<std::byte>(adler >> (24 - 8 * i));
  return {std::move(head), std::move(tail)};
}

result<shared_bytes> zlib_glz_unwrap(std::span<const std::byte> data, std::uint32_t glz_size, std::size_t most_bytes) {
  if (glz_size == 0 || glz_size > most_bytes || glz_size / most_expansion > data.size())
    return fail{errc::codec_failed};
  if (data.size() > std::numeric_limits<uInt>::max()) return fail{errc::codec_failed};
  z_stream stream{};
  stream.next_in = input_of(data);
  stream.avail_in = static_cast<uInt>(data.size());
  if (inflateInit(&stream) != Z_OK) return fail{errc::codec_failed};
  auto [bytes, out] = shared_bytes::make(glz_size);
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = glz_size;
  const auto code = inflate(&stream, Z_FINISH);
  const bool all = code == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
  inflateEnd(&stream);
  if (!all) return fail{errc::codec_failed};
  return bytes;
}

} // namespace saffron::image
