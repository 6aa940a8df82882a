// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/cursor.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::cursor;
using namespace saffron::wire::cursor::to_client;
using test::view;

TEST_CASE("cursor messages to the client are as the protocol says") {
  const shape cached{.flags = cursor_flags::cache_me,
                     .unique = 9,
                     .type = cursor_type::alpha,
                     .width = 1,
                     .height = 1,
                     .hot_spot_x = 2,
                     .hot_spot_y = 3,
                     .data = view("BGRA")};
  auto again = cached;
  again.flags = cursor_flags::from_cache;
  again.data = {};
  const std::vector<test::golden<message>> table{
      {init{.position{-1, 5}, .trail_length = 6, .trail_frequency = 7, .visible = true, .shape = cached},
       "ff ff 05 00              # position\n"
       "06 00 07 00              # trail\n"
       "01                       # visible\n"
       "02 00                    # flags: cache_me\n"
       "09 00 00 00 00 00 00 00  # unique\n"
       "00 01 00 01 00           # alpha, 1 x 1\n"
       "02 00 03 00              # hot spot\n"
       "42 47 52 41              # pixels",
       28},
      {init{.position{0, 0}, .visible = false, .shape{}},
       "00 00 00 00 00 00 00 00  # position, trail\n"
       "00                       # invisible\n"
       "01 00                    # flags: none",
       {}},
      {reset{}, "", {}},
      {set{.position{16, 17}, .visible = true, .shape = cached},
       "10 00 11 00              # position\n"
       "01                       # visible\n"
       "02 00                    # flags: cache_me\n"
       "09 00 00 00 00 00 00 00  # unique\n"
       "00 01 00 01 00           # alpha, 1 x 1\n"
       "02 00 03 00              # hot spot\n"
       "42 47 52 41              # pixels",
       24},
      {set{.position{16, 17}, .visible = true, .shape = again},
       "10 00 11 00              # position\n"
       "01                       # visible\n"
       "04 00                    # flags: from_cache\n"
       "09 00 00 00 00 00 00 00  # unique\n"
       "00 01 00 01 00           # alpha, 1 x 1\n"
       "02 00 03 00              # hot spot",
       {}},
      {move{.position{-32768, 32767}}, "00 80 ff 7f", {}},
      {hide{}, "", {}},
      {trail{.length = 1, .frequency = 2}, "01 00 02 00", {}},
      {inval_one{.unique = 0x0102030405060708}, "08 07 06 05 04 03 02 01", {}},
      {inval_all{}, "", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(109, {}).error() == errc::unknown_message);
}

TEST_CASE("a cursor without a shape has no bytes but its flags, whatever the struct holds") {
  const set message{.shape{.flags = cursor_flags::none, .unique = 5, .width = 64, .data = view("left over")}};
  CHECK(encode(message).size() == 7);
}
