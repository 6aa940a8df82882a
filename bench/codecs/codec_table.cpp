// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/codec_table.hpp"

#include "messages/image/jpeg.hpp"
#include "messages/image/lz.hpp"
#include "messages/image/lz4.hpp"
#include "messages/image/quic.hpp"

#include <utility>

namespace saffron::codecs {

namespace {

using image::bitmap_format;
using image::bitmap_view;

/// Enough for every sample.
constexpr std::uint64_t most_pixels = 64 * 1024 * 1024;
/// The reference's.
constexpr int jpeg_quality = 85;

/// An encoder that remembers nothing.
auto each_time(std::function<result<shared_bytes>(const bitmap_view&)> encode) {
  return [encode = std::move(encode)](const bitmap_view& from) -> encoding {
    return [encode, from]() -> result<payload> {
      return encode(from).map([](shared_bytes data) { return payload{std::move(data)}; });
    };
  };
}

/// A decoder that finds the size in the data.
auto of_data(result<image::bitmap> (*decode)(std::span<const std::byte>, std::uint64_t)) {
  return [decode](const payload& from, std::uint32_t, std::uint32_t) { return decode(from.data.view(), most_pixels); };
}

result<shared_bytes> jpeg(const bitmap_view& from) { return image::jpeg_encode(from, jpeg_quality); }

result<image::bitmap> lz4_back(const payload& from, std::uint32_t width, std::uint32_t height) {
  return image::lz4_decode(from.data.view(), width, height);
}

} // namespace

std::vector<codec> all_codecs() {
  return {
      {"LZ4", bitmap_format::rgb_32bit, each_time(image::lz4_encode), lz4_back},
      {"LZ4", bitmap_format::rgb_16bit, each_time(image::lz4_encode), lz4_back},
      {"LZ", bitmap_format::rgb_32bit, each_time(image::lz_encode), of_data(image::lz_decode)},
      {"LZ", bitmap_format::rgb_16bit, each_time(image::lz_encode), of_data(image::lz_decode)},
      {"QUIC", bitmap_format::rgb_32bit, each_time(image::quic_encode), of_data(image::quic_decode)},
      {"QUIC", bitmap_format::rgb_16bit, each_time(image::quic_encode), of_data(image::quic_decode)},
      {"JPEG q85", bitmap_format::rgb_32bit, each_time(jpeg), of_data(image::jpeg_decode), true},
  };
}

} // namespace saffron::codecs
