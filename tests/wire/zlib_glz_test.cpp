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

shared_bytes encoded(content what) {
  std::mt19937 random{1};
  glz_window window{ample};
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
  const auto wrapped = zlib_glz_wrap(glz.view());
  REQUIRE(wrapped.has_value());
  CHECK(wrapped->size() < glz.size());
  const auto back = zlib_glz_unwrap(wrapped->view(), size, size);
  REQUIRE(back.has_value());
  CHECK(std::equal(back->view().begin(), back->view().end(), glz.view().begin(), glz.view().end()));
  CHECK_FALSE(zlib_glz_unwrap(wrapped->view(), size - 1, ample).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped->view(), size + 1, ample).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped->view(), size, size - 1).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped->view(), 0, ample).has_value());
  CHECK_FALSE(zlib_glz_unwrap(wrapped->view(), 0xffffffff, 0xffffffff).has_value());
}

TEST_CASE("small images, and those that would not become smaller, are not wrapped") {
  const auto text = encoded(content::text);
  CHECK_FALSE(zlib_glz_wrap({}).has_value());
  CHECK(zlib_glz_wrap(pixels(100)).has_value());
  CHECK_FALSE(zlib_glz_wrap(pixels(99)).has_value());
  CHECK_FALSE(zlib_glz_wrap(encoded(content::noise).view()).has_value());
}

TEST_CASE("a stream that was cut short, damaged, or is followed by anything is refused") {
  const auto glz = encoded(content::text);
  const auto size = static_cast<std::uint32_t>(glz.size());
  const auto wrapped = *zlib_glz_wrap(glz.view());
  for (std::size_t cut = 0; cut < wrapped.size(); ++cut) {
    CAPTURE(cut);
    CHECK_FALSE(zlib_glz_unwrap(wrapped.view().first(cut), size, ample).has_value());
  }
  pixels longer{wrapped.view().begin(), wrapped.view().end()};
  longer.push_back({});
  CHECK_FALSE(zlib_glz_unwrap(longer, size, ample).has_value());
  longer.pop_back();
  longer.back() ^= std::byte{1}; // the checksum
  CHECK_FALSE(zlib_glz_unwrap(longer, size, ample).has_value());
}
