// SPDX-License-Identifier: BSD-3-Clause
// A real QEMU's D-Bus chardevs: an agent's port, a USB redirector, a smartcard reader. Its guest drives none of them.
#include "devices/qemu_dbus/source.hpp"
#include "tests/unit/devices/backend_world.hpp"
#include "tests/unit/devices/live_world.hpp"

#include <algorithm>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace tests;

/// usbredir's hello: a header of 12 bytes, 64 bytes of version, 4 of capabilities; QEMU 7.2 leaves the header's id
/// short.
constexpr std::size_t shortest_hello = 68;

struct live_chardevs_world : live_world {
  std::vector<actor_handle<void(shut_down)>> handles;

  ~live_chardevs_world() {
    for (auto& h : handles) tell(std::exchange(h, {}), shut_down{});
  }
  void start_all(const std::string& program) {
    start_qemu(program, "VGA",
               {"-device", "virtio-serial-pci", "-device", "piix3-usb-uhci", //
                "-chardev", "dbus,id=vd0,name=com.redhat.spice.0",           //
                "-device", "virtserialport,chardev=vd0,name=com.redhat.spice.0", "-chardev",
                "dbus,id=r0,name=org.qemu.usbredir",                                     //
                "-device", "usb-redir,chardev=r0",                                       //
                "-chardev", "dbus,id=c0,name=org.qemu.smartcard", "-device", "usb-ccid", //
                "-device", "ccid-card-passthru,chardev=c0"});
    REQUIRE(wait_for([&] { return attached(); }));
  }
  backend_device& begin(char_device_kind kind) {
    const auto& offers = told.attached.back().char_devices;
    const auto found = std::ranges::find(offers, kind, &char_device_offer::kind);
    REQUIRE(found != offers.end());
    handles.push_back(spawn<backend_device>(loop, found->backend));
    settle();
    auto& device = *dynamic_cast<backend_device*>(caf::actor_cast<caf::abstract_actor*>(handles.back()));
    act(device, [](backend_device& d) { d.backend->start(d, d); });
    return device;
  }
  void act(backend_device& device, const std::function<void(backend_device&)>& body) {
    asio::post(loop.io(), [&device, body] { device.run([&] { body(device); }); });
    settle();
  }
  void use(backend_device& device, bool in_use) {
    act(device, [in_use](backend_device& d) { d.backend->set_in_use(in_use); });
  }
  bool said_hello(backend_device& device) {
    return wait_for([&] { return device.events.ends_with('o') && device.received.size() >= shortest_hello; });
  }
};

} // namespace

TEST_CASE_FIXTURE(live_chardevs_world, "a real QEMU speaks through its chardevs, each use anew, also after a restart") {
  const auto program = find_qemu();
  if (program.empty()) {
    MESSAGE("skipped: there is no qemu-system-x86_64");
    return;
  }
  source = track(make_qemu_source(system, loop, qmp, vm, count));
  start_all(program);
  REQUIRE(told.attached.back().char_devices.size() == 3);

  auto& agent = begin(char_device_kind::vdagent);
  auto& usb = begin(char_device_kind::usbredir);
  auto& card = begin(char_device_kind::smartcard);
  live();
  CHECK(usb.received.empty());
  use(usb, true);
  REQUIRE(said_hello(usb));
  CHECK(usb.received.find("qemu usb-redir guest") != std::string::npos);
  const auto hello = std::exchange(usb.received, {});
  use(usb, false);
  CHECK(usb.events == "oc");
  use(usb, true);
  REQUIRE(said_hello(usb));
  CHECK(usb.received == hello);

  use(card, true);
  REQUIRE(wait_for([&] { return card.events == "o"; }));
  // VSC_Init of nobody's reader: magic, version 0.2, no capabilities.
  constexpr std::array<unsigned char, 24> init{0,   0,   0,   1,   0xff, 0xff, 0xff, 0xff, 0, 0, 0, 12,
                                               'V', 'S', 'C', 'D', 0,    2,    0,    0,    0, 0, 0, 0};
  act(card, [&](backend_device& d) {
    CHECK(d.give({reinterpret_cast<const char*>(init.data()), init.size()}) == init.size());
  });
  CHECK(wait_for([&] { return card.received.find("VSCD") != std::string::npos; }));

  CHECK(agent.events.empty()); // connected, but the guest has no driver that could open its port
  kill_qemu();
  REQUIRE(wait_for([&] { return !attached() && usb.events == "ococ" && card.events == "oc"; }));
  start_all(program);
  auto& next = begin(char_device_kind::usbredir);
  use(next, true);
  CHECK(said_hello(next));
  CHECK(next.received == hello);
  CHECK(agent.events.empty());
}

} // namespace saffron::devices::qemu_dbus
