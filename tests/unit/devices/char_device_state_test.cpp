// SPDX-License-Identifier: BSD-3-Clause
// Who may use a device, and what becomes of its clients when its backend comes and goes.
#include "devices/char/char_device_state.hpp"
#include "devices/char/stream_protocol.hpp"
#include "messages/defaults.hpp"
#include "tests/unit/captured_log.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace saffron::devices {
namespace {

using text = std::vector<std::string>;

struct fake_backend final : char_backend {
  explicit fake_backend(text& to) : calls(to) {}
  void start(transport::activation&, backend_owner&) override {}
  void stop() override { calls.emplace_back("stop"); }
  void set_in_use(bool in_use) override { calls.emplace_back(in_use ? "in use" : "not in use"); }
  void send_event(port_event event) override { calls.push_back(fmt::format("event {}", static_cast<int>(event))); }
  std::size_t write(std::span<const std::byte> bytes) override {
    taken += std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    return bytes.size();
  }
  std::size_t read(std::span<std::byte> room) override {
    const auto n = std::min(room.size(), there.size());
    std::memcpy(room.data(), there.data(), n);
    there.erase(0, n);
    return n;
  }
  text& calls;
  std::string taken, there;
};

struct state_test : device_outlet {
  state_test() = default;
  void make(device_sharing sharing, char_device_kind kind = char_device_kind::port) {
    device_description what;
    what.kind = kind;
    what.name = "org.x.0";
    what.label = "port org.x.0 of vm web01";
    what.sharing = sharing;
    what.flow = {1, 0, 1000, 1000};
    auto protocol = std::make_unique<stream_protocol>();
    state.emplace(std::move(what), std::move(protocol), *this, counted);
    state->start();
    state->set_backend(backend);
    open();
  }
  void open() {
    state->on_event(port_event::opened);
    calls.clear();
  }
  void attach(client_id client) { state->attach(client, {true, 10, 100, 100, 100, false}); }
  void write(client_id client, const std::string& words) {
    state->write(client, shared_bytes::copy_of(std::as_bytes(std::span{words})), words.size());
  }
  text take() { return std::exchange(calls, {}); }

  void to_client(client_id c, const device_message& m) override {
    calls.push_back(fmt::format("{}: {}", c, std::string(reinterpret_cast<const char*>(m.data.data()), m.data.size())));
  }
  void to_client(client_id c, token_grant t) override { calls.push_back(fmt::format("{} grant {}", c, t.tokens)); }
  void to_client(client_id c, device_event e) override {
    calls.push_back(fmt::format("{} event {}", c, static_cast<int>(e.event)));
  }
  void to_client(client_id c, device_attached a) override {
    calls.push_back(fmt::format("{} attached {} {}", c, to_string(a.error), a.opened));
  }
  void to_client(client_id c, remove_client r) override {
    calls.push_back(fmt::format("{} removed: {}", c, to_string(r.reason)));
  }
  void schedule(wait_for_tokens_expired) override {}
  void schedule(retry_write) override {}
  void continue_soon() override { ++continued; }
  void start(char_backend&) override { calls.emplace_back("start"); }

  tests::captured_log log_lines;
  counters counted;
  text calls;
  int continued = 0;
  std::shared_ptr<fake_backend> backend = std::make_shared<fake_backend>(calls);
  std::optional<char_device_state> state;
};

} // namespace

TEST_CASE_FIXTURE(state_test, "a device is used by one client at a time, and the others are told") {
  make(device_sharing::first);
  attach(1);
  CHECK(take() == text{"1 attached no error true", "in use"});
  attach(2);
  CHECK(take() == text{"2 attached another client uses the device false"});
  write(2, "x"); // nobody
  state->detach(2);
  CHECK(backend->taken.empty());
  CHECK(take().empty());
  state->detach(1);
  attach(2);
  open();
  write(2, "hello");
  CHECK(backend->taken == "hello");
}

TEST_CASE_FIXTURE(state_test, "the newest client takes a device over, and the guest sees it closed in between") {
  make(device_sharing::last);
  attach(1);
  take();
  attach(2);
  CHECK(take() == text{"1 removed: another client took over", "not in use", "2 attached no error false", "in use"});
  CHECK(counted.device_clients_removed.value() == 1);
}

TEST_CASE_FIXTURE(state_test, "all read a shared port, and the first one alone writes") {
  make(device_sharing::all_readers);
  attach(1);
  attach(2);
  take();
  backend->there = "abc";
  state->on_wakeup();
  CHECK(take() == text{"1: abc", "2: abc"});
  write(1, "one");
  write(2, "two");
  CHECK(backend->taken == "one");
  CHECK(counted.device_data_dropped.value() == 3);
  CHECK(take() == text{"1 grant 3", "2 grant 3"});
  state->detach(1);
  write(2, "two");
  CHECK(backend->taken == "onetwo");
}

TEST_CASE_FIXTURE(state_test, "a client without a token for its data is given up, and the others are not") {
  make(device_sharing::all_readers);
  attach(1);
  attach(2);
  take();
  write(1, std::string(101, 'x'));
  CHECK(take() == text{"1 removed: data without a token for it"});
  state->detach(1);
  write(2, "two");
  CHECK(backend->taken == "two");
  CHECK(log_lines.lines().back().find("port org.x.0 of vm web01 gives up client 1") != std::string::npos);
}

TEST_CASE_FIXTURE(state_test, "the guest's end is seen to close and to open, and breaks pass") {
  make(device_sharing::first);
  attach(1);
  take();
  state->on_event(port_event::closed);
  state->on_event(port_event::closed);
  CHECK(take() == text{"1 event 1"});
  state->on_event(port_event::opened);
  state->on_event(port_event::break_sent);
  CHECK(take() == text{"1 event 0", "1 event 2"});
  state->event(1, port_event::break_sent);
  state->event(7, port_event::break_sent); // nobody
  CHECK(take() == text{"event 2"});
}

TEST_CASE_FIXTURE(state_test, "a guest that sends nonsense is closed until the next tick, once") {
  make(device_sharing::first);
  attach(1);
  take();
  state->guest_failed("no sense");
  state->guest_failed("no sense");
  CHECK(continued == 1);
  CHECK(take().empty()); // it may have happened inside of a read
  state->on_wakeup();
  CHECK(take() == text{"stop", "1 event 1"});
  CHECK(counted.guest_commands_dropped.value() == 1);
  state->tick();
  CHECK(take() == text{"start", "in use"});
  state->on_event(port_event::opened);
  CHECK(take() == text{"1 event 0"});
}

TEST_CASE_FIXTURE(state_test, "an agent is in use as long as it is there, with or without clients") {
  make(device_sharing::all, char_device_kind::vdagent);
  state->set_backend(nullptr);
  CHECK(take() == text{"stop"});
  state->set_backend(backend);
  CHECK(take() == text{"start", "in use"});
  attach(1);
  state->detach(1);
  CHECK(take() == text{"1 attached no error false"});
}

TEST_CASE_FIXTURE(state_test, "messages to a device without a backend wait for the next one") {
  make(device_sharing::first);
  attach(1);
  state->set_backend(nullptr);
  take();
  write(1, "wait");
  CHECK(take().empty());
  state->set_backend(backend);
  state->on_event(port_event::opened);
  CHECK(backend->taken == "wait");
}

TEST_CASE_FIXTURE(state_test, "its status counts what passes and what waits") {
  make(device_sharing::first);
  attach(1);
  state->stop();
  write(1, "12345");
  const auto s = state->status();
  CHECK(s.kind == "port");
  CHECK(s.name == "org.x.0");
  CHECK(s.opened);
  CHECK_FALSE(s.running);
  CHECK(s.clients == 1);
  CHECK(s.write_queue_bytes == 5);
  state->start();
  CHECK(state->status().bytes_to_guest == 5);
  CHECK(state->status().write_queue_bytes == 0);
}

} // namespace saffron::devices
