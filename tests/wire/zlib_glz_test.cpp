// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/glz_encode.hpp"
#include "messages/image/zlib_glz.hpp"
#include "tests/wire/glz_pictures.hpp"
#include "tests/wire/vectors.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::image;
using namespace saffron::test;

namespace {

constexpr std::size_t ample = 1u << 20;
constexpr std::size_t header_size = 33;

/// The whole stream; empty if it is not worth it.
pixels wrapped_of(std::span<const std::byte> glz) {
  const auto payload = glz.subspan(header_size);
  const auto deflated = glz_deflate(payload);
  if (!deflated) return {};
  const auto ends = zlib_glz_around(*deflated, glz.first(header_size), payload.size());
  pixels all;
  for (const auto part : {ends.head.view(), deflated->data.view(), ends.tail.view()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

shared_bytes encoded(content what) {
  std::mt19937 random{1};
  auto window = window_of(ample);
  return glz_encode(*window.allot(picture_of(random, what, bitmap_format::rgb_32bit, 60, 40)));
}

} // namespace

TEST_CASE("every ZLIB_GLZ vector decodes to its pixels") {
  glz_client_window client{ample};
  std::size_t count = 0;
  for (const auto& entry : vectors_of("zlib_glz")) {
    CAPTURE(entry.name());
    CHECK(entry.get<std::size_t>("order") == count);
    const auto data = entry.payload();
    CHECK(data.size() == entry.get<std::size_t>("data_size"));
    const auto glz = zlib_glz_unwrap(data, entry.get<std::uint32_t>("glz_data_size"), ample);
    REQUIRE(glz.has_value());
    const auto picture = client.decode(glz->view());
    REQUIRE(picture.has_value());
    const auto raw = entry.raw();
    CHECK(same(picture_of(raw.format, raw.width, raw.height, raw.pixels, 0, raw.top_down), **picture));
    ++count;
  }
  CHECK(count == 4);
}

TEST_CASE("what was wrapped unwraps to itself and to nothing else") {
  const auto glz = encoded(content::text);
  const auto size = static_cast<std::uint32_t>(glz.size());
  const auto wrapped = wrapped_of(glz.view());
  REQUIRE(!wrapped.empty());
  CHECK(wrapped.size() < glz.size());
  const auto back = zlib_glz_unwrap(wrapped, size, size);
  REQUIRE(back.has_value());
  CHECK(std::equal(back->view().begin(), back->view().end(), glz.view().begin(), glz.view().end()));
  CHECK_FALSE(zlib_glz_unwrap(wrapped, size - 1, ample).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped, size + 1, ample).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped, size, size - 1).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped, 0, ample).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped, 0xffffffff, 0xffffffff).has_value());
}

TEST_CASE("small images, and those that would not become smaller, are not wrapped") {
  CHECK_FALSE(glz_deflate({}).has_value());
  CHECK(glz_deflate(pixels(100)).has_value());
  CHECK_FALSE(glz_deflate(pixels(99)).has_value());
  CHECK(wrapped_of(encoded(content::noise).view()).empty());
}

TEST_CASE("a stream that was cut short, damaged, or is followed by anything is refused") {
  const auto glz = encoded(content::text);
  const auto size = static_cast<std::uint32_t>(glz.size());
  const auto wrapped = wrapped_of(glz.view());
  for (std::size_t cut = 0; cut < wrapped.size(); ++cut) {
    CAPTURE(cut);
    CHECK_FALSE(zlib_glz_unwrap(std::span{wrapped}.first(cut), size, ample).has_value());
  }
  auto longer = wrapped;
  longer.push_back({});
  CHECK_FALSE(zlib_glz_unwrap(longer, size, ample).has_value());
  const auto damaged = [&](std::size_t at) {
    auto broken = wrapped;
    broken[at] ^= std::byte{1};
    return !zlib_glz_unwrap(broken, size, ample).has_value();
  };
  CHECK(damaged(wrapped.size() - 1)); // the checksum
  CHECK(damaged(7));                  // the header that it covers
}
