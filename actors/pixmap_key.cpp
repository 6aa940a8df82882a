// SPDX-License-Identifier: BSD-3-Clause
#include "actors/pixmap_key.hpp"

#include <xxhash.h>

#include <array>
#include <random>

namespace saffron::actors {

namespace {

// Another one for each process: what shows in a browser inside a guest cannot be made to collide.
std::uint64_t secret() {
  static const auto value = [] {
    std::random_device device;
    return std::uint64_t{device()} << 32 | device();
  }();
  return value;
}

} // namespace

std::optional<pixmap_key> key_of_content(const picture& p) {
  if (p.palette) return std::nullopt;
  const std::array shape{static_cast<std::uint32_t>(p.area.width()), static_cast<std::uint32_t>(p.area.height()),
                         static_cast<std::uint32_t>(p.format), std::uint32_t{p.top_down}};
  const auto seed = XXH3_64bits_withSeed(shape.data(), sizeof shape, secret());
  const auto made = XXH3_128bits_withSeed(p.pixels.data(), p.pixels.size(), seed);
  return pixmap_key{made.high64, made.low64, true};
}

} // namespace saffron::actors
