// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/port_compression.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::port;
using test::hex;

namespace {

constexpr std::size_t limit = 16 * 1024 * 1024;

result<shared_bytes> unpack(std::span<const std::byte> block, std::size_t claimed, std::size_t most = limit) {
  return decompress(
      {.compression = compression_type::lz4, .uncompressed_size = static_cast<std::uint32_t>(claimed), .data = block},
      most);
}

std::vector<std::byte> copy(const shared_bytes& bytes) { return {bytes.view().begin(), bytes.view().end()}; }

std::vector<std::byte> noise(std::size_t size) {
  std::mt19937 random{1};
  std::vector<std::byte> bytes(size);
  for (auto& b : bytes) b = static_cast<std::byte>(random());
  return bytes;
}

} // namespace

TEST_CASE("a block written by hand unpacks") {
  // One literal, a match of 9 at distance 1, and the five literals that end a block.
  const auto block = hex("15 61 01 00 # a, then 4 + 5 times a\n 50 62 63 64 65 66");
  const auto bytes = unpack(block, 15);
  REQUIRE(bytes.has_value());
  CHECK(std::ranges::equal(bytes->view(), test::view("aaaaaaaaaabcdef")));
}

TEST_CASE("data that say they are not packed are taken as they are, within the limit") {
  const compressed_data plain{.compression = compression_type::none, .data = test::view("hello")};
  CHECK(std::ranges::equal(decompress(plain, 5)->view(), test::view("hello")));
  CHECK(decompress(plain, 4).error() == errc::message_too_large);
}

TEST_CASE("a size that the data do not unpack to is refused") {
  const auto block = hex("50 68 65 6c 6c 6f");
  CHECK(unpack(block, 5).has_value());
  CHECK(unpack(block, 4).error() == errc::codec_failed);
  CHECK(unpack(block, 6).error() == errc::codec_failed);
}

TEST_CASE("an empty result is refused: it would be a write that never completes") {
  CHECK(unpack(hex("00"), 0).error() == errc::codec_failed);
}

TEST_CASE("a claimed size above the limit, or above what LZ4 can do, is refused") {
  const auto block = hex("50 68 65 6c 6c 6f");
  CHECK(unpack(block, 0xffffffff).error() == errc::message_too_large);
  CHECK(unpack(block, 5, 4).error() == errc::message_too_large);
  CHECK(unpack(block, 255 * 6 + 65).error() == errc::codec_failed);
  CHECK(unpack(noise(2000), 100000).error() == errc::codec_failed);
}

TEST_CASE("the most that LZ4 packs is within what is accepted") {
  for (const std::size_t size : {1001UL, 65536UL, limit}) {
    const std::vector<std::byte> zeros(size);
    const auto block = compress(zeros);
    REQUIRE(block.has_value());
    const auto back = unpack(block->view(), size);
    REQUIRE(back.has_value());
    CHECK(copy(*back) == zeros);
  }
}

TEST_CASE("what is short, or does not get smaller, is not packed") {
  CHECK_FALSE(compress(std::vector<std::byte>(compression_threshold)).has_value());
  CHECK(compress(std::vector<std::byte>(compression_threshold + 1)).has_value());
  CHECK_FALSE(compress(noise(65536)).has_value());
}
