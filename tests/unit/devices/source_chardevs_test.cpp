// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/devices/backend_world.hpp"
#include "tests/unit/devices/qemu_world.hpp"

#include <algorithm>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace tests;
using namespace std::chrono_literals;

struct chardev_world : qemu_world {
  fake_qemu::chardev *agent = nullptr, *usb = nullptr;
  std::vector<actor_handle<void(shut_down)>> handles;

  ~chardev_world() {
    for (auto& h : handles) tell(std::exchange(h, {}), shut_down{});
    run();
  }
  void make_qemu() {
    qemu.emplace(path);
    agent = &qemu->add_chardev("vd0", "com.redhat.spice.0");
    usb = &qemu->add_chardev("r0", "org.qemu.usbredir");
    qemu->add_chardev("serial0", "org.qemu.console.serial.0");
  }
  void start() {
    make_qemu();
    start_source();
    REQUIRE(attached());
  }
  char_device_offer offer(char_device_kind kind) {
    const auto& offers = told.attached.back().char_devices;
    const auto found = std::ranges::find(offers, kind, &char_device_offer::kind);
    REQUIRE(found != offers.end());
    return *found;
  }
  backend_device& begin(char_device_kind kind, bool in_use) {
    const auto handle = spawn<backend_device>(loop, offer(kind).backend);
    handles.push_back(handle);
    run();
    auto& device = *dynamic_cast<backend_device*>(caf::actor_cast<caf::abstract_actor*>(handle));
    act(device, [in_use](backend_device& d) {
      d.backend->start(d, d);
      if (in_use) d.backend->set_in_use(true);
    });
    return device;
  }
  void act(backend_device& device, const std::function<void(backend_device&)>& body) {
    asio::post(loop.io(), [&device, body] { device.run([&] { body(device); }); });
    run();
  }
  template <class F>
  bool soon(F done) {
    return wait_until([&] {
      run();
      return done();
    });
  }
};

} // namespace

TEST_CASE_FIXTURE(chardev_world,
                  "chardevs that clients may have are offered, each with one backend for the attachment") {
  start();
  const auto first = told.attached.at(0).char_devices;
  REQUIRE(first.size() == 2);
  CHECK(first[0].kind == char_device_kind::usbredir);
  CHECK(first[0].name == "r0");
  CHECK(first[1].kind == char_device_kind::vdagent);
  qemu->consoles[0].absolute = 1;
  qemu->changed(0, "org.qemu.Display1.Mouse", "IsAbsolute");
  run();
  REQUIRE(told.attached.size() == 2);
  CHECK(told.attached[1].char_devices[0].backend == first[0].backend);
  CHECK(told.attached[1].char_devices[1].backend == first[1].backend);
}

TEST_CASE_FIXTURE(chardev_world, "settings add sockets and other chardevs") {
  settings = {parse_device_setting("port:console=dbus:serial0").value(),
              parse_device_setting("smartcard=unix-listen:@saffron-test-card").value()};
  start();
  std::string all;
  for (const auto& o : told.attached.at(0).char_devices) all += o.name + " ";
  CHECK(all == "unix-listen:@saffron-test-card r0 console vd0 ");
}

TEST_CASE_FIXTURE(chardev_world, "the agent is connected at once, and is there when the guest has opened its port") {
  start();
  auto& device = begin(char_device_kind::vdagent, false);
  REQUIRE(agent->connected());
  CHECK(agent->senders == std::vector<std::string>{":1.2"}); // :1.1 is the listener's
  CHECK(device.events.empty());
  qemu->guest(*agent, true);
  run();
  CHECK(device.events == "o");
  REQUIRE(send_all(agent->socket.get(), view_of("hello")));
  run();
  CHECK(device.received == "hello");
  act(device, [](backend_device& d) { CHECK(d.give("good day") == 8); });
  CHECK(backend_world::received_by(agent->socket) == "good day");
  qemu->guest(*agent, false);
  run();
  CHECK(device.events == "oc");
  CHECK(agent->connected());
}

TEST_CASE_FIXTURE(chardev_world, "an agent that is there before us is seen") {
  make_qemu();
  agent->opened = 1;
  start_source();
  CHECK(begin(char_device_kind::vdagent, false).events == "o");
}

TEST_CASE_FIXTURE(chardev_world, "USB redirection is connected while it is used, and by that alone") {
  start();
  auto& device = begin(char_device_kind::usbredir, false);
  CHECK_FALSE(usb->connected());
  act(device, [](backend_device& d) { d.backend->set_in_use(true); });
  CHECK(usb->connected());
  CHECK(device.events == "o");
  qemu->guest(*usb, true);
  qemu->guest(*usb, false);
  run();
  CHECK(device.events == "o");
  act(device, [](backend_device& d) { d.backend->set_in_use(false); });
  CHECK_FALSE(usb->connected());
  CHECK(device.events == "oc");
}

TEST_CASE_FIXTURE(chardev_world, "a chardev that another program uses is asked for again until it is free") {
  make_qemu();
  auto other = make_socket_pair(0);
  usb->socket = std::move(other->theirs);
  start_source();
  auto& device = begin(char_device_kind::usbredir, true);
  CHECK(usb->senders.size() == 1);
  CHECK(device.events.empty());
  other->ours.reset();
  CHECK(soon([&] { return device.events == "o"; }));
  CHECK(usb->senders.size() == 2);
}

TEST_CASE_FIXTURE(chardev_world, "letting go before QEMU has answered leaves nothing connected") {
  start();
  auto& device = begin(char_device_kind::usbredir, false);
  asio::post(loop.io(), [&] { device.run([&] { device.backend->set_in_use(true); }); });
  settle(); // QEMU does not move
  asio::post(loop.io(), [&] { device.run([&] { device.backend->set_in_use(false); }); });
  run();
  CHECK(usb->senders.size() == 1);
  CHECK_FALSE(usb->connected());
  CHECK(device.events.empty());
}

TEST_CASE_FIXTURE(chardev_world, "streams live on while another program has the display") {
  start();
  auto& device = begin(char_device_kind::vdagent, true);
  qemu->guest(*agent, true);
  run();
  const auto before = offer(char_device_kind::vdagent).backend;
  qemu->close_display();
  run();
  REQUIRE(send_all(agent->socket.get(), view_of("still here")));
  run();
  CHECK(device.received == "still here");
  agent->opened = 0; // unseen
  pass(2s);
  REQUIRE(attached());
  CHECK(device.events == "oc");
  CHECK(offer(char_device_kind::vdagent).backend == before);
  CHECK(agent->senders.size() == 1);
}

TEST_CASE_FIXTURE(chardev_world, "a connect that the loss of the display leaves unanswered is made again") {
  start();
  auto& device = begin(char_device_kind::usbredir, false);
  asio::post(loop.io(), [&] { device.run([&] { device.backend->set_in_use(true); }); });
  settle();
  qemu->close_display();
  run();
  CHECK(device.events.empty());
  pass(2s);
  CHECK(soon([&] { return device.events == "o"; }));
}

TEST_CASE_FIXTURE(chardev_world, "a QEMU that ends closes its streams for good, and its successor has new ones") {
  start();
  auto& device = begin(char_device_kind::usbredir, true);
  CHECK(device.events == "o");
  const auto before = offer(char_device_kind::usbredir).backend;
  qemu.reset();
  CHECK(soon([&] { return device.events == "oc" && !attached(); }));
  CHECK_FALSE(told.states.back().running);
  make_qemu();
  pass(2s);
  REQUIRE(attached());
  CHECK(offer(char_device_kind::usbredir).backend != before);
  CHECK(begin(char_device_kind::usbredir, true).events == "o");
  CHECK(device.events == "oc");
}

TEST_CASE_FIXTURE(chardev_world, "a chardev that is gone when the display comes back is not offered any more") {
  start();
  begin(char_device_kind::usbredir, false);
  qemu->close_display();
  run();
  std::erase_if(qemu->chardevs, [](const auto& c) { return c.path.ends_with("vd0"); });
  pass(2s);
  REQUIRE(attached());
  CHECK(told.attached.back().char_devices.size() == 1);
}

TEST_CASE_FIXTURE(chardev_world, "a device outlives the source it came from") {
  start();
  auto& device = begin(char_device_kind::usbredir, true);
  tell(source, shut_down{});
  run();
  CHECK(device.events == "o");
  act(device, [](backend_device& d) {
    d.backend->set_in_use(false);
    d.backend->set_in_use(true);
    d.backend->send_event(port_event::break_sent);
  });
  run();
  CHECK(device.events == "oc");
}

TEST_CASE_FIXTURE(chardev_world, "a break reaches the chardev") {
  start();
  auto& device = begin(char_device_kind::vdagent, true);
  act(device, [](backend_device& d) { d.backend->send_event(port_event::break_sent); });
  CHECK(agent->breaks == 1);
}

TEST_CASE_FIXTURE(chardev_world, "only a VM that runs is told as running") {
  start();
  CHECK(told.states.back().running);
  for (const auto* status : {"paused", "inmigrate", "running", "guest-panicked"}) {
    qemu->status = status;
    qemu->send_event("STOP");
    run();
    CHECK(told.states.back().running == (std::string_view{status} == "running"));
    CHECK(attached());
  }
}

} // namespace saffron::devices::qemu_dbus
