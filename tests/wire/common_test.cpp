// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/common.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::common;
using test::view;

TEST_CASE("common messages to the client are as the protocol says") {
  using namespace to_client;
  const std::vector<test::golden<message>> table{
      {migrate{.flags = migrate_flags::need_flush | migrate_flags::need_data_transfer}, "03 00 00 00", {}},
      {migrate_data{.data = view("MNMD")}, "4d 4e 4d 44", 1},
      {set_ack{.generation = 1, .window = 20}, "01 00 00 00 # generation\n 14 00 00 00 # window", {}},
      {ping{.id = 7, .timestamp = 0x0102030405060708, .data = view("abc")},
       "07 00 00 00 # id\n 08 07 06 05 04 03 02 01 # timestamp\n 61 62 63 # data", 12},
      {wait_for_channels{{{channel_type::display, 1, 9}, {channel_type::cursor, 2, 10}}},
       "02                          # two\n"
       "02 01 09 00 00 00 00 00 00 00 # display 1, serial 9\n"
       "04 02 0a 00 00 00 00 00 00 00 # cursor 2, serial 10",
       {}},
      {disconnecting{.time = 5, .reason = link_error::permission_denied},
       "05 00 00 00 00 00 00 00 # time\n 07 00 00 00 # reason",
       {}},
      {notify{.time = 6,
              .severity = notify_severity::warn,
              .visibility = notify_visibility::high,
              .what = 0,
              .text = "insecure"},
       "06 00 00 00 00 00 00 00  # time\n"
       "01 00 00 00 02 00 00 00  # warning, high\n"
       "00 00 00 00              # general\n"
       "08 00 00 00              # length without the NUL\n"
       "69 6e 73 65 63 75 72 65 00",
       32},
      {list{{{5, view("\x01")}, {105, {}}}},
       "02 00                   # two sub-messages\n"
       "0a 00 00 00 11 00 00 00 # at 10 and 17\n"
       "05 00 01 00 00 00 01    # type 5, one byte\n"
       "69 00 00 00 00 00       # type 105, none",
       {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(0, {}).error() == errc::unknown_message);
  CHECK(decode_any(9, {}).error() == errc::unknown_message);
}

TEST_CASE("common messages to the server are as the protocol says") {
  using namespace to_server;
  const std::vector<test::golden<message>> table{
      {ack_sync{.generation = 3}, "03 00 00 00", {}},
      {ack{}, "", {}},
      {pong{.id = 7, .timestamp = 8}, "07 00 00 00 # id\n 08 00 00 00 00 00 00 00 # timestamp", {}},
      {migrate_flush_mark{}, "", {}},
      {migrate_data{.data = view("DCMD")}, "44 43 4d 44", 1},
      {disconnecting{.time = 5, .reason = link_error::ok}, "05 00 00 00 00 00 00 00 # time\n 00 00 00 00 # reason", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(7, {}).error() == errc::unknown_message);
}
