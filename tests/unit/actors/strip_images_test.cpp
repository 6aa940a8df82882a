// SPDX-License-Identifier: BSD-3-Clause
#include "actors/strip_images.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

/// Strips of ten rows of this width.
patch strips(std::size_t count, std::int32_t width = 20) {
  patch out{{0, 0, width, static_cast<std::int32_t>(count) * 10}, {}};
  for (std::size_t i = 0; i < count; ++i) {
    auto p = std::make_shared<picture>();
    const auto top = static_cast<std::int32_t>(i) * 10;
    p->area = {0, top, width, top + 10};
    p->pixels = shared_bytes::copy_of(std::vector<std::byte>(p->area.area() * 4));
    out.strips.push_back(std::move(p));
  }
  return out;
}
encoded_form made(image_form form, std::size_t bytes = 50) {
  return {form, shared_bytes::copy_of(std::vector<std::byte>(bytes)), 0};
}

} // namespace

TEST_CASE("neighbours of LZ4 share an image, with one header") {
  const auto images =
      join_strips(strips(3), std::vector{made(image_form::lz4), made(image_form::lz4), made(image_form::lz4)});
  REQUIRE(images.size() == 1);
  CHECK(images[0].area == rect{0, 0, 20, 30});
  CHECK(images[0].bytes == 152);
  CHECK(images[0].payload.size() == 4);
}

TEST_CASE("forms that cannot be joined are images of their own, and cut those that can") {
  const auto images =
      join_strips(strips(5), std::vector{made(image_form::raw, 800), made(image_form::quic), made(image_form::quic),
                                         made(image_form::raw, 800), made(image_form::raw, 800)});
  REQUIRE(images.size() == 4);
  CHECK(images[1].area == rect{0, 10, 20, 20});
  CHECK(images[1].form == image_form::quic);
  CHECK(images[3].area == rect{0, 30, 20, 50});
  CHECK(images[3].payload.size() == 2);
}

TEST_CASE("LZ4 that became larger than its pixels travels raw") {
  const auto images = join_strips(strips(2), std::vector{made(image_form::lz4, 810), made(image_form::lz4, 810)});
  REQUIRE(images.size() == 1);
  CHECK(images[0].form == image_form::raw);
  CHECK(images[0].bytes == 1600);
}

TEST_CASE("GLZ is sent even when it is larger than its pixels, with all of its parts") {
  auto large = made(image_form::zlib_glz, 900);
  large.head = shared_bytes::copy_of(std::vector<std::byte>(40));
  large.tail = shared_bytes::copy_of(std::vector<std::byte>(4));
  large.glz_size = 1000;
  const auto from = strips(1);
  for (const auto& image :
       {join_strips(from, std::vector{large}).at(0), image_of({3, 4, 23, 14}, from.strips[0], large)}) {
    CHECK(image.form == image_form::zlib_glz);
    CHECK(image.payload.size() == 3);
    CHECK(image.payload[1].size() == 900);
    CHECK(image.bytes == 944);
    CHECK(std::get<wire::display::zlib_glz_rgb_image>(describe(image).body).glz_data_size == 1000);
  }
}

TEST_CASE("each form has its descriptor") {
  using t = wire::display::image_type;
  for (const auto& [form, type] : {std::pair{image_form::raw, t::bitmap},
                                   {image_form::lz4, t::lz4},
                                   {image_form::lz, t::lz_rgb},
                                   {image_form::quic, t::quic},
                                   {image_form::glz, t::glz_rgb},
                                   {image_form::zlib_glz, t::zlib_glz_rgb},
                                   {image_form::jpeg, t::jpeg},
                                   {image_form::coarse_jpeg, t::jpeg}}) {
    const auto images = join_strips(strips(1), std::vector{made(form)});
    const auto image = describe(images.at(0));
    CHECK(wire::display::type_of(image) == type);
    CHECK(image_type_of(form, image::bitmap_format::rgb_32bit) == type);
    CHECK(image.width == 20);
    CHECK(image.height == 10);
    CHECK_FALSE(to_string(form).empty());
  }
}

} // namespace saffron::actors
