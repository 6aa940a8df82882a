// SPDX-License-Identifier: BSD-3-Clause
// The guest's agent between bytes of a client, made by hand, and an observer that writes down what it is told.
#include "devices/demo/demo_agent.hpp"
#include "tests/unit/devices/demo_agent_world.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <random>

namespace saffron::devices::demo {
namespace {

using wire::agent::message_type;
using strings = std::vector<std::string>;

constexpr auto announce_of_a_client = [] {
  return message(message_type::announce_capabilities, words({0, 1u << 1 | 1u << 5 | 1u << 6 | 1u << 14}));
};

TEST_CASE("an agent says what it can, and asks the client for the same") {
  agent_world world;
  world.agent.start();
  const auto out = world.messages();
  REQUIRE(out.size() == 1);
  CHECK(out[0].type == message_type::announce_capabilities);
  // Monitors 1, reply 2, by demand 5, selection 6, sparse 7, LF 8, maximum 10, errors 14, device info 15.
  CHECK(out[0].body == words({1, 0b1100'0101'1110'0110}));
}

TEST_CASE("an agent that leads the mouse says so") {
  agent_world world{{.mouse = true}};
  world.agent.start();
  CHECK(world.messages().at(0).body == words({1, 0b1100'0101'1110'0111}));
  world.feed(message(message_type::mouse_state, words({100, 200, 2}) + octets({1})));
  CHECK(world.log == strings{"mouse 100 200 2 1"});
}

TEST_CASE("a client that asks for capabilities gets them once, and the clipboards that are there") {
  agent_world world;
  REQUIRE(world.agent.offer(clipboard_selection::clipboard, clipboard_type::text, clipboard_content::pattern(10)));
  (void)world.messages();
  world.feed(message(message_type::announce_capabilities, words({1, 1u << 6})));
  const auto out = world.messages();
  REQUIRE(out.size() == 2);
  CHECK(out[0].body[0] == std::byte{0});
  CHECK(out[1].type == message_type::clipboard_grab);
  CHECK(out[1].body == words({0, 1}));
}

TEST_CASE("what a client copies is fetched, kept and offered to all, each selection for itself") {
  agent_world world;
  world.feed(announce_of_a_client());
  // A type that nobody knows comes first.
  world.feed(message(message_type::clipboard_grab, words({0, 77, 1, 2})));
  world.feed(message(message_type::clipboard_grab, words({1, 2})));
  auto out = world.messages();
  REQUIRE(out.size() == 2);
  CHECK(out[0].type == message_type::clipboard_request);
  CHECK(out[0].body == words({0, 1}));
  CHECK(out[1].body == words({1, 2}));

  world.feed(message(message_type::clipboard, words({1, 2}) + text("picture")));
  world.feed(message(message_type::clipboard, words({0, 1}) + text("words")));
  out = world.messages();
  REQUIRE(out.size() == 2);
  CHECK(out[0].type == message_type::clipboard_grab);
  CHECK(out[0].body == words({1, 2}));
  CHECK(out[1].body == words({0, 1}));

  world.feed(message(message_type::clipboard_request, words({0, 1})));
  world.feed(message(message_type::clipboard_request, words({1, 2})));
  world.feed(message(message_type::clipboard_request, words({1, 1})));
  out = world.messages();
  REQUIRE(out.size() == 3);
  CHECK(out[0].type == message_type::clipboard);
  CHECK(out[0].body == words({0, 1}) + text("words"));
  CHECK(out[1].body == words({1, 2}) + text("picture"));
  CHECK(out[2].body == words({1, 0}));
  CHECK(world.log ==
        strings{"caps", "copied 1 2 picture", "copied 0 1 words", "pasted 0 1 5", "pasted 1 2 7", "pasted 1 0 0"});
}

TEST_CASE("an answer of another type, and one that nobody asked for, change nothing") {
  agent_world world;
  world.feed(announce_of_a_client());
  world.feed(message(message_type::clipboard, words({0, 1}) + text("unasked")));
  world.feed(message(message_type::clipboard_grab, words({0, 1})));
  world.feed(message(message_type::clipboard, words({0, 0})));
  world.feed(message(message_type::clipboard, words({0, 1}) + text("late")));
  CHECK(world.log == strings{"caps"});
}

TEST_CASE("a client without selections has one clipboard, and its messages name none") {
  agent_world world;
  world.feed(message(message_type::clipboard_grab, words({1})));
  world.feed(message(message_type::clipboard, words({1}) + text("plain")));
  const auto out = world.messages();
  REQUIRE(out.size() == 2);
  CHECK(out[0].body == words({1}));
  CHECK(out[1].body == words({1}));
  CHECK(world.log == strings{"copied 0 1 plain"});
}

TEST_CASE("contents larger than the client's maximum are not sent") {
  agent_world world;
  REQUIRE(world.agent.offer(clipboard_selection::clipboard, clipboard_type::text, clipboard_content::pattern(100)));
  world.feed(message(message_type::max_clipboard, words({99})));
  world.feed(message(message_type::clipboard_request, words({1})));
  CHECK(world.messages().back().body == words({0}));
  world.feed(message(message_type::max_clipboard, words({100})));
  world.feed(message(message_type::clipboard_request, words({1})));
  CHECK(world.messages().back().body.size() == 104);
}

TEST_CASE("a large text comes in chunks, made as they are read, and nothing more is taken meanwhile") {
  constexpr std::size_t size = 1024 * 1024;
  agent_world world{{.outbox_messages = 2}};
  REQUIRE(world.agent.offer(clipboard_selection::clipboard, clipboard_type::text, clipboard_content::pattern(size)));
  (void)world.messages();
  auto requests = bytes{};
  for (int i = 0; i < 4; ++i) requests = requests + message(message_type::clipboard_request, words({1}));
  const auto request_size = requests.size() / 4;
  CHECK(world.agent.write(requests) == 2 * request_size);
  CHECK(world.agent.write(std::span{requests}.first(1)) == 0);

  // Read in odd pieces up to the end of the first message, one and a half thousand bytes into the last chunk or so.
  const auto one = world.messages(999, 1);
  REQUIRE(one.size() == 1);
  CHECK(world.agent.write(std::span{requests}.subspan(2 * request_size)) == request_size);
  REQUIRE(one[0].body.size() == size + 4);
  const std::string got{reinterpret_cast<const char*>(one[0].body.data()) + 4, size};
  CHECK(got.starts_with("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk\nbcdef"));
  CHECK(got.substr(1664, 64) == got.substr(0, 64));
  CHECK(world.messages().size() == 2);
  CHECK_FALSE(world.agent.has_output());
}

TEST_CASE("a file of several MiB arrives with its hash, in any fragmentation") {
  std::mt19937 random{7};
  bytes contents(3 * 1024 * 1024 + 17);
  for (auto& byte : contents) byte = static_cast<std::byte>(random());
  bytes stream =
      message(message_type::file_xfer_start,
              words({9}) + text(fmt::format("[vdagent-file-xfer]\nname=a b.bin\nsize={}\n", contents.size())));
  for (std::size_t at = 0; at < contents.size();) {
    const auto n = std::min<std::size_t>(65536, contents.size() - at);
    stream = std::move(stream) +
             message(message_type::file_xfer_data, words({9, static_cast<std::uint32_t>(n), 0}) +
                                                       bytes(contents.begin() + at, contents.begin() + at + n));
    at += n;
  }
  agent_world world;
  world.feed_split(stream, random);
  const auto out = world.messages();
  REQUIRE(out.size() == 2);
  CHECK(out[0].type == message_type::file_xfer_status);
  CHECK(out[0].body == words({9, 0}));
  CHECK(out[1].body == words({9, 3}));
  REQUIRE(world.files.size() == 1);
  CHECK(world.files[0].name == "a b.bin");
  CHECK(world.files[0].size == contents.size());
  CHECK(world.files[0].sha256 == sha256_of(contents));
  CHECK(world.files[0].contents == contents);
}

TEST_CASE("a known hash: the file abc") {
  agent_world world;
  world.feed(message(message_type::file_xfer_start, words({1}) + text("[vdagent-file-xfer]\nname=abc\nsize=3")));
  world.feed(message(message_type::file_xfer_data, words({1, 3, 0}) + text("abc")));
  REQUIRE(world.files.size() == 1);
  // FIPS 180-2, appendix B.1.
  CHECK(world.files[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("a file larger than the memory is counted and hashed, but not kept") {
  agent_world world{{.files = {.file_size = 1000, .memory = 4}}};
  for (const std::uint32_t id : {1u, 2u})
    world.feed(message(message_type::file_xfer_start, words({id}) + text("[vdagent-file-xfer]\nname=f\nsize=6\n")));
  world.feed(message(message_type::file_xfer_data, words({1, 3, 0}) + text("abc")));
  world.feed(message(message_type::file_xfer_data, words({2, 3, 0}) + text("abc")));
  world.feed(message(message_type::file_xfer_data, words({1, 3, 0}) + text("def")));
  world.feed(message(message_type::file_xfer_data, words({2, 3, 0}) + text("def")));
  REQUIRE(world.files.size() == 2);
  CHECK(world.files[0].contents.empty());
  CHECK(world.files[1].contents.empty());
  CHECK(world.files[0].sha256 == world.files[1].sha256);
  // The memory is free again.
  world.feed(message(message_type::file_xfer_start, words({1}) + text("[vdagent-file-xfer]\nname=f\nsize=4\n")));
  world.feed(message(message_type::file_xfer_data, words({1, 4, 0}) + text("abcd")));
  CHECK(world.files.at(2).contents.size() == 4);
}

TEST_CASE("a file that is too large is refused, with what is free for clients that can read it") {
  agent_world world;
  const auto start =
      message(message_type::file_xfer_start, words({5}) + text("[vdagent-file-xfer]\nname=big\nsize=1073741825\n"));
  world.feed(start);
  CHECK(world.messages().back().body == words({5, 4}));
  world.feed(announce_of_a_client());
  world.feed(start);
  CHECK(world.messages().back().body == words({5, 4, 1u << 30, 0}));
  CHECK(world.log == strings{"dropped big 4", "caps", "dropped big 4"});
}

TEST_CASE("a transfer ends when the client cancels it, sends too much, or goes") {
  agent_world world;
  const auto start = [&](std::uint32_t id) {
    world.feed(message(message_type::file_xfer_start, words({id}) + text("[vdagent-file-xfer]\nname=f\nsize=4\n")));
  };
  start(1);
  world.feed(message(message_type::file_xfer_status, words({1, 1})));
  world.feed(message(message_type::file_xfer_data, words({1, 4, 0}) + text("late")));
  CHECK(world.log == strings{"dropped f 1"});
  start(2);
  (void)world.messages();
  world.feed(message(message_type::file_xfer_data, words({2, 5, 0}) + text("large")));
  CHECK(world.messages().back().body == words({2, 2}));
  start(3);
  world.feed(message(message_type::client_disconnected, {}, 2));
  CHECK(world.log.back() == "client gone");
  CHECK(world.log[world.log.size() - 2] == "dropped f 1");
  CHECK(world.files.empty());
}

TEST_CASE("monitors are told and confirmed") {
  agent_world world;
  world.feed(message(message_type::monitors_config, words({1, 1, 600, 800, 32, 0, 0})));
  world.feed(message(message_type::monitors_config, words({1000000, 0})));
  CHECK(world.log.front() == "monitors 800x600");
  const auto out = world.messages();
  REQUIRE(out.size() == 2);
  CHECK(out[0].type == message_type::reply);
  CHECK(out[0].body == words({2, 1}));
  CHECK(out[1].body == words({2, 2}));
}

TEST_CASE("the displays of the VM are told with their places") {
  agent_world world;
  world.feed(message(message_type::graphics_device_info, words({2, 0, 0, 0, 15}) + text("pci/0000/02.0x") +
                                                             octets({0}) + words({1, 0, 1, 1}) + octets({0})));
  CHECK(world.log == strings{"display 0 0 0 pci/0000/02.0x", "display 1 0 1 "});
  world.feed(message(message_type::graphics_device_info, words({1, 0, 0, 0, 15}) + text("short")));
  CHECK(world.log.back() == "problem");
}

TEST_CASE("nonsense is reported and left out, and the next chunk is understood") {
  const auto good = message(message_type::max_clipboard, words({5}));
  const auto check = message(message_type::mouse_state, words({1, 2, 3}) + octets({4}));
  const auto wrong = [&](const bytes& nonsense) {
    agent_world world;
    world.feed(nonsense);
    CHECK(world.log == strings{"problem"});
    world.feed(good + check);
    CHECK(world.log == strings{"problem", "mouse 1 2 3 4"});
  };
  wrong(words({3, 4}) + text("abcd"));
  wrong(words({1, 2049}) + bytes(2049));
  wrong(words({1, 24}) + words({2, 14, 0, 0, 4, 1}));
  wrong(message(message_type::file_xfer_data, words({1, 9, 0}) + text("short")));
  wrong(message(message_type::clipboard, {}));
  wrong(message(static_cast<message_type>(99), text("what")));
  // A message of 4 GiB, of which nothing more comes: the client goes.
  agent_world world;
  world.feed(words({1, 24}) + words({1, 4, 0, 0, 0xffffffff, 1}));
  world.feed(message(message_type::client_disconnected, {}, 2));
  world.feed(check);
  CHECK(world.log == strings{"problem", "client gone", "mouse 1 2 3 4"});
}

TEST_CASE("a message that is too large is skipped to its end") {
  agent_world world{{.message_limit = 100}};
  world.feed(message(message_type::clipboard, bytes(5000)));
  world.feed(message(message_type::mouse_state, words({1, 2, 3}) + octets({4})));
  CHECK(world.log == strings{"problem", "mouse 1 2 3 4"});
}

TEST_CASE("a port that is closed in the middle of everything starts anew, with the same clipboards") {
  agent_world world;
  REQUIRE(world.agent.offer(clipboard_selection::clipboard, clipboard_type::text, clipboard_content::pattern(9)));
  world.feed(message(message_type::file_xfer_start, words({1}) + text("[vdagent-file-xfer]\nname=f\nsize=4\n")));
  world.feed(words({1, 30, 1, 4}));
  world.agent.stop();
  CHECK_FALSE(world.agent.has_output());
  CHECK(world.log == strings{"dropped f 1"});
  world.agent.start();
  world.feed(message(message_type::announce_capabilities, words({1})));
  const auto out = world.messages();
  REQUIRE(out.size() == 3);
  CHECK(out[2].body == words({1}));
}

TEST_CASE("random bytes never harm it") {
  std::mt19937 random{11};
  agent_world world;
  for (int round = 0; round < 300; ++round) {
    bytes noise(200);
    for (auto& byte : noise) byte = static_cast<std::byte>(random());
    // Mostly in chunks and messages, so that the noise gets far.
    const auto type = static_cast<message_type>(random() % 18);
    world.feed_split(round % 5 == 0 ? noise : message(type, noise, 1 + random() % 2), random);
    (void)world.messages();
  }
  CHECK_FALSE(world.log.empty());
}

} // namespace
} // namespace saffron::devices::demo
