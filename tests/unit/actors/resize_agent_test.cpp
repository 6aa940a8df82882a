// SPDX-License-Identifier: BSD-3-Clause
#include "actors/resize_agent.hpp"
#include "messages/defaults.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

namespace saffron::actors {
namespace {

namespace agent = wire::agent;
using bytes = std::vector<std::byte>;

bytes whole(agent::message_type type, std::span<const std::byte> body) {
  bytes out = wire::encode(agent::message_header{agent::protocol, type, 0, static_cast<std::uint32_t>(body.size())});
  out.insert(out.end(), body.begin(), body.end());
  return out;
}

bytes monitors(std::initializer_list<agent::monitor> wanted) {
  return agent::encode_whole(agent::monitors_config{0, wanted});
}

agent::monitor monitor(std::uint32_t width, std::uint32_t height) { return {height, width, 32, 0, 0, 0, 0}; }

void append(bytes& to, const bytes& more) { to.insert(to.end(), more.begin(), more.end()); }

// The body of an agent message with its header checked.
template <class M>
M message_of(const bytes& from) {
  const auto header = wire::decode<agent::message_header>(from).value();
  CHECK(header.protocol == agent::protocol);
  CHECK(static_cast<std::uint16_t>(header.type) == M::type);
  CHECK(from.size() == agent::message_header::wire_size + header.size);
  return wire::decode<M>(std::span{from}.subspan(agent::message_header::wire_size)).value();
}

} // namespace

TEST_CASE(
    "a client that asks for capabilities is told those of resizing, one that only tells its own is not answered") {
  resize_agent a;
  const auto asked = a.receive(agent::encode_whole(agent::announce_capabilities{1, {}})).value();
  REQUIRE(asked.messages.size() == 1);
  const auto told = message_of<agent::announce_capabilities>(asked.messages[0]);
  CHECK(told.request == 0);
  CHECK(told.capabilities.has(agent::capability::monitors_config));
  CHECK(told.capabilities.has(agent::capability::reply));
  CHECK_FALSE(told.capabilities.has(agent::capability::clipboard_by_demand));
  CHECK(a.receive(agent::encode_whole(agent::announce_capabilities{0, {}})).value().messages.empty());
}

TEST_CASE("a list of monitors is handed on and confirmed") {
  resize_agent a;
  const auto out = a.receive(monitors({monitor(1024, 768), monitor(800, 600)})).value();
  REQUIRE(out.monitors.size() == 2);
  CHECK(out.monitors[0].width == 1024);
  CHECK(out.monitors[1].height == 600);
  REQUIRE(out.messages.size() == 1);
  CHECK(message_of<agent::reply>(out.messages[0]) ==
        agent::reply{agent::message_type::monitors_config, agent::reply_code::success});
}

TEST_CASE("an empty list of monitors does not take back the one before it in the same piece") {
  resize_agent a;
  auto piece = monitors({monitor(1024, 768)});
  append(piece, monitors({}));
  const auto out = a.receive(piece).value();
  REQUIRE(out.monitors.size() == 1);
  CHECK(out.messages.size() == 2);
}

TEST_CASE("a list of monitors that is malformed is answered with an error and changes nothing") {
  resize_agent a;
  bytes body(8);
  body[0] = std::byte{200}; // monitors, of which none follows
  const auto out = a.receive(whole(agent::message_type::monitors_config, body)).value();
  CHECK(out.monitors.empty());
  CHECK(message_of<agent::reply>(out.messages.at(0)).error == agent::reply_code::error);
}

TEST_CASE("messages may come in any pieces, with others between them that nobody takes") {
  bytes stream;
  for (std::uint32_t i = 1; i <= 50; ++i) {
    append(stream, whole(agent::message_type::clipboard, bytes(i * 97)));
    append(stream, monitors({monitor(i, i + 1)}));
    append(stream, whole(agent::message_type{4711}, {}));
  }
  for (std::uint32_t seed = 0; seed < 20; ++seed) {
    std::mt19937 random{seed};
    resize_agent a;
    std::vector<std::uint32_t> widths;
    std::size_t replies = 0;
    for (std::span<const std::byte> rest{stream}; !rest.empty();) {
      const auto n = std::min<std::size_t>(rest.size(), 1 + random() % (seed < 10 ? 30 : defaults::agent_piece));
      const auto out = a.receive(rest.first(n));
      REQUIRE(out);
      for (const auto& m : out->monitors) widths.push_back(m.width);
      replies += out->messages.size();
      rest = rest.subspan(n);
    }
    CHECK(replies == 50);
    // Of several lists in one piece the last one counts.
    CHECK(std::is_sorted(widths.begin(), widths.end()));
    CHECK(widths.back() == 50);
  }
}

TEST_CASE("a file of gigabytes is passed over without being kept") {
  resize_agent a;
  auto stream = wire::encode(agent::message_header{agent::protocol, agent::message_type::file_xfer_data, 0, 100000000});
  stream.resize(defaults::agent_piece);
  REQUIRE(a.receive(stream));
  for (std::size_t left = 100000000 - (stream.size() - agent::message_header::wire_size); left > 0;) {
    stream.assign(std::min(left, defaults::agent_piece), std::byte{7});
    REQUIRE(a.receive(stream));
    left -= stream.size();
  }
  CHECK(a.receive(monitors({monitor(1, 2)})).value().monitors.size() == 1);
}

TEST_CASE("what no agent message can be is an error") {
  resize_agent a;
  CHECK(a.receive(wire::encode(agent::message_header{2, agent::message_type::reply, 0, 0})).error() ==
        errc::bad_message);
  CHECK(resize_agent{}.receive(bytes(defaults::agent_piece + 1)).error() == errc::bad_message);
  CHECK(resize_agent{}
            .receive(wire::encode(
                agent::message_header{agent::protocol, agent::message_type::monitors_config, 0, 6172 - 20 + 1}))
            .error() == errc::message_too_large);
  CHECK(resize_agent{}
            .receive(wire::encode(
                agent::message_header{agent::protocol, agent::message_type::monitors_config, 0, 0xffffffff}))
            .error() == errc::message_too_large);
}

TEST_CASE("the longest list of monitors is taken") {
  agent::monitors_config m;
  m.flags = agent::monitors_config_flags::physical_size;
  m.monitors.resize(256);
  const auto stream = agent::encode_whole(m);
  CHECK(stream.size() == 6172);
  resize_agent a;
  for (std::size_t at = 0; at < stream.size(); at += 1024) {
    const auto out = a.receive(std::span{stream}.subspan(at, std::min<std::size_t>(1024, stream.size() - at)));
    REQUIRE(out);
    CHECK(out->monitors.size() == (at + 1024 >= stream.size() ? 256 : 0));
  }
}

TEST_CASE("a client that starts anew starts with a message, whatever it was in the middle of") {
  resize_agent half, skipping;
  const auto wish = monitors({monitor(5, 6)});
  CHECK(half.receive(std::span{wish}.first(30)));
  half.restart();
  CHECK(half.receive(wish).value().monitors.size() == 1);
  CHECK(
      skipping.receive(wire::encode(agent::message_header{agent::protocol, agent::message_type::clipboard, 0, 5000})));
  skipping.restart();
  CHECK(skipping.receive(wish).value().monitors.size() == 1);
}

TEST_CASE("random bytes never do harm") {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::mt19937 random{seed};
    resize_agent a;
    for (int i = 0; i < 50; ++i) {
      bytes piece(random() % 200);
      for (auto& b : piece) b = static_cast<std::byte>(random());
      if (piece.size() >= 8 && random() % 2 == 0) { // a header that looks right at first
        std::fill_n(piece.begin(), 8, std::byte{0});
        piece[0] = std::byte{1};
        piece[4] = static_cast<std::byte>(random() % 17);
      }
      if (!a.receive(piece)) break;
    }
  }
}

} // namespace saffron::actors
