// SPDX-License-Identifier: BSD-3-Clause
// The main channel's line to the guest's agent: tokens of both sides, and what a client may do wrong.
#include "actors/channel_table.hpp"
#include "actors/main_channel.hpp"
#include "messages/wire/agent.hpp"
#include "messages/wire/main_channel.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

namespace to_client = wire::main_channel::to_client;
namespace to_server = wire::main_channel::to_server;
using text = std::vector<std::string>;

struct agent_test : tests::channel_fixture {
  agent_test() {
    vm->agent_connected = true;
    channel.start();
    out.forget();
  }
  result<void> data(std::span<const std::byte> piece) { return receive(channel, to_server::agent_data{piece}); }
  /// AGENT_START, and the device's answer.
  void start(std::uint32_t tokens) {
    CHECK(receive(channel, to_server::agent_start{tokens}));
    channel.agent_attached({errc::none, true});
  }
  /// The device sends `n` pieces, which cost a token each.
  void words(int n) {
    for (int i = 0; i < n; ++i) channel.agent_data({shared_bytes::copy_of(std::vector<std::byte>(8)), 1});
  }
  std::size_t sent() { return out.all<to_client::agent_data>().size(); }
  text take_calls() { return std::exchange(calls, {}); }

  text calls;
  std::shared_ptr<vm_view> vm = std::make_shared<vm_view>();
  const channel_table channels;
  main_channel channel{context(),
                       {[](mouse_mode) {},
                        [](bandwidth_measured) {},
                        {[this](const client_flow& f) {
                           calls.push_back(
                               fmt::format("attach {} {} {}", f.client_tokens, f.send_tokens, f.max_send_queue_size));
                         },
                         [this] { calls.emplace_back("detach"); },
                         [this](const shared_bytes& b) { calls.push_back(fmt::format("write {}", b.size())); },
                         [this](std::uint64_t n) { calls.push_back(fmt::format("add {}", n)); },
                         [this](std::uint64_t n) { calls.push_back(fmt::format("set {}", n)); }}},
                       1,
                       vm,
                       channels,
                       {wire::main_capability::agent_connected_tokens},
                       true};
};

} // namespace

TEST_CASE_FIXTURE(agent_test, "a client uses the agent from its first AGENT_START on") {
  CHECK(data(std::vector<std::byte>(20))); // nobody to hear it
  CHECK(take_calls().empty());
  start(3);
  CHECK(take_calls() == text{"attach 10 3 5"});
  CHECK(data(std::vector<std::byte>(20)));
  CHECK(take_calls() == text{"write 20"});
  CHECK(receive(channel, to_server::agent_start{7}));
  CHECK(take_calls() == text{"set 7"});
}

TEST_CASE_FIXTURE(agent_test, "AGENT_TOKEN before AGENT_START is nothing") {
  CHECK(receive(channel, to_server::agent_token{5}));
  CHECK(take_calls().empty());
}

TEST_CASE_FIXTURE(agent_test, "tokens of the client reach the device, and those of the device the client") {
  start(2);
  words(2);
  CHECK(sent() == 2);
  take_calls();
  CHECK(receive(channel, to_server::agent_token{4}));
  CHECK(take_calls() == text{"add 4"});
  channel.agent_granted({5});
  CHECK(out.next<to_client::agent_token>().tokens == 5);
}

TEST_CASE_FIXTURE(agent_test, "a client that takes everything still gets no more at a time than its socket can hold") {
  start(0xffffffff);
  CHECK(take_calls() == text{"attach 10 64 5"});
  words(64);
  CHECK(take_calls().empty());
  CHECK(sent() == 64);
  drain(channel);
  CHECK(take_calls() == text{"add 64"});
  CHECK(receive(channel, to_server::agent_token{0xffffffff})); // no overflow: nothing is owed
  CHECK(take_calls().empty());
}

TEST_CASE_FIXTURE(agent_test, "pieces longer than an agent takes end the channel") {
  start(10);
  CHECK(data(std::vector<std::byte>(2048)));
  CHECK(data(std::vector<std::byte>(2049)).error() == errc::bad_message);
}

TEST_CASE_FIXTURE(agent_test, "an agent that goes is left, and late words of either side are dropped") {
  start(10);
  auto gone = std::make_shared<vm_view>(*vm);
  gone->agent_connected = false;
  channel.vm_changed(gone);
  out.next<to_client::agent_disconnected>();
  take_calls();
  words(3);
  channel.agent_granted({5});
  CHECK(data(std::vector<std::byte>(20)));
  CHECK(receive(channel, to_server::agent_start{10})); // to nobody
  CHECK(take_calls().empty());
  CHECK(out.empty());
  channel.vm_changed(vm);
  out.next<to_client::agent_connected_tokens>();
  CHECK(receive(channel, to_server::agent_start{10}));
  words(1); // of the agent before: the device has not answered yet
  CHECK(sent() == 0);
  channel.agent_attached({errc::none, true});
  words(1);
  CHECK(sent() == 1);
}

TEST_CASE_FIXTURE(agent_test, "the rest of a message that was begun for the agent of before is not for this one") {
  const auto message =
      wire::agent::with_header(wire::agent::message_type::file_xfer_data, std::vector<std::byte>(3000));
  const auto half = std::span{message}.first(2048), rest = std::span{message}.subspan(2048);
  start(10);
  CHECK(data(rest)); // the first agent is spared nothing: its client has sent nothing to another one
  CHECK(take_calls().back() == "write 972");
  auto gone = std::make_shared<vm_view>(*vm);
  gone->agent_connected = false;
  channel.vm_changed(gone);
  channel.vm_changed(vm);
  CHECK(receive(channel, to_server::agent_start{10}));
  take_calls();
  CHECK(data(rest));
  CHECK(data(std::span{message}.first(19)));
  CHECK(take_calls() == text{"write 0", "write 0"}); // which bring the tokens back
  CHECK(data(half));
  CHECK(data(rest));
  CHECK(take_calls() == text{"write 2048", "write 972"});
}

} // namespace saffron::actors
