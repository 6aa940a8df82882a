// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/agent.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::agent;
using test::hex;

TEST_CASE("agent messages are as the protocol says") {
  const monitor one{.height = 768, .width = 1024, .depth = 32, .x = -1, .y = 2};
  auto sized = one;
  sized.physical_height = 200;
  sized.physical_width = 300;
  const std::string one_hex = "00 03 00 00 00 04 00 00 20 00 00 00  # height, width, depth\n"
                              "ff ff ff ff 02 00 00 00              # position\n";
  const std::vector<test::golden<message>> table{
      {mouse_state{.x = 640, .y = 480, .buttons = button_mask::left | button_mask::up, .display_id = 1},
       "80 02 00 00 e0 01 00 00 # position\n 12 00 00 00 # buttons\n 01 # display",
       {}},
      {monitors_config{.flags = monitors_config_flags::use_position, .monitors{one, one}},
       "02 00 00 00 01 00 00 00 # two, with positions\n" + one_hex + one_hex,
       {}},
      {monitors_config{.flags = monitors_config_flags::physical_size, .monitors{sized}},
       "01 00 00 00 02 00 00 00 # one, with physical size\n" + one_hex + "c8 00 2c 01 # millimetres",
       {}},
      {reply{.request = message_type::monitors_config, .error = reply_code::error},
       "02 00 00 00 # to monitors_config\n 02 00 00 00 # error",
       {}},
      {display_config{.flags = display_config_flags::set_color_depth, .depth = 24}, "08 00 00 00 18 00 00 00", {}},
      {announce_capabilities{.request = 1,
                             .capabilities{capability::monitors_config, capability::clipboard_grab_serial}},
       "01 00 00 00 # answer me\n 02 00 02 00 # bits 1 and 17", 4},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
}

TEST_CASE("types that only pass through are unknown here") {
  CHECK(decode_any(message_type::clipboard, {}).error() == errc::unknown_message);
  CHECK(decode_any(static_cast<message_type>(0x10001), hex("00 00 00 00")).error() == errc::unknown_message);
}

TEST_CASE("a whole agent message is header and body") {
  const auto golden = hex("01 00 00 00              # protocol\n"
                          "03 00 00 00              # type: reply\n"
                          "00 00 00 00 00 00 00 00  # opaque\n"
                          "08 00 00 00              # size\n"
                          "02 00 00 00 01 00 00 00  # monitors_config, success");
  CHECK(encode_whole(reply{}) == golden);
  const auto header = decode<message_header>(golden);
  REQUIRE(header.has_value());
  CHECK(*header == message_header{.protocol = 1, .type = message_type::reply, .opaque = 0, .size = 8});
}

TEST_CASE("a chunk header is port and size") {
  CHECK(encode(chunk_header{port::server, 2048}) == hex("02 00 00 00 00 08 00 00"));
  CHECK(decode<chunk_header>(hex("01 00 00 00 05 00 00 00")) == chunk_header{port::client, 5});
}

TEST_CASE("more monitors than the message can hold are refused") {
  CHECK_FALSE(decode<monitors_config>(hex("ff ff ff ff 00 00 00 00")).has_value());
}
