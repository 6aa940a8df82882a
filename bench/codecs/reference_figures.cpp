// SPDX-License-Identifier: BSD-3-Clause
// Source: spice-server 0.15.1's encoders, driven by hand with the pictures of devices/demo/sample_pictures.hpp at
// 1920x1080; CPU time of one thread, best of 7 passes; KVM guest with 2 cores of an AMD EPYC Zen 4 (2.6 GHz nominal),
// Debian 12, gcc 12.2 -O2, liblz4 1.9.4, zlib 1.2.13 (level 3), libjpeg-turbo 2.1.5 (slow DCT, 4:2:0).
#include "bench/codecs/reference_figures.hpp"

#include <algorithm>

namespace saffron::codecs {

namespace {

constexpr auto indexed = image::bitmap_format::indexed_8bit;
constexpr auto x555 = image::bitmap_format::rgb_16bit;
constexpr auto bgr = image::bitmap_format::rgb_24bit;
constexpr auto bgrx = image::bitmap_format::rgb_32bit;
constexpr auto bgra = image::bitmap_format::rgba;

// "GLZ": the window is empty. "GLZ again": the same picture was encoded just before.
constexpr reference_figure figures[]{
    {"desktop-text", "QUIC", bgrx, 1209504, 1031},
    {"desktop-text", "QUIC", bgra, 1211916, 964},
    {"desktop-text", "QUIC", bgr, 1209504, 804},
    {"desktop-text", "QUIC", x555, 769588, 467},
    {"desktop-text", "LZ", bgrx, 217894, 2167},
    {"desktop-text", "LZ", bgra, 226035, 1759},
    {"desktop-text", "LZ", bgr, 217894, 1643},
    {"desktop-text", "LZ", x555, 215080, 1516},
    {"desktop-text", "LZ_PLT", indexed, 197152, 843},
    {"desktop-text", "GLZ", bgrx, 302771, 2083},
    {"desktop-text", "GLZ again", bgrx, 8187, 5872},
    {"desktop-text", "GLZ", x555, 294970, 1355},
    {"desktop-text", "ZLIB_GLZ", bgrx, 148513, 666},
    {"desktop-text", "LZ4", bgrx, 448635, 4614},
    {"desktop-text", "LZ4", x555, 284034, 3975},
    {"desktop-text", "JPEG q85", bgrx, 525232, 1331},
    {"desktop-text", "JPEG_ALPHA q85", bgra, 533401, 1174},
    {"photo-gradient", "QUIC", bgrx, 2211908, 299},
    {"photo-gradient", "QUIC", bgra, 2214320, 291},
    {"photo-gradient", "QUIC", bgr, 2211908, 225},
    {"photo-gradient", "QUIC", x555, 857392, 141},
    {"photo-gradient", "LZ", bgrx, 5987395, 440},
    {"photo-gradient", "LZ", bgra, 5995536, 413},
    {"photo-gradient", "LZ", bgr, 5987395, 332},
    {"photo-gradient", "LZ", x555, 1370018, 311},
    {"photo-gradient", "LZ_PLT", indexed, 444646, 467},
    {"photo-gradient", "GLZ", bgrx, 5129824, 125},
    {"photo-gradient", "GLZ again", bgrx, 8197, 5856},
    {"photo-gradient", "GLZ", x555, 1528261, 268},
    {"photo-gradient", "ZLIB_GLZ", bgrx, 3484166, 41},
    {"photo-gradient", "LZ4", bgrx, 6110337, 492},
    {"photo-gradient", "LZ4", x555, 1615453, 585},
    {"photo-gradient", "JPEG q85", bgrx, 146889, 1581},
    {"photo-gradient", "JPEG_ALPHA q85", bgra, 155058, 1329},
    {"noise", "QUIC", bgrx, 6223004, 449},
    {"noise", "QUIC", bgra, 8297352, 324},
    {"noise", "QUIC", bgr, 6223004, 339},
    {"noise", "QUIC", x555, 3888252, 216},
    {"noise", "LZ", bgrx, 6285628, 595},
    {"noise", "LZ", bgra, 8423671, 398},
    {"noise", "LZ", bgr, 6285628, 448},
    {"noise", "LZ", x555, 4212028, 366},
    {"noise", "LZ_PLT", indexed, 2137998, 322},
    {"noise", "GLZ", bgrx, 6285633, 107},
    {"noise", "GLZ again", bgrx, 8218, 5850},
    {"noise", "GLZ", x555, 4212033, 126},
    {"noise", "ZLIB_GLZ", bgrx, 6287554, 47},
    {"noise", "LZ4", bgrx, 8326935, 9091},
    {"noise", "LZ4", x555, 4163471, 14991},
    {"noise", "JPEG q85", bgrx, 1570033, 803},
    {"noise", "JPEG_ALPHA q85", bgra, 3708104, 478},
};

} // namespace

std::span<const reference_figure> reference_figures() noexcept { return figures; }

const reference_figure* reference_of(std::string_view picture, std::string_view codec,
                                     image::bitmap_format source) noexcept {
  const auto* found = std::ranges::find_if(figures, [&](const reference_figure& f) {
    return f.picture == picture && f.codec == codec && f.source == source;
  });
  return found == std::ranges::end(figures) ? nullptr : found;
}

} // namespace saffron::codecs
