// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/devices/qemu_world.hpp"

#include <doctest/doctest.h>

namespace saffron::devices::qemu_dbus {

using namespace tests;

TEST_CASE_FIXTURE(qemu_world, "keys go to the first console by their number") {
  start_both(2);
  send(key_input{0x1e, true});
  send(key_input{0x1e, false});
  send(key_input{0xc6, true});
  CHECK(qemu->calls == std::vector<std::string>{"0:Press 30", "0:Release 30", "0:Press 198"});
}

TEST_CASE_FIXTURE(qemu_world, "positions go to their console and stay inside of it") {
  qemu.emplace(path, 2);
  qemu->consoles[0].absolute = qemu->consoles[1].absolute = 1;
  start_source();
  send(pointer_position{0, 10, 20});
  send(pointer_position{1, 5000, 5000});
  send(pointer_button{1, true});
  send(pointer_position{2, 1, 1});
  CHECK(qemu->calls == std::vector<std::string>{"0:SetAbsPosition 10 20", "1:SetAbsPosition 639 479", "1:Press 0"});
  CHECK(count.input_dropped.value() == 1);
}

TEST_CASE_FIXTURE(qemu_world, "buttons are counted from one less, and the wheel turns once") {
  start_both();
  send(pointer_button{2, true});
  send(pointer_button{2, false});
  send(pointer_button{4, true});
  send(pointer_button{4, false});
  send(pointer_button{5, true});
  send(pointer_button{6, true});
  send(pointer_button{7, true});
  for (const auto never : {0, 8, 10, 16, 255}) send(pointer_button{static_cast<std::uint8_t>(never), true});
  CHECK(qemu->calls == std::vector<std::string>{"0:Press 1", "0:Release 1", "0:Press 3", "0:Release 3", "0:Press 4",
                                                "0:Release 4", "0:Press 5", "0:Press 6"});
  CHECK(count.input_dropped.value() == 5);
}

TEST_CASE_FIXTURE(qemu_world, "motions are added up while QEMU is busy, and keys keep their order") {
  start_both();
  qemu->answers = false;
  for (int i = 0; i < 8; ++i) send(pointer_motion{1, 1}); // all in flight
  for (int i = 0; i < 100; ++i) send(pointer_motion{2, -1});
  send(key_input{30, true});
  send(pointer_motion{7, 7});
  CHECK(qemu->calls.size() == 8);
  qemu->answer_one();
  run();
  CHECK(qemu->calls.back() == "0:RelMotion 200 -100");
  qemu->answer_one();
  run();
  CHECK(qemu->calls.back() == "0:Press 30");
  while (!qemu->held.empty()) {
    qemu->answer_one();
    run();
  }
  CHECK(qemu->calls.back() == "0:RelMotion 7 7");
  CHECK(qemu->calls.size() == 11);
}

TEST_CASE_FIXTURE(qemu_world, "a QEMU that never answers costs a bounded queue and a counter") {
  start_both();
  qemu->answers = false;
  for (int i = 0; i < 300; ++i) caf::anon_send(source, key_input{30, true});
  run();
  CHECK(qemu->calls.size() == 8);
  CHECK(count.input_dropped.value() == 300 - 256 - 8);
  for (auto* m : qemu->held) sd_bus_message_unref(m);
  qemu->held.clear();
}

TEST_CASE_FIXTURE(qemu_world, "a position that QEMU refuses as not absolute is believed") {
  qemu.emplace(path);
  qemu->mice = R"([{"current": true, "absolute": true}])";
  start_source();
  send(pointer_position{0, 1, 1});
  REQUIRE(told.attached.size() == 2);
  CHECK_FALSE(told.attached[1].absolute_pointer);
}

TEST_CASE_FIXTURE(qemu_world, "a head gets the size that was asked for last, beside the one before it") {
  start_both(2);
  tell(source, resize_head{0, {800, 600}});
  run();
  tell(source, resize_head{1, {1024, 768}});
  run();
  tell(source, resize_head{7, {1024, 768}});
  tell(source, resize_head{0, {0, 768}});
  run();
  CHECK(qemu->calls == std::vector<std::string>{"0:SetUIInfo 0 0 0 0 800 600", "1:SetUIInfo 0 0 640 0 1024 768"});
  qemu->answers = false;
  for (std::uint32_t w = 100; w < 200; ++w) tell(source, resize_head{0, {w, 100}});
  run();
  CHECK(qemu->calls.size() == 3);
  qemu->answer_one();
  run();
  CHECK(qemu->calls.back() == "0:SetUIInfo 0 0 0 0 199 100");
  qemu->answer_one();
}

TEST_CASE_FIXTURE(qemu_world, "a device whose size is fixed is asked once and announced as it is") {
  start_both();
  qemu->resizable = false;
  tell(source, resize_head{0, {800, 600}});
  run();
  REQUIRE(told.attached.size() == 2);
  CHECK_FALSE(told.attached[1].resizable);
  tell(source, resize_head{0, {1024, 768}});
  run();
  CHECK(qemu->calls.size() == 1);
}

} // namespace saffron::devices::qemu_dbus
