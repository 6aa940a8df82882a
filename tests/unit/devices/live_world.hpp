// SPDX-License-Identifier: BSD-3-Clause
// A source and a real QEMU, in real time, whose guest is a boot sector.
#pragma once

#include "tests/unit/devices/source_world.hpp"

#include <doctest/doctest.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace saffron::tests {

using real_clock = std::chrono::steady_clock;

inline constexpr unsigned char boot_code[] = {
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

inline std::string find_qemu() {
  const auto* path = std::getenv("PATH");
  std::istringstream all{path != nullptr ? path : ""};
  for (std::string one; std::getline(all, one, ':');)
    if (const auto file = one + "/qemu-system-x86_64"; ::access(file.c_str(), X_OK) == 0) return file;
  return {};
}

struct live_world : source_world {
  std::string qmp = (directory.path / "saffron.qmp").string(), control = (directory.path / "control.qmp").string();
  std::string image = (directory.path / "boot.img").string();
  pid_t pid = -1;
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

  void start_qemu(const std::string& program, const std::string& device, const std::vector<std::string>& more = {}) {
    auto options = std::vector<std::string>{program,    "-nodefaults",
                                            "-machine", "pc,accel=tcg",
                                            "-m",       "64",
                                            "-name",    "live",
                                            "-display", "dbus,p2p=yes",
                                            "-device",  device,
                                            "-qmp",     "unix:" + qmp + ",server=on,wait=off",
                                            "-qmp",     "unix:" + control + ",server=on,wait=off",
                                            "-drive",   "format=raw,file=" + image};
    options.insert(options.end(), more.begin(), more.end());
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
  bool wait_for(F condition, std::chrono::seconds most = std::chrono::seconds{30}) {
    for (const auto end = real_clock::now() + most; real_clock::now() < end; live())
      if (condition()) return true;
    return false;
  }
};

} // namespace saffron::tests
