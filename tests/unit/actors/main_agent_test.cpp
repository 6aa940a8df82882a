// SPDX-License-Identifier: BSD-3-Clause
// The main channel's way to the agent that resizes: tokens, answers, and what a client may do wrong.
#include "actors/main_channel.hpp"
#include "messages/wire/main_channel.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

namespace to_client = wire::main_channel::to_client;
namespace to_server = wire::main_channel::to_server;
namespace agent = wire::agent;

struct agent_test : tests::channel_fixture {
  agent_test() {
    vm->resizable = true;
    vm->consoles.resize(2);
    channel.start();
    out.forget();
  }
  result<void> data(std::span<const std::byte> piece) { return receive(channel, to_server::agent_data{piece}); }
  void start(std::uint32_t tokens) { CHECK(receive(channel, to_server::agent_start{tokens})); }
  static std::vector<std::byte> question() { return agent::encode_whole(agent::announce_capabilities{1, {}}); }
  static std::vector<std::byte> monitors(std::initializer_list<extent> sizes) {
    agent::monitors_config m;
    for (const auto s : sizes) m.monitors.push_back({s.height, s.width, 32, 0, 0, 0, 0});
    return agent::encode_whole(m);
  }

  std::shared_ptr<vm_view> vm = std::make_shared<vm_view>();
  std::vector<resize_head> resizes;
  main_channel channel{context(),
                       {[](mouse_mode) {}, [this](resize_head r) { resizes.push_back(r); }, [](bandwidth_measured) {}},
                       1,
                       vm,
                       {wire::main_capability::agent_connected_tokens},
                       true};
};

} // namespace

TEST_CASE_FIXTURE(agent_test, "a client that starts the agent and asks is answered") {
  start(0xffffffff);
  CHECK(data(question()));
  const auto answer = out.next<to_client::agent_data>();
  const auto header = wire::decode<agent::message_header>(answer.data).value();
  CHECK(header.type == agent::message_type::announce_capabilities);
}

TEST_CASE_FIXTURE(agent_test, "monitors become sizes of heads; those that are off, and those without a head, do not") {
  start(100);
  CHECK(data(monitors({{1280, 720}, {800, 600}, {640, 480}})));
  REQUIRE(resizes.size() == 2);
  CHECK(resizes[0].head == 0);
  CHECK(resizes[0].size == extent{1280, 720});
  CHECK(resizes[1].head == 1);
  CHECK(resizes[1].size == extent{800, 600});
  resizes.clear();
  CHECK(data(monitors({{0, 0}, {800, 600}})));
  REQUIRE(resizes.size() == 1);
  CHECK(resizes[0].head == 1);
}

TEST_CASE_FIXTURE(agent_test, "a size that no surface can have is nobody's wish") {
  start(100);
  CHECK(data(monitors({{defaults::surface_edge + 1, 100}, {100, 0xffffffff}})));
  CHECK(resizes.empty());
  CHECK(data(monitors({{defaults::surface_edge, 100}})));
  CHECK(resizes.size() == 1);
}

TEST_CASE_FIXTURE(agent_test, "answers wait for the client's tokens") {
  start(1);
  CHECK(data(question()));
  CHECK(data(question()));
  CHECK(data(question()));
  CHECK(out.all<to_client::agent_data>().size() == 1);
  CHECK(receive(channel, to_server::agent_token{1}));
  CHECK(out.all<to_client::agent_data>().size() == 1);
  CHECK(receive(channel, to_server::agent_token{10}));
  CHECK(out.all<to_client::agent_data>().size() == 1);
}

TEST_CASE_FIXTURE(agent_test, "tokens without limit stay without limit when more come") {
  start(0xffffffff);
  for (int i = 0; i < 3; ++i) CHECK(receive(channel, to_server::agent_token{10}));
  for (int i = 0; i < 40; ++i) CHECK(data(question()));
  CHECK(out.all<to_client::agent_data>().size() == 40);
}

TEST_CASE_FIXTURE(agent_test, "a client that asks and never takes an answer gets a bounded number of them") {
  start(0);
  for (int i = 0; i < 1000; ++i) CHECK(data(question()));
  out.forget();
  for (int i = 0; i < 100; ++i) CHECK(receive(channel, to_server::agent_token{10}));
  CHECK(out.all<to_client::agent_data>().size() == 16);
}

TEST_CASE_FIXTURE(agent_test, "the client's own tokens go back in bunches of five") {
  start(0);
  const auto wish = monitors({{10, 10}});
  for (int i = 1; i <= 12; ++i) {
    CHECK(data(wish));
    const auto returned = out.all<to_client::agent_token>();
    REQUIRE(returned.size() == (i % 5 == 0 ? 1 : 0));
    if (!returned.empty()) CHECK(returned[0].tokens == 5);
  }
}

TEST_CASE_FIXTURE(agent_test, "nonsense and oversized pieces end the channel") {
  start(10);
  CHECK(data(std::vector<std::byte>(20, std::byte{9})).error() == errc::bad_message);
  CHECK(data(std::vector<std::byte>(2049)).error() == errc::bad_message);
}

TEST_CASE_FIXTURE(agent_test, "data before the start, and late data to an agent that is gone, is ignored") {
  CHECK(data(monitors({{10, 10}})));
  CHECK(data(std::vector<std::byte>(20, std::byte{9})));
  start(10);
  auto gone = std::make_shared<vm_view>(*vm);
  gone->resizable = false;
  channel.vm_changed(gone);
  CHECK(data(monitors({{10, 10}})));
  start(10); // to nobody
  CHECK(data(monitors({{10, 10}})));
  CHECK(resizes.empty());
  channel.vm_changed(vm);
  start(10);
  CHECK(data(monitors({{10, 10}})));
  CHECK(resizes.size() == 1);
}

} // namespace saffron::actors
