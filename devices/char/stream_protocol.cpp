// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/stream_protocol.hpp"

#include "messages/defaults.hpp"

#include <algorithm>

namespace saffron::devices {

namespace {
// A read into less room than this would cut a fast stream into crumbs.
constexpr std::size_t least_room = defaults::stream_piece / 4;
} // namespace

shared_bytes stream_reader::read(char_io& from, std::size_t most) {
  if (slab_.size() - used_ < std::min(least_room, most)) {
    std::tie(slab_, writable_) = shared_bytes::make(defaults::stream_piece);
    used_ = 0;
  }
  const auto room = std::min(slab_.size() - used_, most);
  const auto n = std::min(from.read({writable_ + used_, room}), room);
  const auto piece = slab_.part(used_, n);
  used_ += n;
  return n == 0 ? shared_bytes{} : piece;
}

std::optional<outgoing> stream_protocol::read(char_io& from, std::uint64_t budget) {
  const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(budget, defaults::stream_piece));
  auto piece = reader_.read(from, most);
  if (piece.empty()) return std::nullopt;
  const auto price = piece.size();
  return outgoing{{std::move(piece), price}};
}

} // namespace saffron::devices
