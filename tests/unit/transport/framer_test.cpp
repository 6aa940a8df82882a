// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/header.hpp"
#include "transport/framer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace saffron::transport {
namespace {

struct sent_message {
  std::uint16_t type = 0;
  std::vector<std::byte> body;
  friend bool operator==(const sent_message&, const sent_message&) = default;
};

constexpr std::uint32_t largest = 40000;

std::vector<std::byte> header_bytes(bool mini, std::uint16_t type, std::uint32_t size) {
  if (mini) {
    const auto h = wire::encode_header(wire::mini_header{type, size});
    return {h.begin(), h.end()};
  }
  const auto h = wire::encode_header(wire::full_header{77, type, size, 0});
  return {h.begin(), h.end()};
}

void append(std::vector<std::byte>& stream, bool mini, const sent_message& m) {
  const auto head = header_bytes(mini, m.type, static_cast<std::uint32_t>(m.body.size()));
  stream.insert(stream.end(), head.begin(), head.end());
  stream.insert(stream.end(), m.body.begin(), m.body.end());
}

// Puts at most `most` bytes where a socket would.
std::size_t feed(framer& f, std::span<const std::byte> bytes, std::size_t most) {
  const auto room = f.room();
  REQUIRE_FALSE(room.empty());
  const auto n = std::min({room.size(), bytes.size(), most});
  std::copy_n(bytes.begin(), n, room.begin());
  f.filled(n);
  return n;
}

std::vector<sent_message> drain(framer& f) {
  std::vector<sent_message> out;
  for (;;) {
    const auto next = f.next();
    REQUIRE(next);
    if (!next->has_value()) return out;
    out.push_back({(*next)->type, {(*next)->body.begin(), (*next)->body.end()}});
  }
}

void random_history(bool mini, std::uint32_t seed) {
  std::mt19937 random{seed};
  const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random); };
  std::vector<sent_message> sent;
  std::vector<std::byte> stream;
  for (int i = 0; i < 60; ++i) {
    sent_message m{static_cast<std::uint16_t>(below(65536)), {}};
    m.body.resize(below(8) == 0 ? below(largest + 1) : below(100));
    for (auto& b : m.body) b = static_cast<std::byte>(random());
    append(stream, mini, m);
    sent.push_back(std::move(m));
  }
  framer f{mini, largest};
  std::vector<sent_message> got;
  const std::array<std::size_t, 4> sizes{2, 20, 3000, 100000};
  for (std::size_t at = 0; at < stream.size();) {
    at += feed(f, std::span{stream}.subspan(at), 1 + below(sizes[below(sizes.size())]));
    for (auto& m : drain(f)) got.push_back(std::move(m));
    // One largest message, its header and two reads: nothing that a peer sends makes it more.
    CHECK(f.room().size() <= largest + 18 + 2 * 16 * 1024);
  }
  CHECK(got == sent);
}

} // namespace

TEST_CASE("messages come out whole, whatever the pieces they arrive in, behind mini headers") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) random_history(true, seed);
}

TEST_CASE("messages come out whole, whatever the pieces they arrive in, behind full headers") {
  for (std::uint32_t seed = 0; seed < 20; ++seed) random_history(false, seed);
}

TEST_CASE("a message without a body is a message") {
  framer f{true, 0};
  const auto bytes = header_bytes(true, 104, 0);
  CHECK(feed(f, bytes, 6) == 6);
  CHECK(drain(f) == std::vector<sent_message>{{104, {}}});
}

TEST_CASE("a message of the largest size is taken, one byte more is refused when its header has come, for good") {
  for (const bool mini : {true, false}) {
    std::vector<std::byte> stream;
    append(stream, mini, {101, std::vector<std::byte>(largest)});
    const auto too_large = header_bytes(mini, 102, largest + 1);
    stream.insert(stream.end(), too_large.begin(), too_large.end());
    framer f{mini, largest};
    for (std::size_t at = 0; at < stream.size() - 1;) {
      at += feed(f, std::span{stream}.subspan(at, stream.size() - 1 - at), 100000);
      if (at < stream.size() - 1) CHECK(f.next().value() == std::nullopt);
    }
    CHECK(drain(f).size() == 1);
    CHECK(feed(f, std::span{stream}.last(1), 1) == 1);
    CHECK(f.next().error() == errc::message_too_large);
    CHECK(f.next().error() == errc::message_too_large);
  }
}

TEST_CASE("a peer that fills every read is given more room at a time, up to a limit, where messages are large") {
  const auto room_after = [](std::uint32_t largest_body, std::size_t most) {
    const std::vector<std::byte> body(3000);
    std::vector<std::byte> stream;
    for (int i = 0; i < 1000; ++i) append(stream, true, {101, body});
    framer f{true, largest_body};
    std::size_t messages = 0;
    for (std::size_t at = 0; at < stream.size();) {
      at += feed(f, std::span{stream}.subspan(at), most);
      messages += drain(f).size();
    }
    CHECK(messages == 1000);
    return f.room().size();
  };
  constexpr std::size_t usual = 32 * 1024;
  CHECK(room_after(1024 * 1024, 10'000'000) > usual);
  CHECK(room_after(1024 * 1024, 10'000'000) <= 256 * 1024);
  CHECK(room_after(1024 * 1024, 5000) <= usual);
  CHECK(room_after(largest, 10'000'000) <= usual);
}

TEST_CASE("a size of four gigabytes is refused and nothing is allocated for it") {
  framer f{true, 1024};
  CHECK(feed(f, header_bytes(true, 107, 0xffffffff), 6) == 6);
  CHECK(f.next().error() == errc::message_too_large);
}

} // namespace saffron::transport
