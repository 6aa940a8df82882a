// SPDX-License-Identifier: BSD-3-Clause
// Images for one client's window, one after the other: a byte pair of size, then the data. What is held stays within
// the limit, and what is refused changes nothing.
#include "messages/image/glz_decode.hpp"

#include <cstdlib>

using namespace saffron::image;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::uint64_t most_pixels = 1u << 16;
  glz_client_window client{most_pixels};
  auto rest = std::as_bytes(std::span{data, size});
  while (rest.size() >= 2) {
    const auto wanted = std::to_integer<std::size_t>(rest[0]) | std::to_integer<std::size_t>(rest[1]) << 8;
    rest = rest.subspan(2);
    const auto now = rest.first(std::min(wanted, rest.size()));
    rest = rest.subspan(now.size());
    const auto before = client.held_images();
    const auto made = client.decode(now);
    if (!made && client.held_images() != before) std::abort();
    if (made && !(*made)->view().whole()) std::abort();
    if (client.held_pixels() > most_pixels) std::abort();
  }
  return 0;
}
