// SPDX-License-Identifier: BSD-3-Clause
// A real QEMU whose guest is a boot sector: 'g' draws in a graphics mode, 't' goes back to text, other keys are echoed.
// What the canvas shows is compared with QEMU's own screendump, pixel by pixel. Time is the real one here.
#include "devices/qemu_dbus/source.hpp"
#include "tests/unit/devices/source_world.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using real_clock = std::chrono::steady_clock;

constexpr key_number key_a = 0x1e, key_g = 0x22, key_t_ = 0x14, key_caps_lock = 0x3a;

constexpr unsigned char boot_code[] = {
    0x31, 0xdb,             //        xor bx, bx
    0xb4, 0x00,             // next:  mov ah, 0
    0xcd, 0x16,             //        int 0x16        ; wait for a key
    0x3c, 'g',              //        cmp al, 'g'
    0x74, 0x0a,             //        je graphics
    0x3c, 't',              //        cmp al, 't'
    0x74, 0x1d,             //        je text
    0xb4, 0x0e,             //        mov ah, 0x0e
    0xcd, 0x10,             //        int 0x10        ; echo
    0xeb, 0xee,             //        jmp next
    0xb8, 0x13, 0x00,       // graphics: mov ax, 0x13
    0xcd, 0x10,             //        int 0x10        ; 320 x 200
    0xb8, 0x00, 0xa0,       //        mov ax, 0xa000
    0x8e, 0xc0,             //        mov es, ax
    0x31, 0xff,             //        xor di, di
    0x89, 0xf8,             // pixel: mov ax, di
    0xaa,                   //        stosb
    0x81, 0xff, 0x00, 0xfa, //        cmp di, 64000
    0x72, 0xf7,             //        jb pixel
    0xeb, 0xd7,             //        jmp next
    0xb8, 0x03, 0x00,       // text:  mov ax, 3
    0xcd, 0x10,             //        int 0x10        ; 80 x 25 characters
    0xeb, 0xd0,             //        jmp next
};

std::string find_qemu() {
  const auto* path = std::getenv("PATH");
  std::istringstream all{path != nullptr ? path : ""};
  for (std::string one; std::getline(all, one, ':');)
    if (const auto file = one + "/qemu-system-x86_64"; ::access(file.c_str(), X_OK) == 0) return file;
  return {};
}

struct live_world : source_world {
  std::string qmp = (directory.path / "saffron.qmp").string(), control = (directory.path / "control.qmp").string();
  std::string image = (directory.path / "boot.img").string(), dump = (directory.path / "screen.ppm").string();
  pid_t pid = -1;
  int control_socket = -1;
  source_actor source;
  real_clock::time_point last = real_clock::now();

  live_world() {
    std::string sector(512, '\0');
    std::memcpy(sector.data(), boot_code, sizeof boot_code);
    sector[510] = '\x55';
    sector[511] = '\xaa';
    std::ofstream{image, std::ios::binary} << sector;
  }
  ~live_world() {
    if (source) tell(source, shut_down{});
    kill_qemu();
  }

  void start_qemu(const std::string& program, const std::string& device) {
    const auto options = std::vector<std::string>{program,    "-nodefaults",
                                                  "-machine", "pc,accel=tcg",
                                                  "-m",       "64",
                                                  "-name",    "live",
                                                  "-display", "dbus,p2p=yes",
                                                  "-device",  device,
                                                  "-qmp",     "unix:" + qmp + ",server=on,wait=off",
                                                  "-qmp",     "unix:" + control + ",server=on,wait=off",
                                                  "-drive",   "format=raw,file=" + image};
    std::vector<char*> arguments;
    for (const auto& o : options) arguments.push_back(const_cast<char*>(o.c_str()));
    arguments.push_back(nullptr);
    pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL); // not even a crash of the test leaves it behind
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
  }
  void kill_qemu() {
    if (control_socket >= 0) ::close(std::exchange(control_socket, -1));
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    ::waitpid(std::exchange(pid, -1), nullptr, 0);
  }

  /// Lets a millisecond or so of real time pass for everybody.
  void live() {
    ::poll(nullptr, 0, 1);
    const auto now = real_clock::now();
    advance(std::chrono::duration_cast<caf::timespan>(now - std::exchange(last, now)));
    tell(consoles[0], pull_display{}); // a viewer looks: QEMU 9.2 and later leave pixels in their memory until then
  }
  template <class F>
  bool wait_for(F condition, std::chrono::seconds most = 30s) {
    for (const auto end = real_clock::now() + most; real_clock::now() < end; live())
      if (condition()) return true;
    return false;
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

TEST_CASE_FIXTURE(live_world, "a real QEMU's screen is on the canvas, in text and graphics, and its keyboard works") {
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
  kill_qemu();
  CHECK(wait_for([&] { return !attached(); }));
  CHECK(canvases[0].blanks == 1);
  CHECK(canvases[0].pixels() == std::vector<std::byte>(720 * 400 * 4));
  start_qemu(program, device);
  CHECK(wait_for([&] { return attached() && canvases[0].pixels() != std::vector<std::byte>(720 * 400 * 4); }));
}

} // namespace saffron::devices::qemu_dbus
