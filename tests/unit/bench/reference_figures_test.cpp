// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/codec_table.hpp"
#include "bench/codecs/pictures.hpp"
#include "bench/codecs/reference_figures.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <tuple>

using namespace saffron;
using namespace saffron::codecs;
using image::bitmap_format;

TEST_CASE("every picture has the same figures, and each but once") {
  std::set<std::tuple<std::string_view, std::string_view, bitmap_format>> seen;
  for (const auto& f : reference_figures()) {
    CAPTURE(f.codec);
    CHECK(seen.insert({f.picture, f.codec, f.source}).second);
    CHECK(f.bytes > 0);
    CHECK(f.encode_speed > 0);
    for (const auto& [name, kind] : sample_names) CHECK(reference_of(name, f.codec, f.source) != nullptr);
  }
  CHECK(seen.size() % sample_names.size() == 0);
}

TEST_CASE("every codec of the table has a figure to stand beside") {
  for (const auto& c : all_codecs()) {
    CAPTURE(c.name);
    CHECK(reference_of("photo-gradient", c.name, c.source) != nullptr);
  }
}

TEST_CASE("a figure is found by picture, codec and source") {
  const auto* found = reference_of("photo-gradient", "QUIC", bitmap_format::rgb_24bit);
  REQUIRE(found != nullptr);
  CHECK(found->bytes == 2211908);
  CHECK(found->encode_speed == 225);
  CHECK(reference_of("photo-gradient", "QUIC", bitmap_format::indexed_8bit) == nullptr);
  CHECK(reference_of("photo", "QUIC", bitmap_format::rgb_24bit) == nullptr);
  CHECK(reference_of("noise", "PNG", bitmap_format::rgb_24bit) == nullptr);
}
