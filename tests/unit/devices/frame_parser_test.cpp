// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/frame_parser.hpp"
#include "tests/unit/devices/memory_canvas.hpp"
#include "tests/unit/devices/qemu_calls.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>

#include <cstring>
#include <random>
#include <string>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace tests;

struct recording_target final : frame_target {
  bool begin(const frame& f) override {
    if (!accept) return false;
    if (f.whole) REQUIRE(canvas.set_size({std::uint32_t(f.area.right), std::uint32_t(f.area.bottom)}));
    return true;
  }
  std::span<std::byte> row(std::uint32_t y) override {
    if (y >= canvas.size().height) return {};
    return canvas.row(y);
  }
  void end(const frame& f, const message_header&) override { story += f.whole ? "Scanout " : "Update "; }
  void message(const message_header& h, std::span<const std::byte> body, unique_fd fd) override {
    story += h.member + " ";
    bodies.emplace_back(body.begin(), body.end());
    last_fd = std::move(fd);
  }
  void refused(const message_header& h) override { story += "!" + h.member + " "; }
  bool tired() const override { return false; }

  memory_canvas canvas;
  std::string story;
  std::vector<byte_list> bodies;
  unique_fd last_fd;
  bool accept = true;
};

/// Plays the socket: puts the bytes where the parser wants them, in pieces of random sizes.
result<void> feed(frame_parser& parser, std::span<const std::byte> bytes, std::mt19937& random, std::size_t longest) {
  while (!bytes.empty()) {
    auto piece = std::min(bytes.size(), std::uniform_int_distribution<std::size_t>{1, longest}(random));
    std::size_t done = 0;
    for (const auto& place : parser.places(longest)) {
      const auto n = std::min(place.iov_len, piece - done);
      if (n != 0) std::memcpy(place.iov_base, bytes.data() + done, n);
      done += n;
    }
    REQUIRE(done != 0);
    bytes = bytes.subspan(done);
    if (const auto arrived = parser.arrived(done); !arrived) return arrived;
  }
  return {};
}

result<void> feed(frame_parser& parser, std::span<const std::byte> bytes) {
  std::mt19937 random;
  return feed(parser, bytes, random, 1 << 20);
}

} // namespace

TEST_CASE("frames reach their rows wherever the stream is split") {
  byte_list stream = greeting_of_qemu();
  append(stream, get_all());
  append(stream, scanout(100, 50, 400, test_pixels(100, 50, 400)));
  append(stream, mouse_set(3, 4, true));
  append(stream, update(10, 5, 20, 8, 80, test_pixels(20, 8, 80, 2)));
  append(stream, update(40, 20, 8, 8, 100, test_pixels(8, 8, 100, 3))); // padded rows
  append(stream, cursor_define(16, 16, 1, 2, test_pixels(16, 16, 64)));
  append(stream, update(99, 49, 1, 1, 4, test_pixels(1, 1, 4, 4)));
  std::mt19937 random{7};
  for (const std::size_t longest : {1, 7, 50, 300, 5000, 1 << 20}) {
    recording_target target;
    frame_parser parser{target};
    REQUIRE(feed(parser, stream, random, longest));
    CHECK(target.story == "GetAll Scanout MouseSet Update Update CursorDefine Update ");
    CHECK(target.canvas.pixel(0, 0) == test_pixel(0, 0));
    CHECK(target.canvas.pixel(99, 48) == test_pixel(99, 48));
    CHECK(target.canvas.pixel(10, 5) == test_pixel(0, 0, 2));
    CHECK(target.canvas.pixel(29, 12) == test_pixel(19, 7, 2));
    CHECK(target.canvas.pixel(30, 12) == test_pixel(30, 12));
    CHECK(target.canvas.pixel(47, 27) == test_pixel(7, 7, 3));
    CHECK(target.canvas.pixel(48, 27) == test_pixel(48, 27));
    CHECK(target.canvas.pixel(99, 49) == test_pixel(0, 0, 4));
  }
}

TEST_CASE("rows of another pixel format are converted wherever the stream is split") {
  constexpr std::uint32_t r8g8b8 = 0x18020888, b8g8r8x8 = 0x20080888;
  byte_list narrow; // three bytes a pixel: 40 rows of 33, with one byte of padding
  for (int y = 0; y < 40; ++y) {
    for (int x = 0; x < 33; ++x)
      for (const auto v : {1, y, x}) narrow.push_back(static_cast<std::byte>(v));
    narrow.push_back(std::byte{0xee});
  }
  byte_list swapped = test_pixels(33, 40, 132, 9);
  for (std::size_t i = 0; i < swapped.size(); i += 4) std::reverse(&swapped[i], &swapped[i] + 4);
  byte_list stream = greeting_of_qemu();
  append(stream, scanout(33, 40, 100, narrow, r8g8b8));
  std::mt19937 random{7};
  for (const std::size_t longest : {1, 7, 500, 1 << 20}) {
    recording_target target;
    frame_parser parser{target};
    REQUIRE(feed(parser, stream, random, longest));
    CHECK(target.canvas.pixel(0, 0) == test_pixel(0, 0));
    CHECK(target.canvas.pixel(32, 39) == test_pixel(32, 39));
    REQUIRE(feed(parser, scanout(33, 40, 132, swapped, b8g8r8x8), random, longest));
    CHECK(target.canvas.pixel(0, 0) == test_pixel(0, 0, 9));
    CHECK(target.canvas.pixel(32, 39) == test_pixel(32, 39, 9));
  }
}

TEST_CASE("full rows without padding are one place, read in one piece") {
  recording_target target;
  frame_parser parser{target};
  REQUIRE(feed(parser, greeting_of_qemu()));
  const auto message = scanout(64, 64, 256, test_pixels(64, 64, 256));
  REQUIRE(feed(parser, std::span{message}.first(message.size() - 64 * 256 + 1000)));
  const auto places = parser.places(1 << 20);
  REQUIRE(places.size() == 2); // the rest of the picture, and room for the next message
  CHECK(places[0].iov_len == 64 * 256 - 1000);
}

TEST_CASE("a frame that cannot be is skipped and the next one is shown") {
  const auto pixels = test_pixels(8, 8, 32);
  const std::vector<byte_list> impossible{
      scanout(0, 8, 32, pixels),
      scanout(8, 0, 32, pixels),
      scanout(9, 8, 32, pixels), // stride shorter than a row
      scanout(8, 9, 32, pixels), // pixels are missing
      scanout(8, 7, 32, pixels), // too many pixels
      scanout(8, 8, 0, pixels),
      scanout(70000, 1, 280000, pixels),
      scanout(0xffffffff, 0xffffffff, 0xffffffff, pixels),
      scanout(8, 8, 32, pixels, 0x10020565), // a format that QEMU never sends
      scanout(8, 8, 32, {}),
      update(-1, 0, 8, 8, 32, pixels),
      update(0, 0, -8, 8, 32, pixels),
      update(16380, 0, 8, 8, 32, pixels),
      update(INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX, 32, pixels),
      listener_call("Scanout", "uuuuay", dbus_writer{}.u(8)), // shorter than its arguments
      listener_call("Scanout", "uuuuay", dbus_writer{}),
  };
  std::mt19937 random{11};
  for (const auto& message : impossible) {
    recording_target target;
    frame_parser parser{target};
    byte_list stream = greeting_of_qemu();
    append(stream, message);
    append(stream, scanout(8, 8, 32, pixels));
    REQUIRE(feed(parser, stream, random, 100));
    CHECK(target.story.starts_with("!"));
    CHECK(target.story.ends_with(" Scanout "));
    CHECK(target.canvas.pixel(7, 7) == test_pixel(7, 7));
  }
}

TEST_CASE("a message that brings no frame is skipped when it is too large") {
  recording_target target;
  frame_parser parser{target};
  byte_list stream = greeting_of_qemu();
  append(stream, listener_call("Unknown", "ay", dbus_writer{}.ay(byte_list(2 * 1024 * 1024))));
  append(stream, mouse_set(1, 1, true));
  REQUIRE(feed(parser, stream));
  CHECK(target.story == "!Unknown MouseSet ");
}

TEST_CASE("what the target does not want is read and thrown away") {
  recording_target target;
  target.accept = false;
  frame_parser parser{target};
  byte_list stream = greeting_of_qemu();
  append(stream, scanout(100, 100, 400, test_pixels(100, 100, 400)));
  append(stream, mouse_set(1, 1, true));
  REQUIRE(feed(parser, stream));
  CHECK(target.story == "!Scanout MouseSet ");
}

TEST_CASE("a surface that shrinks under a frame loses pixels and nothing else") {
  recording_target target;
  frame_parser parser{target};
  REQUIRE(feed(parser, greeting_of_qemu()));
  const auto message = scanout(64, 64, 256, test_pixels(64, 64, 256));
  const auto half = message.size() / 2;
  REQUIRE(feed(parser, std::span{message}.first(half)));
  REQUIRE(target.canvas.set_size({16, 16}));
  REQUIRE(feed(parser, std::span{message}.subspan(half)));
  CHECK(target.story == "Scanout ");
}

TEST_CASE("a peer that does not speak D-Bus is an error") {
  const auto refuses = [](const std::string& text) {
    recording_target target;
    frame_parser parser{target};
    return !feed(parser, std::as_bytes(std::span{text}));
  };
  CHECK(refuses("REJECTED EXTERNAL\r\n"));
  CHECK(refuses("OK 12\r\nERROR no descriptors\r\n"));
  CHECK(refuses("HTTP/1.1 400 Bad Request\r\n"));
  CHECK(refuses(std::string(5000, 'x')));
  CHECK(refuses("OK 12\r\nAGREE_UNIX_FD\r\n" + std::string(32, '\xff')));
  CHECK(refuses("OK 12\r\nAGREE_UNIX_FD\r\n" + std::string(32, 'l')));
}

TEST_CASE("a message gets the first of its descriptors and the others are closed") {
  recording_target target;
  frame_parser parser{target};
  REQUIRE(feed(parser, greeting_of_qemu()));
  int fds[2];
  REQUIRE(::pipe2(fds, O_CLOEXEC) == 0);
  parser.received(unique_fd{fds[0]});
  parser.received(unique_fd{fds[1]});
  REQUIRE(feed(parser, listener_call("Two", "", dbus_writer{}, true, "x", 2)));
  CHECK(target.last_fd.get() == fds[0]);
  CHECK(::fcntl(fds[1], F_GETFD) == -1);
  REQUIRE(feed(parser, listener_call("None", "", dbus_writer{}, true, "x", 1)));
  CHECK_FALSE(target.last_fd);
}

} // namespace saffron::devices::qemu_dbus
