// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/header.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::wire;
using test::hex;
using test::view;

TEST_CASE("a mini header is type and size") {
  const mini_header header{.type = 0x0130, .size = 0x04030201};
  const auto golden = hex("30 01 # type\n 01 02 03 04 # size");
  const auto bytes = encode_header(header);
  CHECK(std::vector(bytes.begin(), bytes.end()) == golden);
  CHECK(encode(header) == golden);
  CHECK(decode_mini_header(bytes) == header);
  for (std::size_t size = 0; size < golden.size(); ++size)
    CHECK_FALSE(decode<mini_header>(std::span{golden}.first(size)).has_value());
}

TEST_CASE("a full header is serial, type, size and the offset of sub-messages") {
  const full_header header{.serial = 0x0807060504030201, .type = 0x0130, .size = 9, .sub_list = 5};
  const auto golden = hex("01 02 03 04 05 06 07 08 # serial\n 30 01 # type\n 09 00 00 00 # size\n 05 00 00 00 # list");
  const auto bytes = encode_header(header);
  CHECK(std::vector(bytes.begin(), bytes.end()) == golden);
  CHECK(decode_full_header(bytes) == header);
}

TEST_CASE("sub-messages are found by their offsets and written the same way") {
  const auto body = hex("aa bb           # the carrying message\n"
                        "02 00           # two sub-messages\n"
                        "0c 00 00 00     # offset 12\n"
                        "14 00 00 00     # offset 20\n"
                        "05 00 02 00 00 00 07 08  # type 5, two bytes\n"
                        "69 00 00 00 00 00        # type 105, none");
  const std::vector<sub_message> expected{{5, view("\x07\x08")}, {105, {}}};
  const auto messages = read_sub_messages(body, 2);
  REQUIRE(messages.has_value());
  CHECK(*messages == expected);
  writer w;
  w.u8(0xaa).u8(0xbb);
  CHECK(write_sub_messages(w, expected) == 2);
  CHECK(w.release() == body);
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK_FALSE(read_sub_messages(std::span{body}.first(size), 2).has_value());
}

TEST_CASE("a list outside the body is refused") {
  const auto body = hex("00 00");
  CHECK(read_sub_messages(body, 0).has_value());
  CHECK(read_sub_messages(body, 1).error() == errc::bad_message);
  CHECK(read_sub_messages(body, 3).error() == errc::bad_message);
  CHECK(read_sub_messages(body, 0xffffffff).error() == errc::bad_message);
}

TEST_CASE("sub-messages that contain each other are views and no more") {
  const auto body = hex("03 00  0e 00 00 00  0e 00 00 00  00 00 00 00  69 00 00 00 00 00");
  const auto messages = read_sub_messages(body, 0);
  // The third points to the list itself, which reads as a message of 14 bytes: type 3, and as large as it says.
  REQUIRE(messages.has_value());
  CHECK((*messages)[0] == (*messages)[1]);
  CHECK((*messages)[2] == sub_message{3, std::span{body}.subspan(6, 14)});
}
