// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/devices/qemu_world.hpp"

#include <doctest/doctest.h>

namespace saffron::devices::qemu_dbus {

using namespace tests;
using namespace std::chrono_literals;

// -- what can be wrong ------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(qemu_world, "a missing socket is named with the option that makes it, once") {
  start_source();
  CHECK(state() == "waiting for " + path + ": no such file; start QEMU with -qmp unix:" + path + ",server=on,wait=off");
  CHECK_FALSE(attached());
  for (int i = 0; i < 20; ++i) pass(2s);
  CHECK(told.states.size() == 1);
  CHECK(count.sources_lost.value() == 1);
}

TEST_CASE_FIXTURE(qemu_world, "a socket that nobody listens on is told from a missing one") {
  qemu.emplace(path);
  qemu.reset();
  start_source();
  CHECK(says("nobody listens"));
}

TEST_CASE_FIXTURE(qemu_world, "a socket of something else than QEMU is no QMP socket") {
  qemu.emplace(path);
  qemu->greeting = "220 mail.example.org ESMTP";
  start_source();
  CHECK(says("it is not a QMP socket"));
}

TEST_CASE_FIXTURE(qemu_world, "a socket without a greeting is taken for one that another program holds") {
  qemu.emplace(path);
  qemu->greeting.clear();
  start_source();
  CHECK(told.states.empty());
  pass(5s);
  CHECK(says("no greeting comes"));
}

TEST_CASE_FIXTURE(qemu_world, "a QEMU without a D-Bus display is named with the option that it lacks") {
  qemu.emplace(path);
  qemu->has_display = false;
  start_source();
  CHECK(says("start it with -display dbus,p2p=yes (it says: D-Bus display is not in use)"));
  CHECK_FALSE(attached());
}

TEST_CASE_FIXTURE(qemu_world, "a path that is too long for a socket is an error and no crash") {
  path = "/tmp/" + std::string(200, 'x');
  start_source();
  CHECK(says("waiting for"));
}

TEST_CASE_FIXTURE(qemu_world, "a QEMU that does not call its listener is given up") {
  qemu.emplace(path);
  qemu->calls_listeners = false;
  start_source();
  CHECK_FALSE(attached());
  pass(5s);
  CHECK(says("does not call the listener of /org/qemu/Display1/Console_0"));
}

TEST_CASE_FIXTURE(qemu_world, "another reason is told, and a QEMU that comes at last is attached") {
  start_source();
  CHECK(says("no such file"));
  qemu.emplace(path);
  qemu->has_display = false;
  pass(2s);
  CHECK(says("-display dbus"));
  qemu->has_display = true;
  pass(2s);
  CHECK(state() == "running");
  CHECK(attached());
}

// -- attaching --------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(qemu_world, "attaching tells the VM who it is and draws on its consoles, one after another") {
  qemu.emplace(path, 2);
  qemu->status = "paused";
  start_source();
  REQUIRE(told.attached.size() == 1);
  const auto& a = told.attached[0];
  CHECK(a.name == "web01");
  CHECK(a.uuid == "12345678-1234-1234-1234-123456789abc");
  CHECK(a.heads == 2);
  CHECK_FALSE(a.absolute_pointer);
  CHECK(a.resizable);
  CHECK(state() == "paused");
  CHECK(attached());
  for (std::size_t head = 0; head < 2; ++head) {
    qemu->draw(head, scanout(64, 48, 256, test_pixels(64, 48, 256, static_cast<std::uint8_t>(head))));
    run();
    CHECK(canvases[head].pixel(63, 47) == test_pixel(63, 47, static_cast<std::uint8_t>(head)));
  }
}

TEST_CASE_FIXTURE(qemu_world, "every listener is registered by a sender of its own") {
  start_both(2);
  CHECK(qemu->consoles[0].senders == std::vector<std::string>{":1.1"});
  CHECK(qemu->consoles[1].senders == std::vector<std::string>{":1.2"});
}

TEST_CASE_FIXTURE(qemu_world, "text consoles are not shown") {
  qemu.emplace(path, 2);
  qemu->consoles[1].type = "Text";
  start_source();
  CHECK(told.attached.at(0).heads == 1);
  CHECK(qemu->consoles[1].listeners.empty());
}

TEST_CASE_FIXTURE(qemu_world, "the VM learns where its heads are in the guest") {
  qemu.emplace(path, 4);
  qemu->consoles[0].type = "Text";
  for (const std::size_t output : {1, 2}) {
    qemu->consoles[output].address = "pci/0000/02.0";
    qemu->consoles[output].head = static_cast<std::uint32_t>(output - 1);
  }
  start_source();
  const std::vector<display_place> expected{{0, 0, 0, "pci/0000/02.0"}, {1, 0, 1, "pci/0000/02.0"}, {2, 0, 0, ""}};
  CHECK(told.attached.at(0).places == expected);
}

TEST_CASE_FIXTURE(qemu_world, "a QEMU without a display device is attached all the same") {
  start_both(0);
  CHECK(told.attached.at(0).heads == 0);
  CHECK(state() == "running");
  send(key_input{30, true});
  CHECK(count.input_dropped.value() == 1);
}

TEST_CASE_FIXTURE(qemu_world, "QMP's account of the pointer counts, because QEMU 7 does not tell it on D-Bus") {
  qemu.emplace(path);
  qemu->mice = R"([{"current": false, "absolute": true}, {"current": true, "absolute": true}])";
  start_source();
  CHECK(told.attached.at(0).absolute_pointer);
}

// -- changes ----------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(qemu_world, "a VM that pauses and resumes says so") {
  start_both();
  qemu->status = "paused";
  qemu->send_event("STOP");
  run();
  CHECK(state() == "paused");
  qemu->status = "running";
  qemu->send_event("RESUME");
  qemu->send_event("RTC_CHANGE");
  run();
  CHECK(state() == "running");
  CHECK(attached());
}

TEST_CASE_FIXTURE(qemu_world, "a pointer that becomes absolute is announced") {
  start_both();
  qemu->consoles[0].absolute = 1;
  qemu->changed(0, "org.qemu.Display1.Mouse", "IsAbsolute");
  run();
  REQUIRE(told.attached.size() == 2);
  CHECK(told.attached[1].absolute_pointer);
  CHECK(qemu->consoles[0].listeners.size() == 1);
}

TEST_CASE_FIXTURE(qemu_world, "a QEMU that changes its mind all the time does not flood its VM") {
  start_both();
  const auto before = told.attached.size();
  for (int i = 0; i < 100; ++i) {
    qemu->consoles[0].absolute ^= 1;
    qemu->changed(0, "org.qemu.Display1.Mouse", "IsAbsolute");
  }
  qemu->consoles[0].absolute = 1;
  qemu->changed(0, "org.qemu.Display1.Mouse", "IsAbsolute");
  run();
  CHECK(told.attached.size() - before < 10);
  CHECK(told.attached.back().absolute_pointer);
}

TEST_CASE_FIXTURE(qemu_world, "the keyboard's locks are told at once and when they change") {
  start_both();
  REQUIRE(told.locks.size() == 1);
  CHECK(told.locks[0].locks == 2);
  qemu->consoles[0].modifiers = 4;
  qemu->changed(0, "org.qemu.Display1.Keyboard", "Modifiers");
  run();
  CHECK(told.locks.back().locks == 4);
}

TEST_CASE_FIXTURE(qemu_world, "a size that only the properties tell counts after it has stood for a while") {
  start_both();
  qemu->draw(0, scanout(1024, 768, 4096, test_pixels(1024, 768, 4096)));
  run();
  qemu->consoles[0].width = 720;
  qemu->changed(0, "org.qemu.Display1.Console", "Width");
  run();
  qemu->consoles[0].height = 400;
  qemu->changed(0, "org.qemu.Display1.Console", "Height");
  pass(49ms);
  CHECK(canvases[0].size() == extent{1024, 768});
  qemu->consoles[0].height = 401;
  qemu->changed(0, "org.qemu.Display1.Console", "Height");
  pass(49ms);
  CHECK(canvases[0].size() == extent{1024, 768});
  pass(1ms);
  CHECK(canvases[0].size() == extent{720, 401});
  CHECK(canvases[0].pixel(719, 399) == test_pixel(719, 399));
}

// -- ends -------------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(qemu_world, "a QEMU that ends leaves black screens, and its successor is attached") {
  start_both();
  qemu->draw(0, scanout(64, 48, 256, test_pixels(64, 48, 256)));
  run();
  const auto frame = scanout(64, 48, 256, test_pixels(64, 48, 256, 9));
  qemu->draw(0, frame); // read too late
  qemu.reset();
  run();
  CHECK_FALSE(attached());
  CHECK(says("waiting for"));
  CHECK(canvases[0].blanks == 1);
  CHECK(canvases[0].pixel(63, 47) == 0);
  pass(100ms);
  CHECK(says("waiting for"));
  qemu.emplace(path);
  pass(2s);
  CHECK(attached());
  qemu->draw(0, frame);
  run();
  CHECK(canvases[0].pixel(63, 47) == test_pixel(63, 47, 9));
  CHECK(count.sources_lost.value() == 2); // the end, and that nobody listened
}

TEST_CASE_FIXTURE(qemu_world, "a display that another program took is taken back without new listeners") {
  start_both(2);
  qemu->close_display();
  run();
  send(key_input{30, true});
  CHECK(count.input_dropped.value() == 1);
  qemu->draw(1, scanout(64, 48, 256, test_pixels(64, 48, 256)));
  run();
  CHECK(canvases[1].pixel(63, 47) == test_pixel(63, 47));
  pass(2s);
  CHECK(attached());
  CHECK(qemu->consoles[0].listeners.size() == 1);
  CHECK(qemu->consoles[1].listeners.size() == 1);
  send(key_input{30, true});
  CHECK(qemu->calls == std::vector<std::string>{"0:Press 30"});
  CHECK(canvases[0].blanks == 0);
}

TEST_CASE_FIXTURE(qemu_world, "a listener that is lost alone is replaced by attaching again") {
  start_both();
  qemu->consoles[0].listeners.clear();
  run();
  CHECK(attached());
  pass(1s);
  CHECK_FALSE(attached());
  pass(100ms);
  CHECK(attached());
  CHECK(qemu->consoles[0].listeners.size() == 1);
}

TEST_CASE_FIXTURE(qemu_world, "a source ends with its VM") {
  start_both();
  tell(vm, shut_down{});
  run();
  char byte = 0;
  auto& listener = qemu->consoles[0].listeners.back();
  while (::recv(listener.get(), &byte, 1, MSG_DONTWAIT) > 0) {
  }
  CHECK(::recv(listener.get(), &byte, 1, MSG_DONTWAIT) == 0);
}

TEST_CASE_FIXTURE(qemu_world, "a source that is shut down leaves its QEMU at once") {
  start_both();
  tell(source, shut_down{});
  run();
  char byte = 0;
  auto& listener = qemu->consoles[0].listeners.back();
  while (::recv(listener.get(), &byte, 1, MSG_DONTWAIT) > 0) {
  }
  CHECK(::recv(listener.get(), &byte, 1, MSG_DONTWAIT) == 0);
  CHECK_FALSE(qemu->step());
}

} // namespace saffron::devices::qemu_dbus
