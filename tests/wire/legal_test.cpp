// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/legal.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::image;
using t = image_type;
using f = bitmap_format;

namespace {
constexpr decoder_abilities viewer{.lz4 = true, .alpha = true, .glz_window = 1 << 20, .browser = false};
constexpr decoder_abilities browser{.lz4 = false, .alpha = false, .glz_window = 0, .browser = true};
} // namespace

TEST_CASE("nothing that makes a viewer abort is legal") {
  CHECK_FALSE(decodes(viewer, t::bitmap, f::le_1bit));
  CHECK_FALSE(decodes(viewer, t::bitmap, f::le_4bit));
  CHECK_FALSE(decodes(viewer, t::lz4, f::alpha_8bit));
  CHECK_FALSE(decodes(viewer, t::lz4, f::indexed_8bit));
  CHECK_FALSE(decodes(viewer, t::quic, f::alpha_8bit));
  CHECK_FALSE(decodes(viewer, t::glz_rgb, f::alpha_8bit));
  CHECK_FALSE(decodes(viewer, t::jpeg, f::rgba));
  CHECK_FALSE(decodes(viewer, t::jpeg_alpha, f::rgb_32bit));
  CHECK_FALSE(decodes(viewer, t::lz_rgb, f::indexed_8bit));
  CHECK_FALSE(decodes(viewer, t::lz_plt, f::rgb_32bit));
  for (const auto type :
       {t::bitmap, t::quic, t::lz_plt, t::lz_rgb, t::glz_rgb, t::jpeg, t::zlib_glz_rgb, t::jpeg_alpha, t::lz4})
    CHECK_FALSE(decodes(viewer, type, f::invalid));
}

TEST_CASE("a client gets only what it has told that it can") {
  auto old = viewer;
  old.lz4 = false;
  CHECK(decodes(viewer, t::lz4, f::rgb_32bit));
  CHECK_FALSE(decodes(old, t::lz4, f::rgb_32bit));
  auto without_window = viewer;
  without_window.glz_window = 0;
  CHECK(decodes(viewer, t::glz_rgb, f::rgb_32bit));
  CHECK_FALSE(decodes(without_window, t::glz_rgb, f::rgb_32bit));
  CHECK_FALSE(decodes(without_window, t::zlib_glz_rgb, f::rgb_16bit));
  auto without_alpha = viewer;
  without_alpha.alpha = false;
  CHECK(decodes(viewer, t::lz_rgb, f::alpha_8bit));
  CHECK_FALSE(decodes(without_alpha, t::lz_rgb, f::alpha_8bit));
}

TEST_CASE("a browser gets 32-bit pictures without palettes") {
  CHECK(decodes(browser, t::bitmap, f::rgb_32bit));
  CHECK_FALSE(decodes(browser, t::bitmap, f::rgba));
  CHECK_FALSE(decodes(browser, t::bitmap, f::rgb_16bit));
  CHECK(decodes(browser, t::lz_rgb, f::rgb_32bit));
  CHECK_FALSE(decodes(browser, t::lz_rgb, f::rgb_16bit));
  CHECK_FALSE(decodes(browser, t::lz_plt, f::indexed_8bit));
  CHECK(decodes(browser, t::quic, f::rgb_32bit));
  CHECK_FALSE(decodes(browser, t::quic, f::rgb_16bit));
  CHECK_FALSE(decodes(browser, t::glz_rgb, f::rgb_32bit));
}

TEST_CASE("an image that is not legal cannot be made") {
  wire::display::image quic;
  quic.body = wire::display::quic_image{};
  CHECK(legal_image::make(viewer, f::rgb_32bit, quic).has_value());
  CHECK(legal_image::make(viewer, f::alpha_8bit, quic).error() == errc::codec_failed);
}

namespace {
struct one_kept : kept_by_client {
  explicit one_kept(std::uint64_t only) : id(only) {}
  [[nodiscard]] bool has(std::uint64_t asked) const override { return asked == id; }
  std::uint64_t id;
};
} // namespace

TEST_CASE("a picture from the cache is legal for who has it there, and never for a browser") {
  wire::display::image cached;
  cached.id = 7;
  const one_kept seven{7}, eight{8};
  for (const wire::display::image_body& body :
       {wire::display::image_body{wire::display::cached_image{}}, {wire::display::cached_lossless_image{}}}) {
    cached.body = body;
    CHECK(legal_image::make(viewer, f::rgb_32bit, cached, {&seven, nullptr}).has_value());
    CHECK_FALSE(legal_image::make(viewer, f::rgb_32bit, cached, {&eight, &seven}).has_value());
    CHECK_FALSE(legal_image::make(viewer, f::rgb_32bit, cached).has_value());
    CHECK_FALSE(legal_image::make(browser, f::rgb_32bit, cached, {&seven, nullptr}).has_value());
  }
}

TEST_CASE("a palette from the cache is legal for who has it there") {
  const one_kept seven{7}, eight{8};
  wire::display::bitmap raw;
  raw.palette = wire::display::cached_palette{7};
  wire::display::lz_plt_image packed;
  packed.palette = wire::display::cached_palette{7};
  for (const wire::display::image_body& body : {wire::display::image_body{raw}, {packed}}) {
    wire::display::image what;
    what.body = body;
    CHECK(legal_image::make(viewer, f::indexed_8bit, what, {nullptr, &seven}).has_value());
    CHECK_FALSE(legal_image::make(viewer, f::indexed_8bit, what, {&seven, &eight}).has_value());
    CHECK_FALSE(legal_image::make(viewer, f::indexed_8bit, what).has_value());
  }
}

TEST_CASE("nothing is kept by a browser") {
  wire::display::image what;
  what.body = wire::display::lz_rgb_image{};
  CHECK(legal_image::make(browser, f::rgb_32bit, what).has_value());
  what.flags = wire::display::image_flags::cache_me;
  CHECK(legal_image::make(viewer, f::rgb_32bit, what).has_value());
  CHECK_FALSE(legal_image::make(browser, f::rgb_32bit, what).has_value());
}
