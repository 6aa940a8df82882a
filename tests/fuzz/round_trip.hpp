// SPDX-License-Identifier: BSD-3-Clause
// What every fuzz target of the wire asks: what decodes must encode, and decode to the same.
#pragma once

#include "messages/wire/codec.hpp"

#include <cstdlib>

namespace saffron::fuzz {

/// Aborts when `decode(encode(m))` is not `m`, for the m that the body decodes to, if it does.
template <class Decode, class Encode>
void round_trip(std::span<const std::byte> body, Decode decode, Encode encode) {
  const auto first = decode(body);
  if (!first) return;
  const auto again = encode(*first);
  const auto second = decode(std::span<const std::byte>{again});
  if (!second || !(*second == *first)) std::abort();
}

/// The first two bytes choose the type, the others are the body.
template <class Decode>
int any_message(const std::uint8_t* data, std::size_t size, Decode decode_any) {
  if (size < 2) return 0;
  const auto type = static_cast<std::uint16_t>(data[0] | data[1] << 8);
  round_trip(
      std::as_bytes(std::span{data + 2, size - 2}), [&](auto body) { return decode_any(type, body); },
      [](const auto& m) { return encode_any(m); });
  return 0;
}

} // namespace saffron::fuzz
