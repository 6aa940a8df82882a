// SPDX-License-Identifier: BSD-3-Clause
// A real QEMU whose guest is a boot sector: 'g' draws in a graphics mode, 't' goes back to text, other keys are echoed.
// What the canvas shows is compared with QEMU's own screendump, pixel by pixel. Time is the real one here.
#include "devices/qemu_dbus/source.hpp"
#include "tests/unit/devices/live_world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iterator>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace tests;
using namespace std::chrono_literals;

constexpr key_number key_a = 0x1e, key_g = 0x22, key_t_ = 0x14, key_caps_lock = 0x3a;

struct screen_world : live_world {
  std::string dump = (directory.path / "screen.ppm").string();
  int control_socket = -1;

  ~screen_world() { end_qemu(); }
  void end_qemu() {
    if (control_socket >= 0) ::close(std::exchange(control_socket, -1));
    kill_qemu();
  }
  void connect_control() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, control.c_str(), sizeof address.sun_path - 1);
    control_socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(wait_for(
        [&] { return ::connect(control_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0; }));
    command(R"({"execute": "qmp_capabilities"})");
  }
  void command(const std::string& line) {
    const auto whole = line + "\n";
    REQUIRE(::send(control_socket, whole.data(), whole.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(whole.size()));
    std::string answer;
    REQUIRE(wait_for([&] {
      char buffer[4096];
      const auto n = ::recv(control_socket, buffer, sizeof buffer, MSG_DONTWAIT);
      if (n > 0) answer.append(buffer, static_cast<std::size_t>(n));
      return answer.find("\"return\"") != answer.npos || answer.find("\"error\"") != answer.npos;
    }));
    CHECK(answer.find("\"error\"") == answer.npos);
  }

  /// The canvas is as QEMU's own picture of the first console.
  bool equals_screendump() {
    std::ifstream file{dump, std::ios::binary};
    std::string magic;
    extent size;
    int most = 0;
    file >> magic >> size.width >> size.height >> most;
    file.get();
    const std::vector<char> rgb{std::istreambuf_iterator<char>{file}, {}};
    if (magic != "P6" || most != 255 || size != canvases[0].size() ||
        rgb.size() != std::size_t{size.width} * size.height * 3)
      return false;
    const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<unsigned char>(rgb[i])}; };
    for (std::uint32_t y = 0, i = 0; y < size.height; ++y)
      for (std::uint32_t x = 0; x < size.width; ++x, i += 3)
        if (canvases[0].pixel(x, y) != (byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2))) return false;
    return true;
  }
  /// A cursor blinks and a guest draws, so the VM is stopped for the comparison.
  bool shows_what_qemu_shows() {
    return wait_for([&] {
      command(R"({"execute": "stop"})");
      command(R"({"execute": "screendump", "arguments": {"filename": ")" + dump + R"("}})");
      const auto end = real_clock::now() + 150ms; // QEMU refreshes every 30 ms, and a size settles in 50
      wait_for([&] { return real_clock::now() > end; });
      const auto equal = equals_screendump();
      command(R"({"execute": "cont"})");
      return equal;
    });
  }
  /// Types until the canvas is different.
  bool type_until_different(key_number key) {
    const auto before = canvases[0].pixels();
    auto next = real_clock::now();
    return wait_for([&] {
      if (real_clock::now() > next) {
        tell(source, key_input{key, true});
        tell(source, key_input{key, false});
        next = real_clock::now() + 1s;
      }
      return canvases[0].pixels() != before;
    });
  }
};

} // namespace

TEST_CASE_FIXTURE(screen_world, "a real QEMU's screen is on the canvas, in text and graphics, and its keyboard works") {
  const auto program = find_qemu();
  if (program.empty()) {
    MESSAGE("skipped: there is no qemu-system-x86_64");
    return;
  }
  std::string device;
  bool resizable = false;
  SUBCASE("std VGA") { device = "VGA"; }
  SUBCASE("virtio-vga") {
    device = "virtio-vga";
    resizable = true;
  }
  start_qemu(program, device);
  source = track(make_qemu_source(system, loop, qmp, vm, count));
  REQUIRE(wait_for([&] { return attached(); }));
  CHECK(state() == "running");
  CHECK(told.attached.at(0).name == "live");
  CHECK(told.attached.at(0).heads == 1);
  connect_control();

  CHECK(wait_for([&] { return canvases[0].size() == extent{720, 400}; }));
  CHECK(type_until_different(key_a));
  CHECK(shows_what_qemu_shows());

  CHECK(told.locks.size() == 1);
  for (const auto locks : {4, 0}) {
    tell(source, key_input{key_caps_lock, true});
    tell(source, key_input{key_caps_lock, false});
    CHECK(type_until_different(key_a)); // the BIOS lights the keyboard when its next key is asked for
    CHECK(wait_for([&] { return told.locks.back().locks == locks; }));
  }

  for (std::uint8_t button = 1; button <= 7; ++button)
    for (const auto pressed : {true, false}) tell(source, pointer_input{pointer_button{button, pressed}});
  tell(source, pointer_input{pointer_motion{3, -4}});
  wait_for([] { return false; }, 1s);
  CHECK(count.input_dropped.value() == 0);
  tell(source, pointer_input{pointer_position{0, 5, 5}}); // PS/2 is not absolute
  CHECK(wait_for([&] { return count.input_dropped.value() == 1; }));

  CHECK(type_until_different(key_g));
  CHECK(wait_for([&] { return canvases[0].size() != extent{720, 400}; }));
  CHECK(shows_what_qemu_shows());

  CHECK(type_until_different(key_t_));
  CHECK(wait_for([&] { return canvases[0].size() == extent{720, 400}; }));
  CHECK(type_until_different(key_a));
  CHECK(shows_what_qemu_shows());

  tell(source, resize_head{0, {800, 600}});
  CHECK(wait_for([&] { return told.attached.back().resizable == resizable; }));

  command(R"({"execute": "stop"})");
  CHECK(wait_for([&] { return state() == "paused"; }));
  end_qemu();
  CHECK(wait_for([&] { return !attached(); }));
  CHECK(canvases[0].blanks == 1);
  CHECK(canvases[0].pixels() == std::vector<std::byte>(720 * 400 * 4));
  start_qemu(program, device);
  CHECK(wait_for([&] { return attached() && canvases[0].pixels() != std::vector<std::byte>(720 * 400 * 4); }));
}

} // namespace saffron::devices::qemu_dbus
