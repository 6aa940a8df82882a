// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/main_channel.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::main_channel;
using test::view;

namespace {
const migration_target target{.port = 5900, .tls_port = 5901, .host = "b", .certificate_subject = "CN=b"};
}

TEST_CASE("main messages to the client are as the protocol says") {
  using namespace to_client;
  const std::vector<test::golden<message>> table{
      {migrate_begin{target},
       "0c 17 0d 17              # ports 5900 and 5901\n"
       "02 00 00 00 14 00 00 00  # host: two bytes at 20\n"
       "05 00 00 00 16 00 00 00  # subject: five bytes at 22\n"
       "62 00                    # b\n"
       "43 4e 3d 62 00           # CN=b",
       {}},
      {migrate_begin{{.port = 5900, .host = "b"}},
       "0c 17 00 00              # port 5900, none\n"
       "02 00 00 00 14 00 00 00  # host: two bytes at 20\n"
       "00 00 00 00 00 00 00 00  # no subject\n"
       "62 00                    # b",
       {}},
      {migrate_cancel{}, "", {}},
      {init{.session_id = 0x01020304,
            .display_channels_hint = 1,
            .supported_mouse_modes = mouse_mode_server | mouse_mode_client,
            .current_mouse_mode = mouse_mode_server,
            .agent_connected = 1,
            .agent_tokens = 10,
            .multi_media_time = 1000,
            .ram_hint = 0x04000000},
       "04 03 02 01  # session\n"
       "01 00 00 00  # display channels\n"
       "03 00 00 00 01 00 00 00  # mouse modes: both, server\n"
       "01 00 00 00 0a 00 00 00  # agent, 10 tokens\n"
       "e8 03 00 00  # time\n"
       "00 00 00 04  # RAM",
       {}},
      {channels_list{{{channel_type::display, 0}, {channel_type::cursor, 1}}},
       "02 00 00 00  # two\n 02 00  # display 0\n 04 01  # cursor 1",
       {}},
      {mouse_mode{.supported_modes = 3, .current_mode = mouse_mode_client}, "03 00 02 00", {}},
      {multi_media_time{.time = 0x01020304}, "04 03 02 01", {}},
      {agent_connected{}, "", {}},
      {agent_disconnected{.error = link_error::ok}, "00 00 00 00", {}},
      {agent_data{.data = view("piece")}, "70 69 65 63 65", 1},
      {agent_token{.tokens = 5}, "05 00 00 00", {}},
      {migrate_switch_host{target},
       "0c 17 0d 17 02 00 00 00 14 00 00 00 05 00 00 00 16 00 00 00 62 00 43 4e 3d 62 00 # as migrate_begin",
       {}},
      {migrate_end{}, "", {}},
      {name{.text = "web01"}, "06 00 00 00 # length with the NUL\n 77 65 62 30 31 00", {}},
      {uuid{.bytes{std::byte{0x12}, std::byte{0x34}, std::byte{0x56}}},
       "12 34 56 00 00 00 00 00 00 00 00 00 00 00 00 00",
       {}},
      {agent_connected_tokens{.tokens = 10}, "0a 00 00 00", {}},
      {migrate_begin_seamless{.target = target, .source_version = 1},
       "0c 17 0d 17              # ports\n"
       "02 00 00 00 18 00 00 00  # host: two bytes at 24\n"
       "05 00 00 00 1a 00 00 00  # subject: five bytes at 26\n"
       "01 00 00 00              # version\n"
       "62 00 43 4e 3d 62 00",
       {}},
      {migrate_dst_seamless_ack{}, "", {}},
      {migrate_dst_seamless_nack{}, "", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(100, {}).error() == errc::unknown_message);
  CHECK(decode_any(119, {}).error() == errc::unknown_message);
}

TEST_CASE("a migration target without a host is refused") {
  const auto body = test::hex("0c 17 0d 17 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00");
  CHECK_FALSE(decode<to_client::migrate_begin>(body).has_value());
}

TEST_CASE("a name needs no NUL") {
  CHECK(decode<to_client::name>(test::hex("02 00 00 00 61 62"))->text == "ab");
  CHECK(decode<to_client::name>(test::hex("00 00 00 00"))->text.empty());
}

TEST_CASE("main messages to the server are as the protocol says") {
  using namespace to_server;
  const std::vector<test::golden<message>> table{
      {client_info{.cache_size = 0x0102030405060708}, "08 07 06 05 04 03 02 01", {}},
      {migrate_connected{}, "", {}},
      {migrate_connect_error{}, "", {}},
      {attach_channels{}, "", {}},
      {mouse_mode_request{.mode = mouse_mode_client}, "02 00", {}},
      {agent_start{.tokens = 0xffffffff}, "ff ff ff ff", {}},
      {agent_data{.data = view("piece")}, "70 69 65 63 65", 1},
      {agent_token{.tokens = 1}, "01 00 00 00", {}},
      {migrate_end{}, "", {}},
      {migrate_dst_do_seamless{.source_version = 1}, "01 00 00 00", {}},
      {migrate_connected_seamless{}, "", {}},
      {quality_indicator{.data = view("q")}, "71", 1},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(100, {}).error() == errc::unknown_message);
  CHECK(decode_any(113, {}).error() == errc::unknown_message);
}
