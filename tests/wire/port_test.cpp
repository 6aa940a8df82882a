// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/port.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::port;
using test::view;

TEST_CASE("port messages to the client are as the protocol says") {
  using namespace to_client;
  const std::vector<test::golden<message>> table{
      {plain_data{.data = view("hi")}, "68 69", 1},
      {compressed_data{.compression = compression_type::lz4, .uncompressed_size = 5, .data = view("\x50hello")},
       "01 # LZ4\n 05 00 00 00 # size\n 50 68 65 6c 6c 6f # five literals", 6},
      {compressed_data{.compression = compression_type::none, .data = view("hi")}, "00 # no size follows\n 68 69", 2},
      {init{.name = "a.b", .opened = true},
       "04 00 00 00 # size with the NUL\n 09 00 00 00 # where\n 01 # opened\n 61 2e 62 00",
       {}},
      {event{.code = event_code::break_sent}, "02", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(203, {}).error() == errc::unknown_message);
}

TEST_CASE("port messages to the server are as the protocol says") {
  using namespace to_server;
  const std::vector<test::golden<message>> table{
      {plain_data{.data = view("hi")}, "68 69", 1},
      {compressed_data{.compression = compression_type::lz4, .uncompressed_size = 5, .data = view("\x50hello")},
       "01 # LZ4\n 05 00 00 00 # size\n 50 68 65 6c 6c 6f # five literals", 6},
      {event{.code = event_code::closed}, "01", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(202, {}).error() == errc::unknown_message);
}

TEST_CASE("an unknown compression or port event does not decode") {
  CHECK(decode<compressed_data>(test::hex("02 05 00 00 00 50 68 65 6c 6c 6f")).error() == errc::bad_message);
  CHECK(decode<to_client::event>(test::hex("03")).error() == errc::bad_message);
  CHECK(decode<to_server::event>(test::hex("ff")).error() == errc::bad_message);
}

TEST_CASE("a port's name that is null or lies outside does not decode") {
  CHECK(decode<to_client::init>(test::hex("01 00 00 00  00 00 00 00  00")).error() == errc::bad_message);
  CHECK(decode<to_client::init>(test::hex("02 00 00 00  09 00 00 00  00  61")).error() == errc::bad_message);
  CHECK(decode<to_client::init>(test::hex("01 00 00 00  ff ff ff ff  00  61")).error() == errc::bad_message);
}
