// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/codec_table.hpp"

#include "messages/image/glz_decode.hpp"
#include "messages/image/glz_encode.hpp"
#include "messages/image/glz_index.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/lz.hpp"
#include "messages/image/lz4.hpp"
#include "messages/image/quic.hpp"
#include "messages/image/zlib_glz.hpp"

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

/// spice-gtk's largest window.
constexpr std::uint32_t window_pixels = 16 * 1024 * 1024;

shared_bytes joined(std::initializer_list<shared_bytes> parts) {
  std::vector<std::byte> all;
  for (const auto& p : parts) all.insert(all.end(), p.view().begin(), p.view().end());
  return shared_bytes::copy_of(all);
}

/// A dictionary and a picture for it.
struct dictionary {
  explicit dictionary(const bitmap_view& from) {
    shown.format = from.format;
    shown.width = from.width;
    shown.height = from.height;
    shown.top_down = from.top_down;
    shown.pixels = shared_bytes::copy_of(from.pixels.first(image::row_bytes(from.format, from.width) * from.height));
  }
  image::glz_job next() {
    ++shown.id;
    return *window.allot(shown);
  }

  image::glz_picture shown;
  std::shared_ptr<image::glz::index> seen = std::make_shared<image::glz::index>();
  image::glz_window window{window_pixels, seen};
};

shared_bytes glz(const image::glz_job& job) { return joined({image::glz_header(job), image::glz_payload(job)}); }

/// The window is empty each time.
encoding first_glz(const bitmap_view& from) {
  auto known = std::make_shared<dictionary>(from);
  return [known]() -> result<payload> {
    *known->seen = {};
    known->window = image::glz_window{window_pixels, known->seen};
    return payload{glz(known->next())};
  };
}

/// The same picture was encoded just before.
encoding glz_again(const bitmap_view& from) {
  auto known = std::make_shared<dictionary>(from);
  (void)glz(known->next());
  return [known]() -> result<payload> { return payload{glz(known->next())}; };
}

encoding first_zlib_glz(const bitmap_view& from) {
  auto known = std::make_shared<dictionary>(from);
  return [known]() -> result<payload> {
    *known->seen = {};
    known->window = image::glz_window{window_pixels, known->seen};
    const auto job = known->next();
    const auto header = image::glz_header(job), body = image::glz_payload(job);
    const auto deflated = image::glz_deflate(body.view());
    if (!deflated) return payload{joined({header, body})};
    const auto ends = image::zlib_glz_around(*deflated, header.view(), body.size());
    return payload{joined({ends.head, deflated->data, ends.tail}), header.size() + body.size()};
  };
}

result<image::bitmap> glz_back(const payload& from, std::uint32_t, std::uint32_t) {
  image::glz_client_window window{most_pixels};
  return window.decode(from.data.view()).map([](const auto& shown) { return *shown; });
}

result<image::bitmap> zlib_glz_back(const payload& from, std::uint32_t width, std::uint32_t height) {
  if (from.inner_size == 0) return glz_back(from, width, height);
  const auto inner =
      image::zlib_glz_unwrap(from.data.view(), static_cast<std::uint32_t>(from.inner_size), from.inner_size);
  if (!inner) return fail{inner.error()};
  return glz_back({*inner}, width, height);
}

} // namespace

std::vector<codec> all_codecs() {
  return {
      {"LZ4", bitmap_format::rgb_32bit, each_time(image::lz4_encode), lz4_back},
      {"LZ4", bitmap_format::rgb_16bit, each_time(image::lz4_encode), lz4_back},
      {"LZ", bitmap_format::rgb_32bit, each_time(image::lz_encode), of_data(image::lz_decode)},
      {"LZ", bitmap_format::rgb_16bit, each_time(image::lz_encode), of_data(image::lz_decode)},
      {"GLZ", bitmap_format::rgb_32bit, first_glz, glz_back},
      {"GLZ", bitmap_format::rgb_16bit, first_glz, glz_back},
      {"GLZ again", bitmap_format::rgb_32bit, glz_again, {}},
      {"ZLIB_GLZ", bitmap_format::rgb_32bit, first_zlib_glz, zlib_glz_back},
      {"QUIC", bitmap_format::rgb_32bit, each_time(image::quic_encode), of_data(image::quic_decode)},
      {"QUIC", bitmap_format::rgb_16bit, each_time(image::quic_encode), of_data(image::quic_decode)},
      {"JPEG q85", bitmap_format::rgb_32bit, each_time(jpeg), of_data(image::jpeg_decode), true},
  };
}

} // namespace saffron::codecs
