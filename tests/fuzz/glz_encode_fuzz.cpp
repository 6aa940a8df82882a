// SPDX-License-Identifier: BSD-3-Clause
// Pictures through a small window: each is four bytes (format and orientation, width, height, spot) and its pixels, or
// those of the one before, where there are no more. What is decoded must be what was encoded.
#include "tests/wire/glz_pictures.hpp"

#include <algorithm>
#include <cstdlib>

using namespace saffron;
using namespace saffron::image;
using saffron::test::glz_encode;
using saffron::test::window_of;

namespace {

void check(const glz_picture& source, const bitmap& made) {
  if (!saffron::test::same(source, made)) std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint32_t window_pixels = 3000;
  auto server = window_of(window_pixels);
  glz_client_window client{2 * window_pixels};
  auto rest = std::as_bytes(std::span{data, size});
  shared_bytes before;
  std::uint64_t id = 0;
  while (rest.size() >= 4) {
    const auto kind = std::to_integer<unsigned>(rest[0]);
    glz_picture picture;
    picture.format = static_cast<bitmap_format>(6 + kind % 4);
    picture.top_down = (kind & 4) != 0;
    picture.width = 1 + std::to_integer<std::uint32_t>(rest[1]);
    picture.height = 1 + std::to_integer<std::uint32_t>(rest[2]) % 64;
    picture.spot = std::to_integer<std::uint64_t>(rest[3]) % 2;
    picture.channel = (kind & 16) != 0 ? 1 : 0;
    picture.id = id += (kind & 32) != 0 ? glz_milestone : 1;
    rest = rest.subspan(4);
    auto [bytes, out] = shared_bytes::make(row_bytes(picture.format, picture.width) * picture.height);
    const auto own = std::min(rest.size(), (kind & 8) != 0 ? bytes.size() : bytes.size() / 16);
    std::copy_n(rest.begin(), own, out);
    const auto old = std::min(before.size(), bytes.size());
    if (own < old) std::copy(before.data() + own, before.data() + old, out + own);
    std::fill(out + std::max(own, old), out + bytes.size(), std::byte{0x33});
    rest = rest.subspan(own);
    picture.pixels = before = bytes;
    const auto job = server.allot(picture);
    if (!job) continue;
    const auto made = client.decode(glz_encode(*job).view());
    if (!made) std::abort();
    check(picture, **made);
  }
  return 0;
}
