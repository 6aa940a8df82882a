// SPDX-License-Identifier: BSD-3-Clause
// What every message must do: decode from bytes written by hand, encode to the same bytes, refuse every shorter body.
#pragma once

#include "messages/wire/display.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace saffron::test {

template <class Message>
struct golden {
  Message expected;
  std::string hex;
  /// The shortest body that decodes, where that is not all of it: bulk at the end, or a NUL that nobody needs.
  std::optional<std::size_t> shortest;
};

/// Decodes a copy that ends where its storage ends, so that the address sanitizer sees a read past it.
template <class Decode>
auto decode_prefix(std::span<const std::byte> body, std::size_t size, Decode decode) {
  const std::unique_ptr<std::byte[]> exact{new std::byte[size]};
  std::copy_n(body.begin(), size, exact.get());
  return decode(std::span<const std::byte>{exact.get(), size}).has_value();
}

template <class T, class Decode, class Encode>
void check_golden(const golden<T>& g, Decode decode, Encode encode) {
  const auto body = hex(g.hex);
  const auto decoded = decode(std::span<const std::byte>{body});
  REQUIRE(decoded.has_value());
  CHECK(*decoded == g.expected);
  CHECK(encode(*decoded) == body);
  CHECK(encode(g.expected) == body);
  const auto shortest = g.shortest.value_or(body.size());
  for (std::size_t size = 0; size < body.size(); ++size) {
    CAPTURE(size);
    CHECK(decode_prefix(body, size, decode) == (size >= shortest));
  }
  auto longer = body;
  longer.push_back(std::byte{0x55});
  CHECK(decode(std::span<const std::byte>{longer}).has_value());
}

/// The bulk at the end of a message that has a write_head().
template <class M>
wire::byte_view bulk_of(const M& m) {
  if constexpr (requires { m.data; })
    return m.data;
  else if constexpr (requires { m.shape; })
    return m.shape.data;
  else
    return data_of(m.source);
}

template <class M>
void check_head(const M& m) {
  if constexpr (requires(wire::writer & w) { write_head(w, m, 0); }) {
    const auto bulk = bulk_of(m);
    wire::writer w;
    write_head(w, m, bulk.size());
    w.bytes(bulk);
    CHECK(w.release() == wire::encode(m));
  }
}

/// Checks a table of one channel and direction; returns how many types it covers.
template <class Message, class Decode>
std::size_t check_golden(const std::vector<golden<Message>>& table, Decode decode_any) {
  std::set<int> types;
  for (const auto& g : table) {
    const auto type = type_of(g.expected);
    CAPTURE(static_cast<int>(type));
    types.insert(static_cast<int>(type));
    check_golden(
        g, [&](std::span<const std::byte> body) { return decode_any(type, body); },
        [](const Message& m) { return encode_any(m); });
    std::visit([](const auto& m) { check_head(m); }, g.expected);
  }
  return types.size();
}

} // namespace saffron::test
