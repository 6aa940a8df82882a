// SPDX-License-Identifier: BSD-3-Clause
#include "actors/picture_choice.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

picture of(bool gradual, rect area = {0, 0, 100, 100}, image::bitmap_format format = image::bitmap_format::rgb_32bit) {
  picture p;
  p.area = area;
  p.gradual = gradual;
  p.format = format;
  const std::vector<std::byte> pixels(image::row_bytes(format, static_cast<std::uint32_t>(area.width())) *
                                      static_cast<std::size_t>(area.height()));
  p.pixels = shared_bytes::copy_of(pixels);
  return p;
}
const picture photo = of(true), desktop = of(false);

image_form form(const picture& p, image_compression c, link_class link, bool lz4 = true) {
  choice_input in;
  in.settings.compression = c;
  in.link = link;
  in.lz4 = lz4;
  return choose(p, in).form;
}

} // namespace

TEST_CASE("a pace becomes a class of link") {
  CHECK(classify(true, 1) == link_class::local);
  CHECK(classify(false, 0) == link_class::medium);
  CHECK(classify(false, 100e3) == link_class::very_slow);
  CHECK(classify(false, 1e6) == link_class::slow);
  CHECK(classify(false, 2e6) == link_class::medium);
  CHECK(classify(false, 50e6) == link_class::fast);
}

TEST_CASE("auto goes by the link first, then by the picture") {
  constexpr auto c = image_compression::automatic;
  CHECK(form(photo, c, link_class::local) == image_form::raw);
  CHECK(form(desktop, c, link_class::local) == image_form::raw);
  CHECK(form(photo, c, link_class::fast) == image_form::lz4);
  CHECK(form(desktop, c, link_class::fast) == image_form::lz4);
  CHECK(form(photo, c, link_class::medium) == image_form::quic);
  CHECK(form(desktop, c, link_class::medium) == image_form::lz);
  CHECK(form(photo, c, link_class::slow) == image_form::jpeg);
  CHECK(form(photo, c, link_class::very_slow) == image_form::coarse_jpeg);
  CHECK(form(desktop, c, link_class::slow) == image_form::lz);
}

TEST_CASE("a client without LZ4 gets none, whatever is configured") {
  for (const auto c : {image_compression::automatic, image_compression::lz4})
    for (const auto link : {link_class::fast, link_class::medium, link_class::slow}) {
      CHECK(form(photo, c, link, false) != image_form::lz4);
      CHECK(form(desktop, c, link, false) != image_form::lz4);
    }
}

TEST_CASE("what is configured is what is sent, if the picture can take it") {
  CHECK(form(photo, image_compression::off, link_class::slow) == image_form::raw);
  CHECK(form(desktop, image_compression::quic, link_class::fast) == image_form::quic);
  CHECK(form(photo, image_compression::lz, link_class::fast) == image_form::lz);
  CHECK(form(photo, image_compression::lz4, link_class::local) == image_form::lz4);
  CHECK(form(of(false, {0, 0, 2, 100}), image_compression::quic, link_class::fast) == image_form::raw);
  CHECK(form(photo, image_compression::auto_lz, link_class::fast) == image_form::quic);
  CHECK(form(desktop, image_compression::auto_lz, link_class::fast) == image_form::lz);
}

TEST_CASE("JPEG is for gradual pictures on slow links, unless it is always or never") {
  choice_input in;
  in.link = link_class::slow;
  in.settings.jpeg = wan_policy::never;
  CHECK(choose(photo, in).form == image_form::quic);
  in.settings.jpeg = wan_policy::always;
  in.link = link_class::medium;
  CHECK(choose(photo, in).form == image_form::jpeg);
  CHECK(choose(desktop, in).form == image_form::lz);
  in.exact = true;
  CHECK(choose(photo, in).form == image_form::quic);
}

TEST_CASE("a client with a dictionary gets GLZ where others get LZ, but not on a fast link") {
  choice_input in;
  in.glz = true;
  const auto got = [&in](const picture& p, image_compression c, link_class link) {
    in.settings.compression = c;
    in.link = link;
    return choose(p, in).form;
  };
  CHECK(got(desktop, image_compression::automatic, link_class::medium) == image_form::glz);
  CHECK(got(photo, image_compression::automatic, link_class::medium) == image_form::quic);
  CHECK(got(desktop, image_compression::automatic, link_class::fast) == image_form::lz);
  CHECK(got(desktop, image_compression::auto_glz, link_class::fast) == image_form::glz);
  CHECK(got(photo, image_compression::auto_glz, link_class::fast) == image_form::quic);
  CHECK(got(photo, image_compression::glz, link_class::fast) == image_form::glz);
  CHECK(got(desktop, image_compression::auto_lz, link_class::medium) == image_form::lz);
  CHECK(got(desktop, image_compression::lz, link_class::slow) == image_form::lz);
  for (const auto format : {image::bitmap_format::indexed_8bit, image::bitmap_format::alpha_8bit})
    CHECK(got(of(false, {0, 0, 100, 100}, format), image_compression::glz, link_class::medium) == image_form::lz);
  in.glz = false;
  CHECK(got(desktop, image_compression::glz, link_class::medium) == image_form::lz);
}

TEST_CASE("GLZ is in zlib on slow links, unless it is always or never") {
  choice_input in;
  in.glz = true;
  const auto got = [&in](wan_policy zlib, link_class link) {
    in.settings.zlib_glz = zlib;
    in.link = link;
    return choose(desktop, in).form;
  };
  for (const auto link : {link_class::slow, link_class::very_slow}) {
    CHECK(got(wan_policy::automatic, link) == image_form::zlib_glz);
    CHECK(got(wan_policy::never, link) == image_form::glz);
  }
  CHECK(got(wan_policy::automatic, link_class::medium) == image_form::glz);
  CHECK(got(wan_policy::always, link_class::medium) == image_form::zlib_glz);
}

TEST_CASE("pictures with a palette are never predicted") {
  const auto indexed = of(false, {0, 0, 100, 100}, image::bitmap_format::indexed_8bit);
  for (const auto link : {link_class::fast, link_class::medium, link_class::slow})
    for (const auto c : {image_compression::automatic, image_compression::auto_lz, image_compression::lz4})
      CHECK(form(indexed, c, link) == image_form::lz);
}

TEST_CASE("tiny pictures stay raw, and every choice has a reason") {
  CHECK(form(of(true, {0, 0, 4, 3}), image_compression::automatic, link_class::slow) == image_form::raw);
  for (int c = 0; c <= static_cast<int>(image_compression::off); ++c)
    for (const auto link :
         {link_class::local, link_class::fast, link_class::medium, link_class::slow, link_class::very_slow})
      for (const auto* p : {&photo, &desktop}) {
        choice_input in;
        in.settings.compression = static_cast<image_compression>(c);
        in.link = link;
        CHECK_FALSE(choose(*p, in).reason.empty());
      }
}

} // namespace saffron::actors
