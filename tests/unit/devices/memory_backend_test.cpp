// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/memory_backend.hpp"
#include "devices/demo/demo_echo.hpp"
#include "messages/actors.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace saffron::devices {
namespace {

// The actor whose device a backend thinks it belongs to.
using host_actor = actor_handle<void(tick)>;
class test_host final : public transport::pinned_actor<host_actor> {
public:
  using pinned_actor::pinned_actor;

protected:
  behavior_type make_behavior() override {
    return {[](tick) {}};
  }
};

struct test_owner final : backend_owner {
  void on_wakeup() override { ++wakeups; }
  void on_event(port_event event) override { events.push_back(event); }
  int wakeups = 0;
  std::vector<port_event> events;
};

// Takes `appetite` bytes at a time and writes what the test says.
struct test_peer final : memory_peer {
  void on_start(memory_line& l) override {
    line = &l;
    memory_peer::on_start(l);
  }
  std::size_t on_bytes(std::span<const std::byte> bytes) override {
    const auto n = std::min(bytes.size(), appetite);
    got.append(reinterpret_cast<const char*>(bytes.data()), n);
    return n;
  }
  void on_room() override { ++rooms; }
  void on_in_use(bool in_use) override { uses.push_back(in_use); }
  void on_event(port_event event) override { events.push_back(event); }

  memory_line* line = nullptr;
  std::size_t appetite = 1000;
  std::string got;
  int rooms = 0;
  std::vector<bool> uses;
  std::vector<port_event> events;
};

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span{text}); }

struct memory_world : tests::virtual_world {
  memory_world() {
    auto owned = std::make_unique<test_peer>();
    peer = owned.get();
    use(std::make_shared<memory_backend>(std::move(owned), 8));
  }
  ~memory_world() { backend->stop(); }
  memory_world(const memory_world&) = delete;
  memory_world& operator=(const memory_world&) = delete;

  void use(std::shared_ptr<char_backend> other) {
    if (backend) backend->stop();
    backend = std::move(other);
    backend->start(*caf::actor_cast<test_host*>(host), owner);
    settle();
  }
  std::string read() {
    std::string text(64, ' ');
    text.resize(backend->read(std::as_writable_bytes(std::span{text})));
    return text;
  }

  host_actor host = spawn<test_host>(loop);
  test_owner owner;
  test_peer* peer = nullptr;
  std::shared_ptr<char_backend> backend;
};

} // namespace

TEST_CASE_FIXTURE(memory_world, "bytes cross both ways, and never within the call that wrote them") {
  CHECK(owner.events == std::vector{port_event::opened});
  CHECK(backend->write(bytes_of("hello")) == 5);
  CHECK(peer->got.empty());
  settle();
  CHECK(peer->got == "hello");
  CHECK(owner.wakeups == 0);
  CHECK(peer->line->write(bytes_of("world")) == 5);
  CHECK(owner.wakeups == 0);
  settle();
  CHECK(owner.wakeups == 1);
  CHECK(read() == "world");
}

TEST_CASE_FIXTURE(memory_world, "a write beyond the room takes what fits and is woken when the guest has taken some") {
  peer->appetite = 0;
  CHECK(backend->write(bytes_of("0123456789")) == 8);
  CHECK(backend->write(bytes_of("89")) == 0);
  settle();
  CHECK(owner.wakeups == 0);
  peer->appetite = 3;
  peer->line->ask_again();
  settle();
  CHECK(owner.wakeups == 1);
  CHECK(peer->got == "012");
  CHECK(backend->write(bytes_of("89")) == 2);
  peer->appetite = 100;
  peer->line->ask_again();
  settle();
  CHECK(peer->got == "0123456789");
}

TEST_CASE_FIXTURE(memory_world, "the guest that wrote too much is told when there is room") {
  CHECK(peer->line->write(bytes_of("0123456789")) == 8);
  settle();
  CHECK(peer->rooms == 0);
  CHECK(read() == "01234567");
  settle();
  CHECK(peer->rooms == 1);
  CHECK(peer->line->write(bytes_of("89")) == 2);
}

TEST_CASE_FIXTURE(memory_world, "a closed line loses what is queued and moves nothing until it opens") {
  peer->line->write(bytes_of("lost"));
  peer->line->send_event(port_event::closed);
  CHECK(backend->write(bytes_of("lost")) == 0);
  settle();
  CHECK(owner.events == std::vector{port_event::opened, port_event::closed});
  CHECK(read().empty());
  CHECK(peer->line->write(bytes_of("lost")) == 0);
  peer->line->send_event(port_event::opened);
  settle();
  CHECK(backend->write(bytes_of("kept")) == 4);
  settle();
  CHECK(peer->got == "kept");
}

TEST_CASE_FIXTURE(memory_world, "the guest hears of use and of clients' events") {
  backend->set_in_use(true);
  backend->send_event(port_event::break_sent);
  CHECK(peer->uses.empty());
  settle();
  CHECK(peer->uses == std::vector{true});
  CHECK(peer->events == std::vector{port_event::break_sent});
}

TEST_CASE_FIXTURE(memory_world, "after stop nobody is called") {
  peer->line->write(bytes_of("x"));
  backend->write(bytes_of("y"));
  backend->stop();
  settle();
  CHECK(owner.wakeups == 0);
  CHECK(peer->got.empty());
}

TEST_CASE_FIXTURE(memory_world, "the echo gives back every byte in order, and takes none that it cannot give back") {
  use(std::make_shared<memory_backend>(std::make_unique<demo::demo_echo>(), 8));
  std::string sent, got, text;
  for (int i = 0; i < 200; ++i) text += static_cast<char>('a' + i % 26);
  for (int round = 0; round < 200 && got.size() < text.size(); ++round) {
    const auto n = backend->write(bytes_of(std::string_view{text}.substr(sent.size())));
    sent += text.substr(sent.size(), n);
    settle();
    if (round % 3 == 2) got += read();
    CHECK(sent.size() - got.size() <= 16);
    settle();
  }
  CHECK(got == text);
}

} // namespace saffron::devices
