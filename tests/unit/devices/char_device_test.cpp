// SPDX-License-Identifier: BSD-3-Clause
// The char device actor in virtual time: its clocks, and clients that die without a word.
#include "devices/char/char_device.hpp"
#include "devices/char/stream_protocol.hpp"
#include "messages/defaults.hpp"
#include "tests/unit/captured_log.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace saffron::devices {
namespace {

using namespace std::chrono_literals;
using text = std::vector<std::string>;

shared_bytes bytes(std::string_view words) { return shared_bytes::copy_of(std::as_bytes(std::span{words})); }

/// A backend that is open from its start and tells nothing by itself.
struct quiet_backend final : char_backend {
  std::size_t room = 1000;
  std::string taken, there;
  int writes = 0;
  bool tells = true, in_use = false;

  void start(transport::activation&, backend_owner&) override {}
  void stop() override {}
  void set_in_use(bool use) override { in_use = use; }
  [[nodiscard]] bool tells_writable() const override { return tells; }
  std::size_t write(std::span<const std::byte> from) override {
    ++writes;
    const auto n = std::min(room, from.size());
    taken.append(reinterpret_cast<const char*>(from.data()), n);
    room -= n;
    return n;
  }
  std::size_t read(std::span<std::byte> to) override {
    const auto n = std::min(to.size(), there.size());
    std::memcpy(to.data(), there.data(), n);
    there.erase(0, n);
    return n;
  }
};

class noting_client final : public transport::pinned_actor<device_client_actor> {
public:
  noting_client(caf::actor_config& config, transport::loop& home, text& heard)
      : pinned_actor(config, home), heard_(heard) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](const device_message& m) {
          heard_.emplace_back(reinterpret_cast<const char*>(m.data.data()), m.data.size());
        },
        [this](token_grant t) { heard_.push_back(fmt::format("grant {}", t.tokens)); },
        [](device_event) {},
        [this](const device_attached& a) { heard_.push_back(fmt::format("attached: {}", to_string(a.error))); },
        [this](remove_client r) { heard_.push_back(fmt::format("removed: {}", to_string(r.reason))); },
    };
  }

private:
  text& heard_;
};

struct device_test : tests::virtual_world {
  device_test() {
    char_device_setup s;
    s.what.label = "port org.x.0 of vm web01";
    s.what.sharing = device_sharing::all_readers;
    s.what.flow = {1, 0, 1000, 1000};
    s.protocol = [](agent_host&) { return std::make_unique<stream_protocol>(); };
    s.counted = &counted;
    device = track(make_char_device(system, loop, std::move(s)));
    tell(device, start_device{});
    tell(device, attach_backend{backend});
  }
  ~device_test() { device = nullptr; }
  device_client_actor attach(client_id id, text& heard, std::uint64_t send_tokens) {
    const auto client = device_client_actor{spawn<noting_client>(loop, heard)};
    tell(device, attach_client{id, client, {true, 10, 100, 100, send_tokens, false}});
    return client;
  }
  /// The guest speaks when somebody grants tokens next.
  void guest_says(std::string_view words, client_id granting) {
    backend->there += words;
    tell(device, add_send_tokens{granting, 1});
  }
  std::size_t clients() { return ask<char_device_status>(device, status_query{}).clients; }

  tests::captured_log log_lines;
  counters counted;
  std::shared_ptr<quiet_backend> backend = std::make_shared<quiet_backend>();
  char_device_actor device;
  text slow, fast;
};

} // namespace

TEST_CASE_FIXTURE(device_test, "30 s without tokens remove a client, and the other one goes on") {
  const auto one = attach(1, slow, 0), two = attach(2, fast, 50);
  guest_says("hello", 2);
  CHECK(fast == text{"attached: no error", "hello"});
  advance(29s);
  CHECK(slow == text{"attached: no error"});
  advance(2s);
  CHECK(slow == text{"attached: no error", "removed: timed out"});
  CHECK(counted.device_clients_removed.value() == 1);
  tell(device, detach_client{1});
  guest_says("again", 2);
  CHECK(fast.back() == "again");
}

TEST_CASE_FIXTURE(device_test, "tokens in time cancel the clock, and the late one does not fire") {
  const auto one = attach(1, slow, 0), two = attach(2, fast, 50);
  guest_says("hello", 2);
  advance(29s);
  tell(device, add_send_tokens{1, 100});
  CHECK(slow == text{"attached: no error", "hello"});
  advance(60s);
  CHECK(slow.size() == 2);
  CHECK(clients() == 2);
}

TEST_CASE_FIXTURE(device_test,
                  "a backend that does not tell when it can go on is tried every 100 ms, and not after that") {
  backend->tells = false;
  backend->room = 2;
  const auto one = attach(1, slow, 0);
  tell(device, client_data{1, bytes("hello"), 5});
  CHECK(backend->taken == "he");
  const auto tried = backend->writes;
  advance(99ms);
  CHECK(backend->writes == tried);
  advance(1ms);
  CHECK(backend->writes == tried + 1);
  backend->room = 100;
  advance(100ms);
  CHECK(backend->taken == "hello");
  CHECK(slow.back() == "grant 5");
  const auto done = backend->writes;
  advance(10s);
  CHECK(backend->writes == done);
}

TEST_CASE_FIXTURE(device_test, "a client that dies without a word is forgotten") {
  const auto one = attach(1, slow, 0);
  CHECK(clients() == 1);
  CHECK(backend->in_use);
  caf::anon_send_exit(one, caf::exit_reason::kill);
  settle();
  CHECK(clients() == 0);
  CHECK_FALSE(backend->in_use);
}

TEST_CASE_FIXTURE(device_test, "a device that was stopped keeps what arrives until it is started") {
  const auto one = attach(1, slow, 50);
  tell(device, stop_device{});
  tell(device, client_data{1, bytes("kept"), 4});
  guest_says("kept too", 1);
  CHECK(backend->taken.empty());
  CHECK(slow.size() == 1);
  tell(device, start_device{});
  CHECK(backend->taken == "kept");
  CHECK(std::ranges::count(slow, std::string{"kept too"}) == 1);
}

TEST_CASE_FIXTURE(device_test, "a client's state is saved, and restored where it goes to") {
  backend->room = 0;
  const auto one = attach(1, slow, 50);
  tell(device, client_data{1, bytes("on its way"), 10});
  const auto state = ask<device_state>(device, save_device{1});
  CHECK(state.unwritten.size() == 10);
  CHECK(state.write_tokens == 10);
  CHECK(state.client_tokens == 90);
  const auto two = device_client_actor{spawn<noting_client>(loop, fast)};
  tell(device, detach_client{1});
  backend->taken.clear();
  // The same device stands for the one of the other server: it is started anew, with nothing moved.
  tell(device, stop_device{});
  tell(device, start_device{});
  tell(device, attach_client{2, two, {true, 10, 100, 100, 0, true}});
  backend->room = 100;
  tell(device, restore_device{2, state});
  CHECK(backend->taken == "on its way");
  CHECK(fast == text{"attached: no error", "grant 10"});
}

} // namespace saffron::devices
