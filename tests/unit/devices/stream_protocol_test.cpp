// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/stream_protocol.hpp"
#include "messages/defaults.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

namespace saffron::devices {
namespace {

/// Numbers its bytes, and gives at most `there` of them.
struct numbered_io final : char_io {
  std::size_t write(std::span<const std::byte>) override { return 0; }
  std::size_t read(std::span<std::byte> room) override {
    const auto n = std::min(room.size(), there);
    for (std::size_t i = 0; i < n; ++i) room[i] = static_cast<std::byte>(next++);
    there -= n;
    return n;
  }
  std::size_t there = 0;
  unsigned next = 0;
};

} // namespace

TEST_CASE("pieces of a stream stay as they are when later ones are read into the same slab") {
  numbered_io io;
  stream_reader reader;
  std::vector<shared_bytes> pieces;
  for (int i = 0; i < 5000; ++i) {
    io.there = 37;
    pieces.push_back(reader.read(io, 100));
    REQUIRE(pieces.back().size() == 37);
  }
  unsigned expected = 0;
  bool right = true;
  for (const auto& piece : pieces)
    for (const auto b : piece.view()) right = right && b == static_cast<std::byte>(expected++);
  CHECK(right);
}

TEST_CASE("a stream is read up to the tokens that there are, and a byte costs one") {
  numbered_io io;
  stream_protocol p;
  io.there = 1'000'000;
  const auto small = p.read(io, 10);
  REQUIRE(small);
  CHECK(small->message.data.size() == 10);
  CHECK(small->message.price == 10);
  CHECK_FALSE(small->recipients);
  std::size_t largest = 0;
  for (int i = 0; i < 5; ++i) largest = std::max(largest, p.read(io, unlimited_tokens)->message.data.size());
  CHECK(largest == defaults::stream_piece);
  io.there = 0;
  CHECK_FALSE(p.read(io, 10));
}

TEST_CASE("a backend that claims to have filled more than there was room for is not believed") {
  struct liar final : char_io {
    std::size_t write(std::span<const std::byte>) override { return 0; }
    std::size_t read(std::span<std::byte>) override { return 1'000'000'000; }
  } io;
  stream_reader reader;
  CHECK(reader.read(io, 100).size() == 100);
}

} // namespace saffron::devices
