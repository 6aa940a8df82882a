// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/fields.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

using namespace saffron;
using namespace saffron::wire;
using test::hex;

TEST_CASE("a read past the end yields zero and spoils the reader for good") {
  const auto body = hex("01 02 03");
  reader r{body};
  CHECK(r.u16() == 0x0201);
  CHECK(r.u16() == 0);
  CHECK_FALSE(r.ok());
  CHECK(r.u8() == 0);
  CHECK(r.left() == 0);
  CHECK_FALSE(r.at(0).ok());
}

TEST_CASE("a pointer may lead to the end of the body but not past it") {
  const auto body = hex("01 02 03");
  const reader r{body};
  CHECK(r.at(3).ok());
  CHECK_FALSE(r.at(4).ok());
  CHECK_FALSE(r.at(0xffffffff).ok());
}

TEST_CASE("a null pointer is not followed") {
  const auto body = hex("00 00 00 00");
  reader r{body};
  CHECK_FALSE(r.follow([](reader&) { FAIL("followed"); }));
  CHECK(r.ok());
}

TEST_CASE("what is wrong behind a pointer spoils the reader that followed it") {
  const auto body = hex("04 00 00 00 01");
  reader r{body};
  CHECK(r.follow([](reader& there) { there.u16(); }));
  CHECK_FALSE(r.ok());
}

TEST_CASE("a count that cannot fit takes no memory") {
  const auto body = hex("ff ff ff ff 00 00 00 00");
  reader r{body};
  std::vector<std::uint64_t> values;
  read_list<std::uint32_t>(r, values);
  CHECK_FALSE(r.ok());
  CHECK(values.capacity() == 0);
}

TEST_CASE("any byte but zero reads as true") {
  const auto body = hex("00 01 02 ff");
  reader r{body};
  CHECK_FALSE(r.get<bool>());
  CHECK(r.get<bool>());
  CHECK(r.get<bool>());
  CHECK(r.get<bool>());
}

TEST_CASE("a rectangle is top, left, bottom, right on the wire") {
  const rect box{.left = 1, .top = 2, .right = 3, .bottom = 4};
  CHECK(encode(box) == hex("02 00 00 00 01 00 00 00 04 00 00 00 03 00 00 00"));
}

TEST_CASE("views compare contents, not places") {
  const std::string one = "same", other = "same";
  CHECK(test::view(one) == test::view(other));
  CHECK_FALSE(test::view(one) == test::view("sam"));
  CHECK_FALSE(test::view(one) == test::view("some"));
  CHECK(byte_view{} == test::view(""));
}
