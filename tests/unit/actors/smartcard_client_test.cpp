// SPDX-License-Identifier: BSD-3-Clause
// A smartcard channel on a real socket, between a client and two readers that the test plays.
#include "actors/channel_table.hpp"
#include "actors/client.hpp"
#include "messages/wire/smartcard.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/test_client.hpp"
#include "tests/unit/transport/link_world.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;
using wire::smartcard::data;
using wire::smartcard::error_code;
using wire::smartcard::message_type;

// What a reader has seen, and how it answers.
struct reader_record {
  std::vector<attach_client> attached;
  std::vector<std::vector<std::byte>> written;
  std::vector<client_id> detached;
  std::uint64_t granted = 0;
  errc verdict = errc::none;
  char_device_actor device;
};

class fake_reader final : public transport::pinned_actor<char_device_actor> {
public:
  fake_reader(caf::actor_config& config, transport::loop& home, reader_record& record)
      : pinned_actor(config, home), record_(record) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const client_data& d) { take(d); },
        [this](add_send_tokens t) { record_.granted += t.tokens; },
        [](set_send_tokens) {},
        [this](const attach_client& a) {
          record_.attached.push_back(a);
          send(a.actor, device_attached{record_.verdict, true});
        },
        [this](detach_client d) { record_.detached.push_back(d.client); },
        [](client_event) {},
        [](agent_pointer) {},
        [](const attach_backend&) {},
        [](start_device) {},
        [](stop_device) {},
        [](const set_display_places&) {},
        [](set_resizable) {},
        [](save_device) { return device_state{}; },
        [](const restore_device&) {},
        [](status_query) { return char_device_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  // Every message is answered with a success, and its token comes back.
  void take(const client_data& d) {
    record_.written.emplace_back(d.data.view().begin(), d.data.view().end());
    const std::array<std::byte, 4> success{};
    const data answer{.kind = message_type::error, .reader = 0, .payload = success};
    send(record_.attached.back().actor, device_message{shared_bytes::copy_of(wire::encode(answer)), 1});
    send(record_.attached.back().actor, token_grant{1});
  }

  reader_record& record_;
};

class idle_vm final : public transport::pinned_actor<vm_actor> {
public:
  using pinned_actor::pinned_actor;

protected:
  behavior_type make_behavior() override {
    return {
        [](const linked&) {},
        [](client_ended) {},
        [](resize_head) {},
        [](const source_attached&) { return vm_consoles{}; },
        [](const source_state&) {},
        [](const agent_state&) {},
        [](status_query) { return vm_status{}; },
        [this](shut_down) { quit(); },
    };
  }
};

struct smartcard_world : link_world {
  smartcard_world() {
    log::configure(log::level::debug, log::style::plain);
    auto view = std::make_shared<vm_view>();
    view->name = "web01";
    for (auto* record : {&first, &second}) {
      record->device = spawn<fake_reader>(loops.at(1), *record);
      // A port between them: it has no number among the readers.
      view->devices.push_back({{8, 0}, char_device_kind::smartcard, "", record->device});
      view->devices.push_back({{}, char_device_kind::port, "org.saffron.echo.0", {}});
    }
    environment.offers = {{1, {}}, {8, {}}};
    main = open(channel_type::main);
    actors::client_setup s;
    s.id = 4711;
    s.link = take_link();
    s.policies.channels = &table;
    s.owner = spawn<idle_vm>(loops.at(1));
    s.vm = view;
    s.counted = &counted;
    client = actors::make_client(system, loop, std::move(s));
    track(client);
    main->finish_link();
    card = open(channel_type::smartcard);
    tell(client, linked{take_link(), 4711, 0});
    card->finish_link();
  }
  ~smartcard_world() {
    tell(client, disconnect{errc::closed_by_us});
    advance(1s);
    for (auto* c : {&main, &card}) c->reset();
    for (auto* record : {&first, &second}) *record = {};
  }
  smartcard_world(const smartcard_world&) = delete;
  smartcard_world& operator=(const smartcard_world&) = delete;

  std::unique_ptr<test_client> open(channel_type type) {
    return std::make_unique<test_client>(*this, start_plain(), channel_words{type, 0, 4711, "secret", {}}, false);
  }
  std::shared_ptr<transport::accepted_link> take_link() {
    if (!has_arrived(1)) throw std::runtime_error("no link");
    auto link = std::move(arrived[0].link);
    arrived.clear();
    return link;
  }
  void say(message_type kind, std::uint32_t reader, std::string_view payload = {}) {
    card->send(data{.kind = kind, .reader = reader, .payload = test::view(payload)});
  }
  void check_success(std::uint32_t reader) {
    const auto m = card->expect<data>();
    CHECK(m.kind == message_type::error);
    CHECK(m.reader == reader);
    CHECK(m.payload == wire::byte_view{wire::encode(wire::smartcard::error{})});
  }

  const actors::channel_table table;
  captured_log lines;
  reader_record first, second;
  client_actor client;
  std::unique_ptr<test_client> main, card;
};

} // namespace

TEST_CASE_FIXTURE(smartcard_world, "a client has both readers of a VM, and who says what is told apart") {
  REQUIRE(card->result() == wire::link_error::ok);
  say(message_type::reader_add, wire::smartcard::undefined_reader, "one");
  check_success(0);
  say(message_type::reader_add, wire::smartcard::undefined_reader, "two");
  check_success(1);
  say(message_type::atr, 1, "b");
  check_success(1);
  say(message_type::atr, 0, "a");
  check_success(0);
  CHECK(first.attached.size() == 1);
  CHECK(first.written.size() == 2);
  CHECK(first.written.back() == wire::encode(data{.kind = message_type::atr, .reader = 0, .payload = test::view("a")}));
  CHECK(second.written.size() == 2);
  CHECK(wait_until([&] { return first.granted == 2 && second.granted == 2; }));
}

TEST_CASE_FIXTURE(smartcard_world, "a reader in use is passed over, and the client goes on beyond its first window") {
  first.verdict = errc::device_in_use;
  say(message_type::reader_add, wire::smartcard::undefined_reader);
  check_success(1);
  for (int i = 0; i < 40; ++i) say(message_type::apdu, 1, "x");
  for (int i = 0; i < 40; ++i) check_success(1);
  CHECK(first.written.empty());
  CHECK(second.written.size() == 41);
}

TEST_CASE_FIXTURE(smartcard_world, "a client that only inserts its card has the reader, before what it says next") {
  say(message_type::atr, 1, "a");
  say(message_type::apdu, 1, "b");
  check_success(1);
  check_success(1);
  CHECK(first.attached.empty());
  REQUIRE(second.written.size() == 2);
  CHECK(second.written[0] == wire::encode(data{.kind = message_type::atr, .reader = 1, .payload = test::view("a")}));
  CHECK(second.written[1] == wire::encode(data{.kind = message_type::apdu, .reader = 1, .payload = test::view("b")}));
  card->close();
  CHECK(wait_until([&] { return !second.detached.empty(); }));
}

TEST_CASE_FIXTURE(smartcard_world, "a card for a reader in use is refused, and the client may try again") {
  first.verdict = errc::device_in_use;
  say(message_type::atr, 0, "a");
  const auto refusal = card->expect<data>();
  CHECK(refusal.kind == message_type::error);
  CHECK(refusal.reader == 0);
  CHECK(refusal.payload == wire::byte_view{wire::encode(wire::smartcard::error{error_code::general_error})});
  first.verdict = errc::none;
  say(message_type::atr, 0, "a");
  check_success(0);
  CHECK(first.attached.size() == 2);
  CHECK(first.written.size() == 1);
}

TEST_CASE_FIXTURE(smartcard_world, "a channel that ends leaves its readers") {
  say(message_type::reader_add, wire::smartcard::undefined_reader);
  check_success(0);
  card->close();
  CHECK(wait_until([&] { return !first.detached.empty(); }));
  CHECK(first.detached == std::vector<client_id>{4711});
}

TEST_CASE_FIXTURE(smartcard_world, "a reader that recommends removal, or dies, ends the channel") {
  say(message_type::reader_add, wire::smartcard::undefined_reader);
  check_success(0);
  SUBCASE("removal") { tell(first.attached.at(0).actor, remove_client{errc::send_queue_overflow}); }
  SUBCASE("death") {
    caf::anon_send_exit(second.device, caf::exit_reason::kill);
    settle();
  }
  card->peer().read_to_end();
  CHECK(card->is_closed());
}

} // namespace saffron
