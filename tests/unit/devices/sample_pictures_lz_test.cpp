// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/sample_pictures.hpp"
#include "messages/image/lz.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace saffron;
using namespace saffron::image;
using namespace saffron::devices;

namespace {

constexpr int width = 1920, height = 1080;

bitmap sample(sample_kind kind) {
  return {bitmap_format::rgb_32bit, width, height, true, sample_picture(kind, width, height)};
}

std::size_t size_of(const bitmap& picture) {
  const auto data = lz_encode(picture.view());
  REQUIRE(data.has_value());
  const auto decoded = lz_decode(data->view(), std::size_t{width} * height);
  REQUIRE(decoded.has_value());
  CHECK((decoded->pixels == picture.pixels));
  return data->size();
}

} // namespace

TEST_CASE("the reference's desktop decodes to ours") {
  std::ifstream file("vectors/lz/lz_desktop1080_rgb32.bin", std::ios::binary);
  const std::vector<char> data{std::istreambuf_iterator<char>{file}, {}};
  const auto decoded = lz_decode(std::as_bytes(std::span{data}), std::size_t{width} * height);
  REQUIRE(decoded.has_value());
  CHECK((decoded->pixels == sample(sample_kind::desktop).pixels));
}

TEST_CASE("a desktop becomes smaller than the reference makes it, and so does a photo; noise does not grow") {
  CHECK(size_of(sample(sample_kind::desktop)) <= 217894);
  CHECK(size_of(sample(sample_kind::photo)) <= 5987395);
  CHECK(size_of(sample(sample_kind::noise)) <= 6285628);
}
