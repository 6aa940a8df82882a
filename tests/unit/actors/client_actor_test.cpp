// SPDX-License-Identifier: BSD-3-Clause
// A client between a VM, consoles and inputs that the test plays: its channels are killed in turn.
#include "actors/client.hpp"
#include "messages/wire/cursor.hpp"
#include "messages/wire/display.hpp"
#include "messages/wire/inputs.hpp"
#include "messages/wire/main_channel.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/test_client.hpp"
#include "tests/unit/transport/link_world.hpp"

#include <doctest/doctest.h>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;

// What the devices of the VM have seen.
struct seen_by_devices {
  std::vector<attach_display> displays;
  std::vector<attach_cursor> cursors;
  std::vector<attach_inputs> inputs;
  std::vector<viewer_id> detached;
  std::vector<client_id> inputs_detached;
  std::vector<client_ended> ended;
  std::size_t pulls = 0;
};

class noting_console final : public transport::pinned_actor<console_actor> {
public:
  noting_console(caf::actor_config& config, transport::loop& home, seen_by_devices& seen)
      : pinned_actor(config, home), seen_(seen) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const pull_display&) { ++seen_.pulls; },
        [](const refine_display&) {},
        [](const pull_cursor&) {},
        [](const draw_batch&) { return 0u; },
        [](const cursor_state&) {},
        [this](const attach_display& a) { seen_.displays.push_back(a); },
        [this](const attach_cursor& a) { seen_.cursors.push_back(a); },
        [this](detach_viewer d) { seen_.detached.push_back(d.viewer); },
        [](const attach_feed&) {},
        [](blank) {},
        [](video_check) {},
        [](status_query) { return console_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  seen_by_devices& seen_;
};

class noting_input final : public transport::pinned_actor<input_actor> {
public:
  noting_input(caf::actor_config& config, transport::loop& home, seen_by_devices& seen)
      : pinned_actor(config, home), seen_(seen) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](const client_key&) {},
        [](const client_pointer&) {},
        [](const client_locks&) {},
        [](lock_state) {},
        [this](const attach_inputs& a) { seen_.inputs.push_back(a); },
        [this](detach_inputs d) { seen_.inputs_detached.push_back(d.client); },
        [](const attach_source&) {},
        [](const set_agent_pointer&) {},
        [this](shut_down) { quit(); },
    };
  }

private:
  seen_by_devices& seen_;
};

class noting_vm final : public transport::pinned_actor<vm_actor> {
public:
  noting_vm(caf::actor_config& config, transport::loop& home, seen_by_devices& seen)
      : pinned_actor(config, home), seen_(seen) {}

protected:
  behavior_type make_behavior() override {
    return {
        [](const linked&) {},
        [this](client_ended e) { seen_.ended.push_back(e); },
        [](resize_head) {},
        [](const source_attached&) { return vm_consoles{}; },
        [](const source_state&) {},
        [](const agent_state&) {},
        [](status_query) { return vm_status{}; },
        [this](shut_down) { quit(); },
    };
  }

private:
  seen_by_devices& seen_;
};

struct client_test : link_world {
  client_test() {
    log::configure(log::level::debug, log::style::plain);
    auto view = std::make_shared<vm_view>();
    view->name = "web01";
    view->consoles = {spawn<noting_console>(loops.at(1), seen)};
    view->input = spawn<noting_input>(loops.at(1), seen);
    owner = spawn<noting_vm>(loops.at(1), seen);
    environment.offers = {{1, {}}, {2, {}}, {3, {}}, {4, {}}, {5, {}}};

    main = open(channel_type::main);
    actors::client_setup s;
    s.id = 4711;
    s.link = take_link();
    s.owner = owner;
    s.vm = view;
    s.policies.channels = &table;
    s.counted = &counted;
    client = actors::make_client(system, loop, std::move(s));
    track(client);
    main->finish_link();
    display = open_channel(channel_type::display);
    inputs = open_channel(channel_type::inputs);
    cursor = open_channel(channel_type::cursor);
    display->send(wire::display::to_server::init{});
    if (!wait_until([this] { return seen.displays.size() == 1 && seen.inputs.size() == 1; })) std::abort();
  }
  ~client_test() {
    tell(client, disconnect{errc::closed_by_us});
    advance(1s);
    for (auto* c : {&main, &display, &inputs, &cursor}) c->reset();
    seen = {};
  }

  std::unique_ptr<test_client> open(channel_type type, std::uint8_t id = 0) {
    return std::make_unique<test_client>(*this, start_plain(), channel_words{type, id, 4711, "secret", {}}, false);
  }
  std::shared_ptr<transport::accepted_link> take_link() {
    if (!has_arrived(1)) throw std::runtime_error("no link");
    auto link = std::move(arrived[0].link);
    arrived.clear();
    return link;
  }
  std::unique_ptr<test_client> open_channel(channel_type type, std::uint8_t id = 0) {
    auto c = open(type, id);
    tell(client, linked{take_link(), 4711, 0});
    c->finish_link();
    return c;
  }
  template <class Handle>
  void kill(const Handle& victim) {
    caf::anon_send_exit(victim, caf::exit_reason::kill);
    settle();
  }
  std::size_t channels() { return ask<client_status>(client, status_query{}).channels.size(); }

  const actors::channel_table table;
  captured_log lines;
  seen_by_devices seen;
  vm_actor owner;
  client_actor client;
  std::unique_ptr<test_client> main, display, inputs, cursor;
};

} // namespace

TEST_CASE_FIXTURE(client_test, "channels attach to their devices under their own names") {
  CHECK(seen.displays[0].viewer != seen.cursors.at(0).viewer);
  CHECK(seen.inputs[0].client == 4711);
  CHECK(channels() == 4);
  CHECK(wait_until([&] { return seen.pulls == 1; }));
}

TEST_CASE_FIXTURE(client_test, "a display client that dies leaves its console, and can be opened again") {
  kill(seen.displays[0].display);
  CHECK(display->peer().read_to_end().size() > 0);
  CHECK(seen.detached == std::vector{seen.displays[0].viewer});
  CHECK(channels() == 3);
  display = open_channel(channel_type::display);
  CHECK(display->result() == wire::link_error::ok);
  CHECK(channels() == 4);
}

TEST_CASE_FIXTURE(client_test, "an inputs client that dies leaves its keyboard, and can be opened again") {
  kill(seen.inputs[0].inputs);
  inputs->peer().read_to_end();
  CHECK(seen.inputs_detached == std::vector<client_id>{4711});
  CHECK(channels() == 3);
  inputs = open_channel(channel_type::inputs);
  CHECK(inputs->result() == wire::link_error::ok);
}

TEST_CASE_FIXTURE(client_test, "a cursor client that dies leaves its console, and can be opened again") {
  kill(seen.cursors[0].cursor);
  cursor->peer().read_to_end();
  CHECK(seen.detached == std::vector{seen.cursors[0].viewer});
  cursor = open_channel(channel_type::cursor);
  CHECK(cursor->result() == wire::link_error::ok);
  CHECK(channels() == 4);
}

TEST_CASE_FIXTURE(client_test, "a client that dies takes its channels with it") {
  kill(client);
  for (auto* c : {main.get(), display.get(), inputs.get(), cursor.get()}) c->peer().read_to_end();
  CHECK(seen.detached.size() == 2);
  CHECK(seen.inputs_detached.size() == 1);
}

TEST_CASE_FIXTURE(client_test, "without its VM a client ends, with a goodbye") {
  kill(owner);
  for (auto* c : {main.get(), display.get(), inputs.get(), cursor.get()}) CHECK(c->closes_with_goodbye());
}

TEST_CASE_FIXTURE(client_test, "without its main channel a client ends, and its VM hears it once") {
  main->close();
  for (auto* c : {display.get(), inputs.get(), cursor.get()}) CHECK(c->closes_with_goodbye());
  CHECK(wait_until([&] { return !seen.ended.empty(); }));
  advance(1s);
  CHECK(seen.ended.size() == 1);
  CHECK(seen.ended[0].client == 4711);
  CHECK(seen.ended[0].loop == 0);
}

TEST_CASE_FIXTURE(client_test,
                  "a disconnected client says goodbye on every channel, even to a peer that does not read") {
  for (int i = 0; i < 30000; ++i) caf::anon_send(seen.inputs[0].inputs, lock_state{static_cast<std::uint16_t>(i % 8)});
  tell(client, disconnect{errc::taken_over});
  CHECK(main->closes_with_goodbye());
  CHECK(display->closes_with_goodbye());
  advance(1s); // as long as a goodbye may take
  inputs->peer().read_to_end();
  CHECK(seen.ended.size() == 1);
}

TEST_CASE_FIXTURE(client_test, "a channel that there is not, or that is open, is refused after its link") {
  for (const auto type : {channel_type::display, channel_type::inputs, channel_type::main})
    CHECK(open_channel(type)->result() == wire::link_error::channel_not_available);
  CHECK(open_channel(channel_type::playback)->result() == wire::link_error::channel_not_available);
  CHECK(open_channel(channel_type::display, 1)->result() == wire::link_error::channel_not_available);
  CHECK(channels() == 4);
}

} // namespace saffron
