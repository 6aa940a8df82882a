// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;
namespace to_client = wire::common::to_client;
namespace to_server = wire::common::to_server;

class plain_channel final : public channel {
public:
  using channel::channel;
  std::vector<std::uint16_t> messages;
  std::vector<std::uint32_t> pongs;
  std::size_t rooms = 0, starts = 0;
  void say(std::uint16_t type) { send(type, {}, {}); }

private:
  void on_start() override { ++starts; }
  result<void> on_message(std::uint16_t type, std::span<const std::byte>) override {
    if (type == 999) return fail{errc::unknown_message};
    messages.push_back(type);
    return {};
  }
  void on_room() override { ++rooms; }
  void on_pong(std::uint32_t id) override { pongs.push_back(id); }
};

struct channel_test : tests::channel_fixture {
  plain_channel c{context(3)};
};

} // namespace

TEST_CASE_FIXTURE(channel_test, "a channel starts with its window, then its own words, then a ping") {
  c.start();
  const auto window = out.next<to_client::set_ack>();
  CHECK(window == to_client::set_ack{1, 3});
  CHECK(c.starts == 1);
  const auto ping = out.next<to_client::ping>();
  CHECK(ping.data.empty());
  CHECK(ping.timestamp == static_cast<std::uint64_t>(std::chrono::nanoseconds{time.time_since_epoch()}.count()));
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(channel_test, "the round trip is the time of the fastest ping") {
  c.start();
  const auto first = skip_start();
  CHECK(c.latency() == 0us);
  time += 40ms;
  CHECK(receive(c, to_server::pong{first.id, first.timestamp}));
  CHECK(c.latency() == 40ms);
  for (const auto round_trip : {90ms, 7ms, 30ms}) {
    time += 10s;
    CHECK(c.tick());
    const auto ping = out.next<to_client::ping>();
    time += round_trip;
    CHECK(receive(c, to_server::pong{ping.id, ping.timestamp}));
  }
  CHECK(c.latency() == 7ms);
}

TEST_CASE_FIXTURE(channel_test, "an answer within the clock's resolution is a round trip of one microsecond") {
  c.start();
  const auto ping = skip_start();
  CHECK(receive(c, to_server::pong{ping.id, 0}));
  CHECK(c.latency() == 1us);
}

TEST_CASE_FIXTURE(channel_test, "pongs that answer no ping of the channel's own are for the channel's type") {
  c.start();
  const auto ping = skip_start();
  CHECK(receive(c, to_server::pong{ping.id + 1, 0}));
  CHECK(receive(c, to_server::pong{ping.id, 0}));
  CHECK(receive(c, to_server::pong{ping.id, 0})); // again: it is answered already
  CHECK(c.pongs == std::vector<std::uint32_t>{ping.id + 1, ping.id});
}

TEST_CASE_FIXTURE(channel_test, "a quiet peer is asked every 10 s, and one question is on the way at a time") {
  c.start();
  auto ping = skip_start();
  for (int i = 0; i < 4; ++i) {
    time += 2s;
    CHECK(receive(c, to_server::disconnecting{}));
    CHECK(c.tick());
  }
  CHECK(out.empty());
  time += 20s; // the first is not answered: no second one
  CHECK(c.tick());
  CHECK(out.empty());
  CHECK(receive(c, to_server::pong{ping.id, 0}));
  CHECK(c.tick());
  CHECK(out.next<to_client::ping>().id == ping.id + 1);
}

TEST_CASE_FIXTURE(channel_test, "a peer that has sent nothing for 30 s is gone") {
  c.start();
  time += 29s;
  CHECK(c.tick());
  CHECK(receive(c, to_server::disconnecting{}));
  time += 29s;
  CHECK(c.tick());
  time += 1s;
  CHECK(c.tick().error() == errc::timed_out);
}

TEST_CASE_FIXTURE(channel_test, "after two windows without acknowledgement there is no room, until one comes") {
  c.start(); // its ping counts
  for (int i = 0; i < 5; ++i) c.say(200);
  out.drain();
  CHECK(c.has_room());
  c.say(200);
  out.drain();
  CHECK_FALSE(c.has_room());
  c.drained();
  CHECK(c.rooms == 0);
  CHECK(receive(c, to_server::ack{})); // of no generation
  CHECK_FALSE(c.has_room());
  CHECK(receive(c, to_server::ack_sync{1}));
  CHECK(receive(c, to_server::ack{}));
  CHECK(c.has_room());
  CHECK(c.rooms == 1);
}

TEST_CASE_FIXTURE(channel_test, "acknowledgements of another generation do not count, and surplus ones do no harm") {
  c.start();
  CHECK(receive(c, to_server::ack_sync{2}));
  for (int i = 0; i < 10; ++i) c.say(200);
  CHECK(receive(c, to_server::ack{}));
  CHECK(receive(c, to_server::ack{}));
  out.drain();
  CHECK_FALSE(c.has_room());
  CHECK(receive(c, to_server::ack_sync{1}));
  for (int i = 0; i < 100; ++i) CHECK(receive(c, to_server::ack{}));
  for (int i = 0; i < 6; ++i) c.say(200);
  out.drain();
  CHECK(c.has_room()); // not one more than two windows
  c.say(200);
  out.drain();
  CHECK_FALSE(c.has_room());
}

TEST_CASE_FIXTURE(channel_test, "there is no room while something waits for the socket") {
  c.start();
  CHECK_FALSE(c.has_room());
  CHECK(receive(c, to_server::ack_sync{1}));
  CHECK(receive(c, to_server::ack{}));
  CHECK(c.rooms == 0);
  drain(c);
  CHECK(c.rooms == 1);
}

TEST_CASE_FIXTURE(channel_test, "messages of the channel's type are for the channel's type") {
  c.start();
  CHECK(c.receive(101, {}));
  CHECK(c.receive(65535, {}));
  CHECK(c.messages == std::vector<std::uint16_t>{101, 65535});
  CHECK(c.receive(999, {}).error() == errc::unknown_message);
}

TEST_CASE_FIXTURE(channel_test, "unknown, malformed and misplaced messages are errors") {
  c.start();
  for (const std::uint16_t type : {0, 7, 8, 100}) CHECK(c.receive(type, {}).error() == errc::unknown_message);
  const std::vector<std::byte> three(3);
  CHECK(c.receive(to_server::ack_sync::type, three).error() == errc::bad_message);
  CHECK(c.receive(to_server::pong::type, three).error() == errc::bad_message);
  CHECK(c.receive(to_server::migrate_data::type, {}).error() == errc::bad_message);
  CHECK(c.receive(to_server::migrate_data::type, three).error() == errc::out_of_order);
  CHECK(receive(c, to_server::migrate_flush_mark{}).error() == errc::out_of_order);
}

TEST_CASE_FIXTURE(channel_test, "the silence of a peer that nobody reads says nothing") {
  c.start();
  time += 29s;
  c.excuse_silence();
  time += 29s;
  CHECK(c.tick());
  time += 1s;
  CHECK(c.tick().error() == errc::timed_out);
}

TEST_CASE_FIXTURE(channel_test, "the goodbye names a reason that the protocol knows") {
  const std::vector<std::pair<errc, wire::link_error>> table{
      {errc::closed_by_us, wire::link_error::ok},
      {errc::shutting_down, wire::link_error::ok},
      {errc::taken_over, wire::link_error::permission_denied},
      {errc::permission_denied, wire::link_error::permission_denied},
      {errc::bad_message, wire::link_error::error},
      {errc::timed_out, wire::link_error::error}};
  for (const auto& [reason, told] : table) {
    c.say_disconnecting(reason);
    CHECK(out.next<to_client::disconnecting>().reason == told);
  }
}

} // namespace saffron::actors
