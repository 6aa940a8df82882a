// SPDX-License-Identifier: BSD-3-Clause
// What makes the C library abort, leak or stall from outside, as far as char devices and the agent are concerned. Each
// costs its sender the channel, and nobody else anything: a bystander on another channel of the VM goes on.
#include "messages/wire/common.hpp"
#include "messages/wire/migration.hpp"
#include "messages/wire/port_compression.hpp"
#include "tests/unit/actors/device_world.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace tests;
using wire::channel_type;
namespace port = wire::port;
namespace card = wire::smartcard;
namespace main_to_server = wire::main_channel::to_server;

struct hazard_test : device_world {
  hazard_test() {
    add_vm_with({offer(char_device_kind::vdagent, agent), offer(char_device_kind::port, echo, "org.saffron.echo.0"),
                 offer(char_device_kind::port, other, "org.saffron.other.0"),
                 offer(char_device_kind::smartcard, first_reader), offer(char_device_kind::smartcard, second_reader)});
    villain = std::make_unique<session>(*this);
    bystander = std::make_unique<session>(*this);
    quiet = bystander->open(channel_type::port, {}, 1);
    quiet->expect<port::to_client::init>();
  }
  ~hazard_test() {
    say(*quiet, "undisturbed");
    CHECK(wait_until([&] { return other->taken == "undisturbed"; }));
    CHECK_FALSE(bystander->main->is_closed());
    for (auto* c : {&quiet, &victim}) c->reset();
    villain.reset();
    bystander.reset();
  }
  test_client& open_port() {
    victim = villain->open(channel_type::port);
    victim->expect<port::to_client::init>();
    return *victim;
  }

  std::shared_ptr<test_backend> agent = std::make_shared<test_backend>(), echo = std::make_shared<test_backend>(),
                                other = std::make_shared<test_backend>(),
                                first_reader = std::make_shared<test_backend>(),
                                second_reader = std::make_shared<test_backend>();
  std::unique_ptr<session> villain, bystander;
  std::unique_ptr<test_client> quiet, victim;
};

} // namespace

TEST_CASE_FIXTURE(hazard_test, "MIGRATE_FLUSH_MARK when the server is not waiting for one") {
  auto& c = open_port();
  c.send(wire::common::to_server::migrate_flush_mark{});
  CHECK(closes(c));
}

TEST_CASE_FIXTURE(hazard_test, "malformed or wrong-version MIGRATE_DATA at any time") {
  const std::vector<std::byte> nonsense(64, std::byte{0xff});
  auto& c = open_port();
  c.send(wire::common::to_server::migrate_data{nonsense});
  CHECK(closes(c));
  auto reader = villain->open(channel_type::smartcard);
  reader->send(wire::common::to_server::migrate_data{nonsense});
  CHECK(closes(*reader));
  villain->main->send(wire::common::to_server::migrate_data{nonsense});
  CHECK(closes(*villain->main));
}

TEST_CASE_FIXTURE(hazard_test, "AGENT_TOKEN before AGENT_START while an agent is attached") {
  villain->main->send(main_to_server::agent_token{0xffffffff});
  villain->main->send(main_to_server::attach_channels{});
  villain->main->expect<wire::main_channel::to_client::channels_list>(); // it goes on
}

TEST_CASE_FIXTURE(hazard_test, "smartcard APDU before any reader is attached") {
  auto reader = villain->open(channel_type::smartcard);
  const std::vector<std::byte> select(5);
  reader->send(card::data{.kind = card::message_type::apdu, .reader = 0, .payload = select});
  CHECK(reader->expect<card::data>().kind == card::message_type::error);
  CHECK(first_reader->taken.empty());
}

TEST_CASE_FIXTURE(hazard_test, "smartcard ReaderRemove for an unknown reader") {
  auto reader = villain->open(channel_type::smartcard);
  reader->send(card::data{.kind = card::message_type::reader_remove, .reader = 77});
  const auto answer = reader->expect<card::data>();
  CHECK(answer.kind == card::message_type::error);
}

TEST_CASE_FIXTURE(hazard_test, "second smartcard device") {
  auto reader = villain->open(channel_type::smartcard);
  for (const auto& device : {first_reader, second_reader}) {
    reader->send(card::data{.kind = card::message_type::reader_add});
    CHECK(wait_until([&] { return device->taken.size() == card::message_header::wire_size; }));
  }
}

TEST_CASE_FIXTURE(hazard_test, "spicevmc client disconnects with queued DATA buffers, device later consumes them") {
  auto& c = open_port();
  echo->room = 1;
  for (int i = 0; i < 100; ++i) say(c, "queued");
  CHECK(wait_until([&] { return echo->taken == "q"; }));
  c.close();
  CHECK(wait_until([&] { return !echo->in_use; }));
  echo->take(100000);
  auto& again = open_port();
  say(again, "!");
  CHECK(wait_until([&] { return echo->taken.ends_with('!'); }));
}

TEST_CASE_FIXTURE(hazard_test, "spicevmc COMPRESSED_DATA that claims 4 GiB") {
  auto& c = open_port();
  const std::vector<std::byte> little(32);
  c.send(port::compressed_data{port::compression_type::lz4, 0xffffffff, little});
  CHECK(closes(c));
  CHECK(echo->taken.empty());
}

TEST_CASE_FIXTURE(hazard_test, "spicevmc COMPRESSED_DATA of no bytes would stall the queue") {
  auto& c = open_port();
  const std::vector<std::byte> empty_block(1);
  c.send(port::compressed_data{port::compression_type::lz4, 0, empty_block});
  CHECK(closes(c));
}

TEST_CASE_FIXTURE(hazard_test, "message sizes are not allocated before their bytes come") {
  auto& c = open_port();
  wire::writer w;
  w.u16(port::plain_data::type).u32(0xffffffff);
  c.peer().write(w.view());
  CHECK(closes(c));
}

TEST_CASE_FIXTURE(hazard_test, "client AGENT_DATA of any size") {
  villain->main->send(main_to_server::agent_start{10});
  const std::vector<std::byte> large(20000);
  villain->main->send(main_to_server::agent_data{large});
  CHECK(closes(*villain->main));
}

TEST_CASE_FIXTURE(hazard_test, "agent data of a client without tokens") {
  agent->room = 0;
  villain->main->send(main_to_server::agent_start{10});
  const auto piece = wire::agent::encode_whole(wire::agent::display_config{});
  // Whatever is buffered on the way, a guest that takes nothing must stop this.
  wire::writer flood;
  for (int i = 0; i < 20000; ++i)
    flood.u16(main_to_server::agent_data::type).u32(static_cast<std::uint32_t>(piece.size())).bytes(piece);
  try {
    villain->main->peer().write(flood.view());
  } catch (const std::exception&) { // it was cut in the middle
  }
  CHECK(closes(*villain->main));
}

TEST_CASE_FIXTURE(hazard_test, "a guest's agent that announces a message of 4 GiB, or sends to no port") {
  bystander->main->send(main_to_server::agent_start{10});
  settle();
  wire::writer w;
  wire::write(w, wire::agent::chunk_header{static_cast<wire::agent::port>(99), 8});
  const auto bytes = w.release();
  agent->say({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  settle();
  CHECK(agent->stopped); // closed, and opened anew at the next tick
  CHECK(counted.guest_commands_dropped.value() == 1);
}

} // namespace saffron
