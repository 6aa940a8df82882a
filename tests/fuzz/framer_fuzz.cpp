// SPDX-License-Identifier: BSD-3-Clause
// A peer's byte stream. The first byte chooses the header and the size of the pieces that it arrives in; whatever they
// are, the messages must be those of the stream in one piece.
#include "transport/framer.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

using namespace saffron;

namespace {

constexpr std::uint32_t largest_body = 4096;

struct outcome {
  std::vector<std::pair<std::uint16_t, std::vector<std::byte>>> messages;
  errc error = errc::none;

  friend bool operator==(const outcome&, const outcome&) = default;
};

outcome cut(std::span<const std::byte> stream, bool mini_header, std::size_t piece) {
  transport::framer framer{mini_header, largest_body};
  outcome out;
  while (!stream.empty()) {
    const auto room = framer.room();
    if (room.empty()) std::abort();
    const auto n = std::min({room.size(), piece, stream.size()});
    std::memcpy(room.data(), stream.data(), n);
    framer.filled(n);
    stream = stream.subspan(n);
    for (;;) {
      const auto next = framer.next();
      if (!next) {
        out.error = next.error();
        return out;
      }
      if (!*next) break;
      if ((*next)->body.size() > largest_body) std::abort();
      out.messages.emplace_back((*next)->type, std::vector<std::byte>((*next)->body.begin(), (*next)->body.end()));
    }
  }
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const bool mini_header = (data[0] & 1) != 0;
  const std::size_t piece = (data[0] >> 1) + std::size_t{1};
  const auto stream = std::as_bytes(std::span{data + 1, size - 1});
  if (cut(stream, mini_header, piece) != cut(stream, mini_header, stream.size() + 1)) std::abort();
  return 0;
}
