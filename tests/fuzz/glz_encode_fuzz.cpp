// SPDX-License-Identifier: BSD-3-Clause
// Pictures through a small window: each is four bytes (format and orientation, width, height, spot) and its pixels, or
// those of the one before, where there are no more. What is decoded must be what was encoded.
#include "messages/image/glz_decode.hpp"
#include "messages/image/glz_encode.hpp"

#include <algorithm>
#include <cstdlib>

using namespace saffron;
using namespace saffron::image;

namespace {

void check(const glz_picture& source, const bitmap& made) {
  if (made.format != source.format || made.width != source.width || made.height != source.height) std::abort();
  if (made.top_down != source.top_down || made.pixels.size() != source.pixels.size()) std::abort();
  for (std::size_t i = 0; i < made.pixels.size(); ++i) {
    auto mask = std::byte{0xff};
    if (source.format == bitmap_format::rgb_32bit && i % 4 == 3) mask = std::byte{0};
    if (source.format == bitmap_format::rgb_16bit && i % 2 == 1) mask = std::byte{0x7f};
    if (((made.pixels[i] ^ source.pixels.data()[i]) & mask) != std::byte{0}) std::abort();
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint32_t window_pixels = 3000;
  glz_window server{window_pixels};
  glz_client_window client{2 * window_pixels};
  auto rest = std::as_bytes(std::span{data, size});
  shared_bytes before;
  while (rest.size() >= 4) {
    const auto kind = std::to_integer<unsigned>(rest[0]);
    glz_picture picture;
    picture.format = static_cast<bitmap_format>(6 + kind % 4);
    picture.top_down = (kind & 4) != 0;
    picture.width = 1 + std::to_integer<std::uint32_t>(rest[1]);
    picture.height = 1 + std::to_integer<std::uint32_t>(rest[2]) % 64;
    picture.spot = std::to_integer<std::uint64_t>(rest[3]) % 2;
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
