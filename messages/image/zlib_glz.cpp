// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/zlib_glz.hpp"

#include <zlib.h>

#include <limits>

namespace saffron::image {

namespace {

/// What the reference server uses: more costs time that no slow network gives back.
constexpr int level = 3;
constexpr std::size_t least_bytes = 100;
/// Deflate codes at best 258 bytes in two bits.
constexpr std::size_t most_expansion = 1032;

/// zlib takes no const input, and does not write it.
Bytef* input_of(std::span<const std::byte> data) {
  return const_cast<Bytef*>(reinterpret_cast<const Bytef*>(data.data()));
}

} // namespace

std::optional<shared_bytes> zlib_glz_wrap(std::span<const std::byte> glz) {
  if (glz.size() < least_bytes || glz.size() > std::numeric_limits<uInt>::max()) return std::nullopt;
  z_stream stream{};
  if (deflateInit(&stream, level) != Z_OK) return std::nullopt;
  auto [bytes, out] = shared_bytes::make(glz.size() - 1);
  stream.next_in = input_of(glz);
  stream.avail_in = static_cast<uInt>(glz.size());
  stream.next_out = reinterpret_cast<Bytef*>(out);
  stream.avail_out = static_cast<uInt>(bytes.size());
  const auto code = deflate(&stream, Z_FINISH);
  const std::size_t size = stream.total_out;
  deflateEnd(&stream);
  if (code != Z_STREAM_END) return std::nullopt;
  return shared_bytes::copy_of(bytes.view().first(size));
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
