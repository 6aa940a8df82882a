// SPDX-License-Identifier: BSD-3-Clause
// Messages come out as they went in, however the bytes are split on their way.
#include "bench/load/framing.hpp"
#include "messages/wire/header.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <random>

using namespace saffron::load;
namespace wire = saffron::wire;

namespace {

struct sent_message {
  std::uint16_t type;
  std::vector<std::byte> body;
};

std::vector<std::byte> random_body(std::mt19937& random, std::size_t size) {
  std::vector<std::byte> body(size);
  for (auto& b : body) b = static_cast<std::byte>(random());
  return body;
}

std::vector<sent_message> random_messages(std::mt19937& random) {
  std::vector<sent_message> out;
  for (int i = 0; i < 200; ++i) {
    const auto kind = random() % 20;
    const auto size = kind == 0 ? 300'000 + random() % 400'000 : kind < 4 ? random() % 40'000 : random() % 60;
    out.push_back({static_cast<std::uint16_t>(random()), random_body(random, size)});
  }
  return out;
}

std::vector<std::byte> wire_bytes(const std::vector<sent_message>& messages, bool mini) {
  std::vector<std::byte> out;
  const auto append = [&out](const auto& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
  std::uint64_t serial = 1;
  for (const auto& m : messages) {
    const auto size = static_cast<std::uint32_t>(m.body.size());
    if (mini)
      append(wire::encode_header(wire::mini_header{.type = m.type, .size = size}));
    else
      append(wire::encode_header(wire::full_header{.serial = serial, .type = m.type, .size = size, .sub_list = 0}));
    append(m.body);
    ++serial;
  }
  return out;
}

/// Feeds `bytes` in pieces and checks what comes out against `messages`.
void check_all(const std::vector<sent_message>& messages, bool mini, std::size_t whole_limit, std::mt19937& random) {
  const auto bytes = wire_bytes(messages, mini);
  framing f{mini, whole_limit};
  std::size_t at = 0, seen = 0;
  while (at < bytes.size()) {
    const auto space = f.space();
    REQUIRE(!space.empty());
    const auto wanted = 1 + (random() % 3 == 0 ? random() % 20 : random() % 100'000);
    const auto n = std::min({space.size(), bytes.size() - at, static_cast<std::size_t>(wanted)});
    std::memcpy(space.data(), bytes.data() + at, n);
    at += n;
    f.filled(n);
    while (const auto m = f.next()) {
      REQUIRE(seen < messages.size());
      const auto& sent = messages[seen++];
      REQUIRE(m->type == sent.type);
      REQUIRE(m->size == sent.body.size());
      REQUIRE(m->serial == seen);
      REQUIRE(m->whole() == (sent.body.size() <= whole_limit));
      REQUIRE(std::equal(m->body.begin(), m->body.end(), sent.body.begin()));
    }
  }
  CHECK(seen == messages.size());
  CHECK(!f.broken());
}

} // namespace

TEST_CASE("messages survive random splits") {
  std::mt19937 random{11};
  for (const bool mini : {true, false})
    for (int round = 0; round < 5; ++round) check_all(random_messages(random), mini, framing::size_limit, random);
}

TEST_CASE("large bodies are skimmed, and the messages after them are found") {
  std::mt19937 random{12};
  for (const bool mini : {true, false})
    for (int round = 0; round < 5; ++round)
      check_all(random_messages(random), mini, framing::default_whole_limit, random);
}

TEST_CASE("a body of several megabytes comes in one piece when it is wanted whole") {
  std::mt19937 random{13};
  check_all({{304, random_body(random, 8'300'000)}, {1, {}}}, true, framing::size_limit, random);
}

TEST_CASE("a size that is none breaks the stream") {
  framing f{true};
  const auto header = wire::encode_header(wire::mini_header{.type = 1, .size = 0xfffffff0});
  const auto space = f.space();
  std::memcpy(space.data(), header.data(), header.size());
  f.filled(header.size());
  CHECK(!f.next());
  CHECK(f.broken());
}
