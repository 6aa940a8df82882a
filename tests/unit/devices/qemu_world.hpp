// SPDX-License-Identifier: BSD-3-Clause
// A source and a fake QEMU, in virtual time.
#pragma once

#include "devices/qemu_dbus/source.hpp"
#include "tests/unit/devices/fake_qemu.hpp"
#include "tests/unit/devices/source_world.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

namespace saffron::tests {

struct qemu_world : source_world {
  std::string path = (directory.path / "vm.qmp").string();
  std::optional<fake_qemu> qemu;
  source_actor source;
  std::vector<devices::device_setting> settings;

  ~qemu_world() {
    if (source) tell(source, shut_down{});
    qemu.reset();
  }

  void start_source() {
    source = track(devices::qemu_dbus::make_qemu_source(system, loop, path, vm, count, settings));
    run();
  }
  /// Lets both move until nothing does. Time stands still.
  void run() {
    for (int idle = 0; idle < 3;) {
      settle();
      idle = qemu && qemu->step() ? 0 : idle + 1;
    }
  }
  void pass(caf::timespan time) {
    advance(time);
    run();
  }
  void start_both(std::size_t heads = 1) {
    qemu.emplace(path, heads);
    start_source();
    REQUIRE(attached());
  }
  void send(pointer_event event) {
    caf::anon_send(source, pointer_input{event});
    run();
  }
  void send(key_input key) {
    caf::anon_send(source, key);
    run();
  }
  [[nodiscard]] bool says(std::string_view words) const { return state().find(words) != std::string::npos; }
};

} // namespace saffron::tests
