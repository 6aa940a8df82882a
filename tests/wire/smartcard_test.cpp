// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/smartcard.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::smartcard;
using test::view;

namespace {

const std::vector<test::golden<message>> table{
    {data{.kind = message_type::reader_add, .reader = undefined_reader, .payload = view("card")},
     "03 00 00 00 # ReaderAdd\n ff ff ff ff # no reader yet\n 04 00 00 00 # length\n 63 61 72 64",
     {}},
    {data{.kind = message_type::apdu, .reader = 1, .payload = view("\x90\x10")},
     "07 00 00 00 # APDU\n 01 00 00 00 # reader\n 02 00 00 00 # length\n 90 10",
     {}},
    {data{.kind = message_type::card_remove, .reader = 0}, "06 00 00 00  00 00 00 00  00 00 00 00", {}},
};

} // namespace

TEST_CASE("smartcard messages are as the protocol says, in both directions") {
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(102, {}).error() == errc::unknown_message);
}

TEST_CASE("a smartcard length beyond the body does not decode") {
  CHECK(decode<data>(test::hex("07 00 00 00  00 00 00 00  ff ff ff ff  90")).error() == errc::bad_message);
}

TEST_CASE("on the device a smartcard header is in network order") {
  const message_header h{.type = message_type::apdu, .reader = 0x01020304, .length = 270};
  const auto bytes = test::hex("00 00 00 07  01 02 03 04  00 00 01 0e");
  const auto network = to_network(h);
  CHECK(std::ranges::equal(network, bytes));
  CHECK(from_network(network) == h);
}

TEST_CASE("the server's own smartcard error is little endian") {
  CHECK(encode(error{error_code::cannot_add_more_readers}) == test::hex("02 00 00 00"));
}
