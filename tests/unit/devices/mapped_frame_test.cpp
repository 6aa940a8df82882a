// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/devices/listener_world.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/mman.h>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace tests;

struct memory_file {
  unique_fd fd{::memfd_create("frame", MFD_CLOEXEC)};
  void put(std::span<const std::byte> bytes, off_t offset = 0) {
    REQUIRE(::pwrite(fd.get(), bytes.data(), bytes.size(), offset) == static_cast<ssize_t>(bytes.size()));
  }
};

} // namespace

TEST_CASE_FIXTURE(listener_world, "a mapped frame is acknowledged at once and read when somebody looks") {
  memory_file memory;
  memory.put(test_pixels(64, 48, 300), 128);
  write(scanout_map(128, 64, 48, 300), memory.fd.get());
  CHECK(answer().first.type == message_type::reply);
  CHECK(canvas.size() == extent{64, 48});
  CHECK(canvas.touches == std::vector<rect>{{0, 0, 64, 48}});
  CHECK(canvas.pixel(63, 47) == 0);
  tell(console, pull_display{});
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47));

  memory.put(test_pixels(64, 48, 300, 2), 128);
  write(update_map(8, 8, 16, 16));
  CHECK(canvas.touches.back() == rect{8, 8, 24, 24});
  CHECK(canvas.pixel(8, 8) == test_pixel(8, 8));
  tell(console, pull_display{});
  CHECK(canvas.pixel(8, 8) == test_pixel(8, 8, 2));
  CHECK(canvas.pixel(23, 23) == test_pixel(23, 23, 2));
  CHECK(canvas.pixel(24, 23) == test_pixel(24, 23));
}

TEST_CASE_FIXTURE(listener_world, "a mapped frame without padding is read whole") {
  memory_file memory;
  memory.put(test_pixels(800, 600, 3200));
  write(scanout_map(0, 800, 600, 3200), memory.fd.get());
  tell(console, pull_display{});
  CHECK(std::ranges::equal(canvas.pixels(), test_pixels(800, 600, 3200)));
}

TEST_CASE_FIXTURE(listener_world, "a mapped frame of another pixel format is converted") {
  memory_file memory;
  auto pixels = test_pixels(64, 48, 256);
  for (std::size_t i = 0; i < pixels.size(); i += 4) std::swap(pixels[i], pixels[i + 2]);
  memory.put(pixels);
  write(scanout_map(0, 64, 48, 256, 0x20030888), memory.fd.get());
  tell(console, pull_display{});
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47));
}

TEST_CASE_FIXTURE(listener_world, "frames sent after a mapped one replace it") {
  memory_file memory;
  memory.put(test_pixels(64, 48, 256));
  write(scanout_map(0, 64, 48, 256), memory.fd.get());
  write(update(0, 0, 8, 8, 32, test_pixels(8, 8, 32, 4)));
  tell(console, pull_display{});
  CHECK(canvas.pixel(7, 7) == test_pixel(7, 7, 4));
  CHECK(canvas.pixel(8, 7) == test_pixel(8, 7));
  write(scanout(64, 48, 256, test_pixels(64, 48, 256, 6)));
  write(update_map(0, 0, 64, 48));
  tell(console, pull_display{});
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47, 6));
}

TEST_CASE_FIXTURE(listener_world, "a memory that is cut off under a mapped frame costs pixels and nothing else") {
  memory_file memory;
  memory.put(test_pixels(64, 48, 256));
  write(scanout_map(0, 64, 48, 256), memory.fd.get());
  REQUIRE(::ftruncate(memory.fd.get(), 256 * 10) == 0);
  tell(console, pull_display{});
  CHECK(canvas.pixel(63, 9) == test_pixel(63, 9));
  CHECK(canvas.pixel(63, 10) == 0);
}

TEST_CASE_FIXTURE(listener_world, "a descriptor that is no plain memory is refused, because reading it could wait") {
  int pipe_ends[2];
  REQUIRE(::pipe2(pipe_ends, O_CLOEXEC) == 0);
  const unique_fd from{pipe_ends[0]}, to{pipe_ends[1]};
  write(scanout_map(0, 64, 48, 256), from.get());
  expect_error();
  const unique_fd file{::open("/proc/self/exe", O_RDONLY | O_CLOEXEC)};
  write(scanout_map(0, 64, 48, 256), file.get());
  expect_error();
  write(scanout_map(0, 64, 48, 256)); // none at all
  expect_error();
  CHECK(canvas.surfaces == 0);
  CHECK(open());
}

TEST_CASE_FIXTURE(listener_world, "an impossible mapped frame is refused") {
  memory_file memory;
  const auto refused = [&](std::uint32_t offset, std::uint32_t w, std::uint32_t h, std::uint32_t stride,
                           std::uint32_t format = x8r8g8b8) {
    write(scanout_map(offset, w, h, stride, format), memory.fd.get());
    expect_error();
  };
  refused(0, 0, 1, 4);
  refused(0, 64, 48, 255);
  refused(0, 16385, 1, 1 << 20);
  refused(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff);
  refused(0, 64, 48, 256, 5);
  CHECK(canvas.surfaces == 0);
  write(update_map(INT32_MIN, INT32_MAX, INT32_MAX, INT32_MIN));
  write(scanout_map(0, 64, 48, 256), memory.fd.get());
  CHECK(answer().first.type == message_type::reply);
  write(update_map(INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX));
  write(update_map(INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX));
  tell(console, pull_display{});
  CHECK(open());
}

} // namespace saffron::devices::qemu_dbus
