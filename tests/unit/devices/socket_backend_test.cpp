// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/socket_backend.hpp"
#include "tests/unit/devices/backend_world.hpp"

namespace saffron::devices {
namespace {

using namespace tests;

/// Gives sockets when the test says so.
class manual_connector final : public connector {
public:
  void start(transport::activation&, connector_owner& owner) override { owner_ = &owner; }
  void connect() override {
    CHECK_FALSE(wanted);
    wanted = true;
    ++asked;
  }
  void cancel() override { wanted = false; }
  void stop() override {
    cancel();
    owner_ = nullptr;
  }
  void send_break() override { ++breaks; }
  void answer(result<unique_fd> socket) {
    REQUIRE(std::exchange(wanted, false));
    owner_->on_socket(std::move(socket));
  }
  void guest(bool opened) {
    if (owner_ != nullptr) owner_->on_guest(opened);
  }
  bool wanted = false;
  int asked = 0, breaks = 0;

private:
  connector_owner* owner_ = nullptr;
};

struct socket_world : backend_world {
  manual_connector* from = nullptr;
  unique_fd peer;

  void make(connect_when when, bool in_use = true) {
    auto made = std::make_unique<manual_connector>();
    from = made.get();
    begin(std::make_shared<socket_backend>(std::move(made), when), in_use);
  }
  void connect() {
    REQUIRE(wait_until([this] { return from->wanted; }));
    auto pair = make_socket_pair(0);
    REQUIRE(pair);
    peer = std::move(pair->theirs);
    act([&](backend_device&) { from->answer(std::move(pair->ours)); });
  }
  void guest(bool opened) {
    act([&](backend_device&) { from->guest(opened); });
  }
  void write(std::string_view text) { REQUIRE(send_all(peer.get(), view_of(text))); }
  std::string fill() {
    std::string all;
    for (const std::string piece(1000, 'x'); send_all(peer.get(), view_of(piece)); all += piece) {
    }
    return all;
  }
};

} // namespace

TEST_CASE_FIXTURE(socket_world, "bytes go both ways, and an idle socket wakes nobody") {
  make(connect_when::always, false);
  CHECK(device->events.empty());
  CHECK(device->backend->tells_writable());
  connect();
  CHECK(device->events == "o");
  CHECK(device->wakeups == 0);
  write("hello");
  settle();
  CHECK(device->received == "hello");
  CHECK(device->wakeups == 1);
  CHECK(give("good day") == 8);
  CHECK(received_by(peer) == "good day");
  settle();
  CHECK(device->wakeups == 1);
}

TEST_CASE_FIXTURE(socket_world,
                  "a device that does not read is woken once, keeps everything and slows the guest down") {
  make(connect_when::always);
  connect();
  device->reads = false;
  auto sent = fill();
  settle();
  CHECK(device->wakeups == 1);
  CHECK(sent.size() < 1024 * 1024);
  act([](backend_device& d) { d.take(); });
  CHECK(device->received == sent);
  device->reads = true;
  write("more");
  settle();
  CHECK(device->received == sent + "more");
}

TEST_CASE_FIXTURE(socket_world, "a full socket takes a part, and wakes the device when there is room again") {
  make(connect_when::always);
  connect();
  const std::string much(4 * 1024 * 1024, 'y');
  const auto first = give(much);
  CHECK(first > 0);
  CHECK(first < much.size());
  settle();
  CHECK(device->wakeups == 0);
  auto got = received_by(peer);
  settle();
  CHECK(device->wakeups > 0);
  CHECK(got.size() == first);
  CHECK(give("end") == 3);
  CHECK(received_by(peer) == "end");
}

TEST_CASE_FIXTURE(socket_world, "a device that waits for room writes again when there is much, not into every gap") {
  make(connect_when::always);
  connect();
  const auto first = give(std::string(4 * 1024 * 1024, 'y'));
  std::string half(first / 2, '\0');
  REQUIRE(::recv(peer.get(), half.data(), half.size(), MSG_WAITALL) == static_cast<ssize_t>(half.size()));
  CHECK(give("a gap") == 0);
  CHECK(half + received_by(peer) == std::string(first, 'y'));
  settle();
  CHECK(device->wakeups > 0);
  CHECK(give("end") == 3);
}

TEST_CASE_FIXTURE(socket_world, "an end is told after the last bytes, and another socket is asked for") {
  make(connect_when::always);
  connect();
  write("last words");
  peer.reset();
  REQUIRE(has_events("oc"));
  CHECK(device->received == "last words");
  CHECK(give("nobody") == 0);
  CHECK(from->asked == 1);
  connect(); // after a pause
  CHECK(device->events == "oco");
  CHECK(give("again") == 5);
  CHECK(received_by(peer) == "again");
}

TEST_CASE_FIXTURE(socket_world, "an end that a write finds leaves what can still be read") {
  make(connect_when::always);
  connect();
  device->reads = false;
  write("last words");
  settle();
  peer.reset();
  device->reads = true;
  CHECK(give("x") == 0);
  REQUIRE(has_events("oc"));
  CHECK(device->received == "last words");
}

TEST_CASE_FIXTURE(socket_world, "a connect that fails is tried again, one that never can succeed is not") {
  make(connect_when::always);
  act([&](backend_device&) { from->answer(fail{errc::socket_failed}); });
  CHECK_FALSE(from->wanted);
  REQUIRE(wait_until([&] { return from->asked == 2; }));
  act([&](backend_device&) { from->answer(fail{errc::backend_gone}); });
  use(false);
  use(true);
  CHECK_FALSE(wait_until([&] { return from->asked > 2; }, std::chrono::milliseconds{300}));
  CHECK(device->events.empty());
}

TEST_CASE_FIXTURE(socket_world, "a device that nobody uses is not connected, and each use is a new connection") {
  make(connect_when::while_in_use, false);
  CHECK(from->asked == 0);
  use(true);
  connect();
  CHECK(device->events == "o");
  write("never read");
  use(false);
  CHECK(device->events == "oc");
  bool closed = false;
  CHECK(received_by(peer, &closed).empty());
  use(true);
  connect();
  CHECK(device->events == "oco");
  write("hello");
  settle();
  CHECK(device->received.ends_with("hello"));
}

TEST_CASE_FIXTURE(socket_world, "letting go and connecting at once is an end and a beginning") {
  make(connect_when::while_in_use);
  connect();
  act([](backend_device& d) {
    d.inside = true; // nothing is told from within
    d.backend->set_in_use(false);
    CHECK(d.backend->write(view_of("x")) == 0);
    d.backend->set_in_use(true);
    d.backend->set_in_use(false);
    d.backend->set_in_use(true);
    d.inside = false;
  });
  connect();
  CHECK(device->events == "oco");
}

TEST_CASE_FIXTURE(socket_world, "letting go while it connects asks for nothing more") {
  make(connect_when::while_in_use);
  CHECK(from->wanted);
  use(false);
  CHECK_FALSE(from->wanted);
  use(true);
  act([&](backend_device&) { from->answer(fail{errc::socket_failed}); });
  use(false);
  CHECK_FALSE(wait_until([&] { return from->wanted; }, std::chrono::milliseconds{300}));
  CHECK(device->events.empty());
}

TEST_CASE_FIXTURE(socket_world, "a guest that closes its end and opens it again begins a fresh stream") {
  make(connect_when::always);
  act([&](backend_device&) { from->guest(false); });
  connect();
  CHECK(device->events.empty());
  CHECK(give("too early") == 0);
  write("hello");
  settle();
  CHECK(device->received.empty());
  guest(true);
  CHECK(device->events == "o");
  CHECK(device->received == "hello");
  write(", bye");
  guest(false);
  CHECK(device->events == "oc");
  CHECK(device->received == "hello, bye");
  guest(true);
  CHECK(give("x") == 1);

  device->reads = false;
  write("nobody takes this");
  settle();
  guest(false);
  device->reads = true;
  guest(true);
  write("new");
  settle();
  CHECK(device->events == "ococo");
  CHECK(device->received == "hello, byenew");
}

TEST_CASE_FIXTURE(socket_world, "an end is noticed while the guest's side is closed, without spinning") {
  make(connect_when::always);
  guest(false);
  connect();
  peer.reset();
  connect();
  CHECK(from->asked == 2);
  CHECK(device->events.empty());
  CHECK(device->wakeups == 0);
}

TEST_CASE_FIXTURE(socket_world, "a break goes to the guest, other events are what use is for") {
  make(connect_when::always);
  connect();
  act([](backend_device& d) {
    for (const auto e : {port_event::opened, port_event::break_sent, port_event::closed}) d.backend->send_event(e);
  });
  CHECK(from->breaks == 1);
  CHECK(device->events == "o");
}

TEST_CASE_FIXTURE(socket_world, "nothing is told after stop, also when it comes from within an event") {
  make(connect_when::always);
  device->then = [this](port_event) { device->backend->stop(); };
  connect();
  CHECK(device->events == "o");
  bool closed = false;
  CHECK(received_by(peer, &closed).empty());
  CHECK(closed);
  peer.reset();
  settle();
  CHECK(device->events == "o");
  CHECK(device->wakeups == 0);

  device->then = {};
  act([](backend_device& d) { d.backend->start(d, d); });
  connect();
  CHECK(device->events == "oo");
  write("again");
  settle();
  CHECK(device->received == "again");
  end();
  CHECK(received_by(peer, &closed).empty());
  CHECK(closed);
}

TEST_CASE_FIXTURE(socket_world, "stop from within the event of an end asks for nothing more") {
  make(connect_when::always);
  connect();
  device->then = [this](port_event e) {
    if (e == port_event::closed) device->backend->stop();
  };
  peer.reset();
  REQUIRE(has_events("oc"));
  CHECK_FALSE(wait_until([&] { return from->wanted; }, std::chrono::milliseconds{300}));
}

} // namespace saffron::devices
