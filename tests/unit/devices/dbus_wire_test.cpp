// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/dbus_wire.hpp"

#include <doctest/doctest.h>

#include <array>
#include <charconv>
#include <random>
#include <string>

namespace saffron::devices::qemu_dbus {
namespace {

using namespace std::string_view_literals;

std::vector<std::byte> from_hex(std::string_view hex) {
  std::vector<std::byte> bytes;
  std::string digits;
  for (const auto c : hex)
    if (c != ' ' && c != '\n') digits += c;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned value = 0;
    std::from_chars(&digits[i], &digits[i] + 2, value, 16);
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

// QEMU's first call on a listener's socket, as GLib writes it.
constexpr std::string_view get_all_hex = R"(
  6c 01 00 01 1f000000 01000000 67000000
  01 01 6f 00 1b000000 2f6f72672f71656d752f446973706c6179312f4c697374656e6572 00 00000000
  02 01 73 00 1f000000 6f72672e667265656465736b746f702e444275732e50726f70657274696573 00
  08 01 67 00 01 73 00 00
  03 01 73 00 06000000 476574416c6c 00 00
  1a000000 6f72672e71656d752e446973706c6179312e4c697374656e6572 00)";

// The body of an answer to it, as GLib writes it: {"Interfaces": ["a.b"]}.
constexpr std::string_view interfaces_hex = R"(
  20000000 00000000
  0a000000 496e7465726661636573 00 02 6173 00 00 08000000 03000000 61 2e 62 00)";

} // namespace

TEST_CASE("a call of QEMU is read from its bytes") {
  const auto bytes = from_hex(get_all_hex);
  const auto size = header_size(std::span{bytes}.first(fixed_header_size));
  REQUIRE(size == bytes.size() - 0x1f);
  const auto header = read_header(std::span{bytes}.first(*size));
  REQUIRE(header);
  CHECK(header->type == message_type::call);
  CHECK_FALSE(header->no_reply);
  CHECK(header->serial == 1);
  CHECK(header->path == "/org/qemu/Display1/Listener");
  CHECK(header->interface == "org.freedesktop.DBus.Properties");
  CHECK(header->member == "GetAll");
  CHECK(header->signature == "s");
  CHECK(header->body_size == 0x1f);
  dbus_reader body{std::span{bytes}.subspan(*size)};
  CHECK(body.s() == "org.qemu.Display1.Listener");
  CHECK(body.ok());
  CHECK(body.left() == 0);
}

TEST_CASE("the answer to QEMU's first call has the bytes that GLib would write") {
  dbus_writer body;
  const std::array<std::string_view, 1> interfaces{"a.b"};
  const auto entries = body.begin_array(8);
  body.structure().s("Interfaces").g("as").as(interfaces).end_array(entries);
  CHECK(std::ranges::equal(body.view(), from_hex(interfaces_hex)));
  message_header h;
  h.type = message_type::reply;
  h.no_reply = true;
  h.serial = 2;
  h.reply_serial = 1;
  h.signature = "a{sv}";
  auto expected = from_hex(R"(
    6c 02 01 01 28000000 02000000 13000000
    05 01 75 00 01000000
    08 01 67 00 05 617b73767d 00 0000000000)");
  expected.insert(expected.end(), body.view().begin(), body.view().end());
  CHECK(make_message(h, body.view()) == expected);
}

TEST_CASE("what was written is read back, each value at its alignment") {
  const std::array<std::byte, 3> blob{std::byte{1}, std::byte{2}, std::byte{3}};
  const std::array<std::string_view, 2> words{"one", ""};
  dbus_writer w;
  w.y(7).t(0x1122334455667788).b(true).i(-5).y(1).d(0.5).g("a{sv}").s("text").o("/a").ay(blob).h(3).as(words);
  const auto numbers = w.begin_array(4);
  w.u(10).u(20).end_array(numbers);
  w.y(9);
  dbus_reader r{w.view()};
  CHECK(r.y() == 7);
  CHECK(r.t() == 0x1122334455667788);
  CHECK(r.b());
  CHECK(r.i() == -5);
  CHECK(r.y() == 1);
  CHECK(r.d() == 0.5);
  CHECK(r.g() == "a{sv}");
  CHECK(r.s() == "text");
  CHECK(r.o() == "/a");
  CHECK(std::ranges::equal(r.ay(), blob));
  CHECK(r.h() == 3);
  CHECK(r.as() == std::vector<std::string>{"one", ""});
  CHECK(r.au() == std::vector<std::uint32_t>{10, 20});
  CHECK(r.y() == 9);
  CHECK(r.ok());
  CHECK(r.left() == 0);
}

TEST_CASE("skipping passes over any value and lands on the next") {
  dbus_writer w;
  const auto entries = w.begin_array(8);
  w.structure().s("key").g("(ib)").structure().i(1).b(true);
  w.structure().s("other").g("au");
  const auto inner = w.begin_array(4);
  w.u(1).end_array(inner).end_array(entries);
  w.g("v").g("s").s("in a variant in a variant");
  w.structure().q(3).t(4).y(42);
  dbus_reader r{w.view()};
  r.skip("a{sv}v");
  r.skip("(qt)");
  CHECK(r.y() == 42);
  CHECK(r.ok());
}

TEST_CASE("a malformed value spoils the reader for good") {
  const auto spoils = [](std::string_view hex, auto read) {
    const auto bytes = from_hex(hex);
    dbus_reader r{bytes};
    read(r);
    CHECK_FALSE(r.ok());
    CHECK(r.u() == 0);
    CHECK(r.s().empty());
  };
  spoils("01 00 00", [](auto& r) { r.u(); });
  spoils("02 00 00 00", [](auto& r) { r.b(); });
  spoils("ff ff ff ff 61 00", [](auto& r) { r.s(); });
  spoils("02 00 00 00 61 62 63", [](auto& r) { r.s(); }); // no NUL
  spoils("05 00 00 00 01", [](auto& r) { r.ay(); });
  spoils("06 00 00 00 01 00 00 00 02 00 00 00", [](auto& r) { r.au(); }); // not a multiple of four
  spoils("ff ff ff ff", [](auto& r) { r.skip("ay"); });
  spoils("00 00 00 00", [](auto& r) { r.skip("a"); });
  spoils("00 00 00 00", [](auto& r) { r.skip("a)"); });
  spoils("00 00 00 00 00 00 00 00", [](auto& r) { r.skip("(u"); });
  spoils("02 75 75 00 00 00 00 00", [](auto& r) { r.skip("v"); }); // two values in a variant
  spoils("00", [](auto& r) { r.skip("!"); });
}

TEST_CASE("variants in variants are followed only so deep") {
  std::vector<std::byte> bytes;
  for (int i = 0; i < 1000; ++i)
    for (const auto b : {1, int{'v'}, 0}) bytes.push_back(static_cast<std::byte>(b));
  dbus_reader r{bytes};
  r.skip("v");
  CHECK_FALSE(r.ok());
}

TEST_CASE("a header with impossible sizes is refused before memory is taken for it") {
  const auto size_of = [](std::string_view hex) { return header_size(from_hex(hex)); };
  CHECK(size_of("6c 01 00 01 00 00 00 00 01 00 00 00 05 00 00 00") == 24);
  CHECK(size_of("42 01 00 01 00 00 00 00 01 00 00 00 00 00 00 00").error() == errc::bad_message); // big endian
  CHECK(size_of("6c 01 00 01 00 00 00 00 01 00 00 00 ff ff ff ff").error() == errc::message_too_large);
  CHECK(size_of("6c 01 00 01 ff ff ff ff 01 00 00 00 00 00 00 00").error() == errc::message_too_large);
  CHECK(size_of("6c 01 00").error() == errc::bad_message);
}

TEST_CASE("random bytes never lead a reader out of its bytes") {
  std::mt19937 random{3};
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::byte> bytes(std::uniform_int_distribution<std::size_t>{16, 120}(random));
    for (auto& b : bytes) b = static_cast<std::byte>(std::uniform_int_distribution{0, 8}(random));
    bytes[0] = std::byte{'l'};
    bytes[3] = std::byte{1};
    static_cast<void>(read_header(bytes));
    dbus_reader r{bytes};
    r.skip("ya{sv}v(iay)asau");
    CHECK(r.position() <= bytes.size());
  }
}

TEST_CASE("a header is read back as it was made") {
  message_header h;
  h.type = message_type::error;
  h.serial = 77;
  h.reply_serial = 5;
  h.error_name = "org.x.Error";
  h.sender = ":1.5";
  h.destination = ":1.6";
  h.fds = 2;
  const auto bytes = make_message(h);
  const auto size = header_size(std::span{bytes}.first(fixed_header_size));
  REQUIRE(size == bytes.size());
  const auto back = read_header(bytes);
  REQUIRE(back);
  CHECK(back->type == message_type::error);
  CHECK(back->serial == 77);
  CHECK(back->reply_serial == 5);
  CHECK(back->error_name == "org.x.Error");
  CHECK(back->sender == ":1.5");
  CHECK(back->destination == ":1.6");
  CHECK(back->fds == 2);
  CHECK(back->path.empty());
}

TEST_CASE("the handshake carries the user id as hexadecimal digits of its decimal digits") {
  CHECK(handshake(1000) == "\0AUTH EXTERNAL 31303030\r\nNEGOTIATE_UNIX_FD\r\nBEGIN\r\n"sv);
}

} // namespace saffron::devices::qemu_dbus
