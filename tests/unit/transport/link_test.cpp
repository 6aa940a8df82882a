// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/transport/link_world.hpp"

#include <doctest/doctest.h>

#include <random>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;
using wire::link_error;

// 16 bytes of header, 178 of reply, of which the error alone is not zero.
std::vector<std::byte> refusal(std::uint32_t error) {
  auto reply = words({0x51444552, 2, 2, 178, error});
  reply.resize(16 + 178);
  return reply;
}

// A link header and the fixed part of a link message with these numbers, then so many more bytes.
std::vector<std::byte> raw_message(std::uint32_t size, std::uint32_t common, std::uint32_t channel,
                                   std::uint32_t offset, std::size_t more = 0) {
  wire::writer w;
  w.u32(0x51444552).u32(2).u32(2).u32(size);
  w.u32(0).u8(1).u8(0).u32(common).u32(channel).u32(offset);
  auto out = w.release();
  out.resize(out.size() + more);
  return out;
}

struct link_test : link_world {
  // The whole answer to these bytes: the server must close after it.
  std::vector<std::byte> answer_to(std::span<const std::byte> bytes) {
    test_peer peer{*this, start_plain()};
    peer.write(bytes);
    return peer.read_to_end();
  }
};

} // namespace

TEST_CASE_FIXTURE(link_test, "a client with a ticket becomes a stream on its way to whom the gate said") {
  test_peer peer{*this, start_plain()};
  auto said = link_words();
  said.channel_capabilities = {wire::main_capability::agent_connected_tokens};
  const auto reply = speak_link(peer, said, "secret");
  CHECK(reply.error == link_error::ok);
  CHECK(reply.common_capabilities == link_words().common_capabilities);
  CHECK(reply.channel_capabilities == wire::capability_set{wire::main_capability::name_and_uuid});
  CHECK(peer.read_available().empty()); // the result is for whoever takes the stream

  REQUIRE(gate.questions.size() == 1);
  const auto& question = gate.questions[0];
  CHECK(question.listener == 7);
  CHECK(question.connection_id == 0);
  CHECK(question.channel == channel_key{1, 0});
  CHECK_FALSE(question.secured);
  CHECK(question.peer.starts_with("127.0.0.1:"));
  CHECK(question.password == "secret");

  REQUIRE(has_arrived(1));
  CHECK(arrived[0].client == 4711);
  CHECK(arrived[0].loop == 1);
  CHECK(arrived[0].link->mini_header());
  CHECK(arrived[0].link->message == said);
  CHECK(arrived[0].link->peer == question.peer);
  CHECK_FALSE(arrived[0].link->secured);
  CHECK(spoke == 1);
  CHECK(ended == 1);
  CHECK(counted.links_completed.value() == 1);
  CHECK(counted.links_failed.value() == 0);
}

TEST_CASE_FIXTURE(link_test, "a client that cannot choose its authentication sends its ticket at once") {
  test_peer peer{*this, start_plain()};
  wire::link_message said;
  said.connection_id = 4711;
  said.channel_type = channel_type::cursor;
  said.channel_id = 3;
  speak_link(peer, said, "");
  REQUIRE(has_arrived(1));
  CHECK_FALSE(arrived[0].link->mini_header());
  CHECK(gate.questions[0].connection_id == 4711);
  CHECK(gate.questions[0].channel == channel_key{4, 3});
  CHECK(gate.questions[0].password.empty());
}

TEST_CASE_FIXTURE(link_test, "other magic is refused after exactly four bytes, so that other clients fail at once") {
  const std::string vnc = "RFB ";
  CHECK(answer_to(std::as_bytes(std::span{vnc})) == refusal(2));
  CHECK(wait_until([&] { return counted.links_failed.value() == 1; }));
  CHECK(spoke == 0);
}

TEST_CASE_FIXTURE(link_test, "another major version is refused when it is not 0, and 0 is not answered") {
  CHECK(answer_to(words({0x51444552, 1, 2, 18})) == refusal(4));
  CHECK(answer_to(words({0x51444552, 3, 2, 18})) == refusal(4));
  CHECK(answer_to(words({0x51444552, 0, 2, 18})).empty());
}

TEST_CASE_FIXTURE(link_test, "the minor version does not matter") {
  test_peer peer{*this, start_plain()};
  auto request = wire::link_request(link_words());
  request[8] = std::byte{99};
  peer.write(request);
  CHECK(read_reply(peer).error == link_error::ok);
}

TEST_CASE_FIXTURE(link_test, "a link message that is too short or too long is refused before it has come") {
  CHECK(answer_to(words({0x51444552, 2, 2, 17})) == refusal(3));
  CHECK(answer_to(words({0x51444552, 2, 2, 0})) == refusal(3));
  CHECK(answer_to(words({0x51444552, 2, 2, 4097})) == refusal(3));
  CHECK(answer_to(words({0x51444552, 2, 2, 0xffffffff})) == refusal(3));
}

TEST_CASE_FIXTURE(link_test, "too many capabilities, and those that lie outside of the message, are refused") {
  CHECK(answer_to(raw_message(18, 1025, 0, 18)) == refusal(3));
  CHECK(answer_to(raw_message(18, 0, 1025, 18)) == refusal(3));
  CHECK(answer_to(raw_message(18, 0xffffffff, 1, 18)) == refusal(3));
  CHECK(answer_to(raw_message(22, 1, 0, 17, 4)) == refusal(3));
  CHECK(answer_to(raw_message(22, 1, 1, 18, 4)) == refusal(3));
  CHECK(answer_to(raw_message(22, 1, 0, 19, 4)) == refusal(3));
  CHECK(answer_to(raw_message(22, 1, 0, 0xfffffffc, 4)) == refusal(3));
}

TEST_CASE_FIXTURE(link_test, "the largest link message is taken") {
  test_peer peer{*this, start_plain()};
  peer.write(raw_message(4096, 0, 1019, 18, 4096 - 18));
  CHECK(read_reply(peer).error == link_error::ok);
}

TEST_CASE_FIXTURE(link_test, "a channel that is for TLS only is refused without it") {
  CHECK(answer_to(wire::link_request(link_words(channel_type::display))) == refusal(5));
}

TEST_CASE_FIXTURE(link_test, "a type of channel that is not offered is closed without an answer") {
  CHECK(answer_to(wire::link_request(link_words(channel_type::tunnel))).empty());
  CHECK(counted.links_failed.value() == 1);
}

TEST_CASE_FIXTURE(link_test, "an authentication that is not offered is refused with a second reply") {
  for (const std::uint32_t mechanism : {0u, 2u, 3u, 0xffffffffu}) {
    test_peer peer{*this, start_plain()};
    peer.write(wire::link_request(link_words()));
    read_reply(peer);
    peer.write(words({mechanism}));
    CHECK(peer.read_to_end() == refusal(3));
  }
  CHECK(gate.questions.empty());
}

TEST_CASE_FIXTURE(link_test, "a ticket that does not decrypt is refused with four bytes") {
  test_peer peer{*this, start_plain()};
  peer.write(wire::link_request(link_words()));
  read_reply(peer);
  peer.write(words({1}) + std::vector<std::byte>(128, std::byte{0x55}));
  CHECK(peer.read_to_end() == words({7}));
  CHECK(gate.questions.empty());
  CHECK(counted.tickets_refused.value() == 1);
  peer.close();
  CHECK(wait_until([&] { return counted.links_failed.value() == 1; }));
}

TEST_CASE_FIXTURE(link_test, "what the gate refuses is told by the error that the protocol has for it") {
  const std::vector<std::pair<errc, std::uint32_t>> table{
      {errc::permission_denied, 7}, {errc::bad_connection_id, 8}, {errc::channel_not_available, 9},
      {errc::too_many, 1},          {errc::shutting_down, 1},     {errc::actor_failed, 1}};
  for (const auto& [reason, code] : table) {
    gate.decide = [r = reason](const auto&) { return link_verdict{r, 0, {}, 0}; };
    test_peer peer{*this, start_plain()};
    speak_link(peer, link_words(), "secret");
    CHECK(peer.read_to_end() == words({code}));
  }
  CHECK(arrived.empty());
  CHECK(counted.tickets_refused.value() == 1);
  CHECK(wait_until([&] { return counted.links_failed.value() == table.size(); }));
}

TEST_CASE_FIXTURE(link_test,
                  "a refused client that goes on talking still reads the refusal, and is closed in the end") {
  test_peer peer{*this, start_plain()};
  peer.write(words({0x51444552, 1, 2, 18}) + std::vector<std::byte>(30000));
  CHECK(peer.read(194) == refusal(4));
  const std::vector<std::byte> more(1 << 20);
  CHECK(wait_until([&] { return peer.try_write(more), ended == 1; }));
}

TEST_CASE_FIXTURE(link_test, "a client's bytes may come in any pieces") {
  for (std::uint32_t seed = 0; seed < 10; ++seed) {
    std::mt19937 random{seed};
    test_peer peer{*this, start_plain()};
    const auto write_in_pieces = [&](std::span<const std::byte> bytes) {
      while (!bytes.empty()) {
        const auto n = std::min<std::size_t>(1 + random() % 30, bytes.size());
        peer.write(bytes.first(n));
        settle();
        bytes = bytes.subspan(n);
      }
    };
    auto said = link_words();
    said.channel_capabilities.set(seed * 13);
    write_in_pieces(wire::link_request(said));
    const auto reply = read_reply(peer);
    write_in_pieces(ticket_words(reply, said, "secret"));
    REQUIRE(has_arrived(seed + 1));
    CHECK(arrived.back().link->message == said);
  }
}

TEST_CASE_FIXTURE(link_test, "bytes that follow the ticket are there when the stream has moved to its new loop") {
  test_peer peer{*this, start_plain()};
  peer.write(wire::link_request(link_words()));
  const auto tail = words({1, 2, 3, 4, 5});
  peer.write(ticket_words(read_reply(peer), link_words(), "secret") + tail);
  REQUIRE(has_arrived(1));
  auto stream = arrived[0].link->take(loops.at(1).io());
  std::vector<std::byte> got(100);
  std::size_t size = 0;
  stream.async_read_some(asio::buffer(got), [&](std::error_code, std::size_t n) { size = n; });
  REQUIRE(wait_until([&] { return size != 0; }));
  got.resize(size);
  CHECK(got == tail);
}

TEST_CASE_FIXTURE(link_test, "an accepted link may still be refused by whoever got it") {
  test_peer peer{*this, start_plain()};
  speak_link(peer, link_words(), "secret");
  REQUIRE(has_arrived(1));
  transport::refuse_link(*arrived[0].link, loops.at(1).io(), link_error::channel_not_available);
  CHECK(peer.read_to_end() == words({9}));
}

TEST_CASE_FIXTURE(link_test, "a stream that nobody takes is closed") {
  test_peer peer{*this, start_plain()};
  speak_link(peer, link_words(), "secret");
  REQUIRE(has_arrived(1));
  arrived.clear();
  CHECK(peer.read_to_end().empty());
}

} // namespace saffron
