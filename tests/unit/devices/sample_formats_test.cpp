// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/film.hpp"
#include "devices/demo/sample_formats.hpp"
#include "devices/demo/slideshow.hpp"
#include "messages/image/convert.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <set>

namespace saffron::devices {
namespace {

using f = image::bitmap_format;

image::bitmap shown(const picture& p) {
  return image::to_rgb32(p.view(), p.palette ? std::span{p.palette->entries} : std::span<const std::uint32_t>{})
      .value();
}

/// The mean difference of the colours from those of the picture in 32 bits.
double distance(const image::bitmap& a, const image::bitmap& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i)
    if (i % 4 != 3) sum += std::abs(std::to_integer<int>(a.pixels[i]) - std::to_integer<int>(b.pixels[i]));
  return sum / static_cast<double>(a.pixels.size());
}

} // namespace

TEST_CASE("a picture in fewer colours is still like it, and the same from either end") {
  const auto full = shown(*sample_in_format(sample_kind::photo, {61, 37}, f::rgb_32bit, true));
  for (const auto& [format, most] :
       {std::pair{f::rgba, 0.0}, {f::rgb_24bit, 0.0}, {f::rgb_16bit, 4.0}, {f::indexed_8bit, 20.0}}) {
    CAPTURE(static_cast<int>(format));
    const auto down = shown(*sample_in_format(sample_kind::photo, {61, 37}, format, true));
    const auto up = shown(*sample_in_format(sample_kind::photo, {61, 37}, format, false));
    CHECK(down.pixels == up.pixels);
    CHECK(distance(down, full) <= most);
  }
  for (const auto& [low, high] : {std::pair{f::le_1bit, f::be_1bit}, {f::le_4bit, f::be_4bit}})
    CHECK(shown(*sample_in_format(sample_kind::photo, {61, 37}, low, true)).pixels ==
          shown(*sample_in_format(sample_kind::photo, {61, 37}, high, false)).pixels);
}

TEST_CASE("every slide lies on the surface, differs from the others, and is made once") {
  demo::slideshow show;
  const extent surface{320, 200};
  std::set<std::uint64_t> ids;
  for (std::size_t n = 0; n < demo::slides; ++n) {
    const auto& commands = show.slide(n, surface);
    CHECK(commands.size() == 13);
    for (const auto& c : commands)
      if (const auto* i = std::get_if<draw_image>(&c)) {
        CHECK(i->area().intersect(whole(surface)) == i->area());
        CHECK(ids.insert(i->shown->id).second);
      }
    CHECK(&show.slide(n + demo::slides, surface) == &commands);
  }
}

TEST_CASE("each frame of the film is another one, inside its rectangle") {
  const demo::film film{{64, 48}};
  std::vector<std::uint32_t> surface(100 * 80, 0xabcdef);
  std::set<std::vector<std::uint32_t>> frames;
  for (std::uint32_t n = 0; n < 50; ++n) {
    film.paint(surface, 100, {10, 20}, n);
    CHECK(frames.insert(surface).second);
    for (std::size_t y = 0; y < 80; ++y)
      for (std::size_t x = 0; x < 100; ++x)
        if (x < 10 || x >= 74 || y < 20 || y >= 68) REQUIRE(surface[y * 100 + x] == 0xabcdef);
  }
}

} // namespace saffron::devices
