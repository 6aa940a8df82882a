// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/devices/listener_world.hpp"

#include <doctest/doctest.h>

namespace saffron::devices::qemu_dbus {

using namespace tests;

// -- properties -------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(listener_world,
                  "QEMU's question for our properties is answered at once, with mapped frames on offer") {
  write(get_all());
  const auto [header, body] = answer();
  CHECK(header.type == message_type::reply);
  CHECK(header.signature == "a{sv}");
  dbus_reader r{body};
  const auto end = r.array(8);
  REQUIRE(r.more(end));
  r.structure();
  CHECK(r.s() == "Interfaces");
  CHECK(r.g() == "as");
  CHECK(r.as() == std::vector<std::string>{"org.qemu.Display1.Listener.Unix.Map"});
  CHECK_FALSE(r.more(end));
  CHECK(r.ok());
  CHECK(ready == 1);
}

TEST_CASE_FIXTURE(listener_world, "the properties of the map interface are an empty dictionary") {
  write(get_all("org.qemu.Display1.Listener.Unix.Map"));
  const auto [header, body] = answer();
  CHECK(header.type == message_type::reply);
  dbus_reader r{body};
  CHECK_FALSE(r.more(r.array(8)));
  CHECK(r.ok());
  CHECK(ready == 0);
}

TEST_CASE_FIXTURE(listener_world, "a call that nobody knows is answered with an error, so that QEMU does not wait") {
  write(listener_call("UpdateDMABUF", "iiii", dbus_writer{}.i(0).i(0).i(1).i(1), false));
  expect_error();
  write(listener_call("UpdateDMABUF", "iiii", dbus_writer{}.i(0).i(0).i(1).i(1), true));
  CHECK(received().empty());
}

// -- frames -----------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(listener_world,
                  "a scanout of another size makes a surface, one of the same size is an ordinary frame") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  CHECK(canvas.size() == extent{64, 48});
  CHECK(canvas.surfaces == 1);
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47));
  write(scanout(64, 48, 256, test_pixels(64, 48, 256, 2)));
  CHECK(canvas.surfaces == 1);
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47, 2));
  CHECK(canvas.touches == std::vector<rect>(2, {0, 0, 64, 48}));
}

TEST_CASE_FIXTURE(listener_world, "nothing is touched before the last pixel of a frame is there") {
  const auto message = scanout(64, 48, 256, test_pixels(64, 48, 256));
  write(std::span{message}.first(message.size() - 1));
  CHECK(canvas.touches.empty());
  write(std::span{message}.last(1));
  CHECK(canvas.touches.size() == 1);
}

TEST_CASE_FIXTURE(listener_world, "an update changes its area and touches nothing else") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  write(update(10, 20, 8, 4, 32, test_pixels(8, 4, 32, 5)));
  CHECK(canvas.pixel(10, 20) == test_pixel(0, 0, 5));
  CHECK(canvas.pixel(17, 23) == test_pixel(7, 3, 5));
  CHECK(canvas.pixel(18, 23) == test_pixel(18, 23));
  CHECK(canvas.touches.back() == rect{10, 20, 18, 24});
}

TEST_CASE_FIXTURE(listener_world, "an update that does not fit makes the surface grow and keeps what it showed") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  write(update(0, 40, 80, 10, 320, test_pixels(80, 10, 320, 5)));
  CHECK(canvas.size() == extent{80, 50});
  CHECK(canvas.pixel(63, 39) == test_pixel(63, 39));
  CHECK(canvas.pixel(79, 49) == test_pixel(79, 9, 5));
  CHECK(canvas.pixel(79, 0) == 0);
}

TEST_CASE_FIXTURE(listener_world, "the surface is cropped to the size that QEMU tells, and keeps its pixels") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  feed->fit({40, 60});
  settle();
  CHECK(canvas.size() == extent{40, 60});
  CHECK(canvas.pixel(39, 47) == test_pixel(39, 47));
  CHECK(canvas.pixel(0, 59) == 0);
  const auto surfaces = canvas.surfaces;
  feed->fit({40, 60});
  feed->fit({0, 0});
  settle();
  CHECK(canvas.surfaces == surfaces);
}

TEST_CASE_FIXTURE(listener_world, "a new size waits for the end of a frame that is on its way") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  const auto message = update(0, 0, 64, 48, 256, test_pixels(64, 48, 256, 3));
  write(std::span{message}.first(message.size() / 2));
  feed->fit({32, 32});
  settle();
  CHECK(canvas.size() == extent{64, 48});
  write(std::span{message}.subspan(message.size() / 2));
  CHECK(canvas.size() == extent{32, 32});
  CHECK(canvas.pixel(31, 31) == test_pixel(31, 31, 3));
}

TEST_CASE_FIXTURE(listener_world, "a large frame takes several turns, so that others get theirs") {
  const auto message = scanout(2048, 2048, 8192, test_pixels(2048, 2048, 8192));
  write(message);
  CHECK(canvas.pixel(2047, 2047) == test_pixel(2047, 2047));
}

TEST_CASE_FIXTURE(listener_world, "a frame that no canvas can hold is dropped and counted, and the next one is shown") {
  canvas.most_bytes = 100 * 100 * 4;
  write(scanout(200, 200, 800, test_pixels(200, 200, 800)));
  CHECK(canvas.surfaces == 0);
  CHECK(count.guest_commands_dropped.value() == 1);
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47));
}

TEST_CASE_FIXTURE(listener_world, "a display that is switched off is black") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  write(listener_call("Disable", "", dbus_writer{}));
  CHECK(canvas.size() == extent{64, 48});
  CHECK(canvas.pixel(63, 47) == 0);
}

TEST_CASE_FIXTURE(listener_world, "a storm of new surfaces does not keep the loop for itself") {
  byte_list storm;
  for (int i = 0; i < 8; ++i) {
    append(storm, update(4000, 1000, 1, 1, 4, test_pixels(1, 1, 4)));
    append(storm, scanout(1, 1, 4, test_pixels(1, 1, 4)));
  }
  REQUIRE(send_all(socket.get(), storm));
  int turns = 0;
  while (canvas.surfaces < 16 && turns < 1000) {
    loop.io().restart();
    const auto before = canvas.surfaces;
    loop.io().poll_one();
    CHECK(canvas.surfaces - before <= 2);
    ++turns;
  }
  CHECK(canvas.surfaces == 16);
}

// -- cursor -----------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(listener_world, "a cursor is taken as it is, and a repetition of it changes nothing") {
  const auto pixels = test_pixels(24, 16, 96);
  write(cursor_define(24, 16, 3, 4, pixels));
  REQUIRE(canvas.cursor().shape);
  const auto first = *canvas.cursor().shape;
  CHECK(first.type == 0);
  CHECK(first.width == 24);
  CHECK(first.height == 16);
  CHECK(first.hot_x == 3);
  CHECK(first.hot_y == 4);
  CHECK(std::ranges::equal(first.pixels.view(), pixels));
  CHECK(first.unique != 0);
  write(cursor_define(24, 16, 3, 4, pixels));
  CHECK(canvas.cursors == 1);
  write(cursor_define(24, 16, 3, 5, pixels));
  CHECK(canvas.cursors == 2);
  CHECK(canvas.cursor().shape->unique != first.unique);
}

TEST_CASE_FIXTURE(listener_world, "the guest moves, hides and shows the cursor") {
  write(mouse_set(100, -5, true));
  CHECK(canvas.cursor().position == point{100, -5});
  write(mouse_set(100, -5, false));
  CHECK_FALSE(canvas.cursor().visible);
  write(mouse_set(100, -5, false));
  CHECK(canvas.cursors == 2);
}

TEST_CASE_FIXTURE(listener_world, "an impossible cursor is dropped and counted") {
  const auto pixels = test_pixels(16, 16, 64);
  for (const auto& [w, h] : {std::pair{0, 16}, {-1, 16}, {16, 17}, {513, 1}, {INT32_MAX, INT32_MAX}, {65536, 65536}})
    write(cursor_define(w, h, 0, 0, pixels));
  CHECK(canvas.cursors == 0);
  CHECK(count.guest_commands_dropped.value() == 6);
  write(cursor_define(16, 16, -4, 99, pixels));
  CHECK(canvas.cursor().shape->hot_x == 0);
  CHECK(canvas.cursor().shape->hot_y == 15);
}

// -- ends -------------------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(listener_world, "a QEMU that ends is noticed, once") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  socket.reset();
  settle();
  CHECK(closed == 1);
  CHECK(log.lines().empty());
  CHECK(canvas.pixel(63, 47) == test_pixel(63, 47));
}

TEST_CASE_FIXTURE(listener_world, "a QEMU that sends nonsense is cut off") {
  write(byte_list(100, std::byte{0xff}));
  CHECK(closed == 1);
  REQUIRE(log.lines().size() == 1);
  CHECK(log.lines()[0].find("display listener of test ended: malformed message") != std::string::npos);
  CHECK_FALSE(open());
}

TEST_CASE_FIXTURE(listener_world, "a QEMU that asks but does not read answers is cut off before it costs memory") {
  byte_list storm;
  for (int i = 0; i < 400; ++i) append(storm, get_all());
  for (int i = 0; i < 1000 && closed == 0; ++i) {
    if (!send_all(socket.get(), storm)) break;
    settle();
  }
  CHECK(closed == 1);
  REQUIRE(log.lines().size() == 1);
  CHECK(log.lines()[0].find("display listener of test ended: the socket failed") != std::string::npos);
}

TEST_CASE_FIXTURE(listener_world, "a listener that is stopped closes its socket and leaves the canvas alone") {
  write(scanout(64, 48, 256, test_pixels(64, 48, 256)));
  const auto message = update(0, 0, 8, 8, 32, test_pixels(8, 8, 32, 3));
  REQUIRE(send_all(socket.get(), message));
  feed->stop();
  feed->fit({10, 10});
  settle();
  CHECK(canvas.pixel(7, 7) == test_pixel(7, 7));
  CHECK(canvas.size() == extent{64, 48});
  CHECK(closed == 0);
  CHECK_FALSE(open());
}

} // namespace saffron::devices::qemu_dbus
