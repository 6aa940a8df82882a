// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/slideshow.hpp"

#include "devices/demo/sample_formats.hpp"

#include <array>

namespace saffron::devices::demo {

namespace {

using f = image::bitmap_format;

constexpr std::array formats{f::rgb_32bit, f::rgba,    f::rgb_24bit, f::rgb_16bit, f::indexed_8bit,
                             f::be_4bit,   f::le_4bit, f::be_1bit,   f::le_1bit};
static_assert(formats.size() == slides);

/// Behind the pictures; another one for each slide, so that none looks like the one before.
constexpr std::uint32_t ground = 0x203040, ground_step = 0x0b0705;

struct sample {
  sample_kind kind;
  rect where;
  bool top_down = true;
};

/// Large, small, odd, narrow, flat and single pixels, and one from the bottom up of each kind.
constexpr std::array<sample, 12> samples{{
    {sample_kind::desktop, {0, 0, 160, 100}},
    {sample_kind::photo, {160, 0, 320, 100}},
    {sample_kind::noise, {0, 104, 64, 152}},
    {sample_kind::desktop, {70, 104, 149, 137}, false},
    {sample_kind::photo, {150, 104, 211, 141}, false},
    {sample_kind::noise, {215, 104, 244, 125}, false},
    {sample_kind::photo, {250, 104, 251, 105}},
    {sample_kind::desktop, {252, 104, 254, 144}},
    {sample_kind::photo, {256, 104, 259, 107}},
    {sample_kind::desktop, {0, 160, 319, 161}},
    {sample_kind::photo, {260, 104, 261, 150}, false},
    {sample_kind::desktop, {3, 165, 300, 198}},
}};

} // namespace

const std::vector<draw_command>& slideshow::slide(std::size_t number, extent surface) {
  auto& slide = made_[number % slides];
  if (slide.surface == surface) return slide.commands;
  slide.surface = surface;
  slide.commands = {fill{whole(surface), ground + static_cast<std::uint32_t>(number % slides) * ground_step}};
  for (const auto& s : samples) {
    const extent size{static_cast<std::uint32_t>(s.where.width()), static_cast<std::uint32_t>(s.where.height())};
    slide.commands.emplace_back(
        draw_image{{s.where.left, s.where.top}, sample_in_format(s.kind, size, formats[number % slides], s.top_down)});
  }
  return slide.commands;
}

} // namespace saffron::devices::demo
