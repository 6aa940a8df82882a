// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/migration.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::migration;
using test::hex;
using test::view;

namespace {
const auto encode_it = [](const auto& m) { return encode(m); };
}

TEST_CASE("migration data of the main channel is as the reference has it") {
  const auto decode_it = [](std::span<const std::byte> body) { return decode<main_data>(body); };
  const main_data full{
      .agent{.connected = true,
             .client_tokens = 9,
             .send_tokens = 8,
             .write_client_tokens = 1,
             .write_data = view("wxyz")},
      .client_agent_started = true,
      .agent_to_client{.chunk_header_size = 8,
                       .chunk_port = 1,
                       .chunk_size = 100,
                       .message_header_done = false,
                       .message_header = view("part"),
                       .message_remaining = 6,
                       .filter_result = 1},
      .client_to_agent{.message_remaining = 7, .filter_result = 2},
  };
  test::check_golden(test::golden<main_data>{full,
                                             "4d 4e 4d 44 01 00 00 00  # MNMD, version 1\n"
                                             "01 00 00 00 01           # char device version 1, connected\n"
                                             "09 00 00 00 08 00 00 00  # client and send tokens\n"
                                             "04 00 00 00              # write size\n"
                                             "01 00 00 00              # write tokens\n"
                                             "41 00 00 00              # write data at 65\n"
                                             "01                       # client agent started\n"
                                             "08 00 00 00              # chunk header size\n"
                                             "01 00 00 00 64 00 00 00  # chunk header\n"
                                             "00                       # message header not done\n"
                                             "04 00 00 00 45 00 00 00  # four bytes of it at 69\n"
                                             "06 00 00 00 01           # remaining, filter\n"
                                             "07 00 00 00 02           # client to agent: remaining, filter\n"
                                             "77 78 79 7a              # write data\n"
                                             "70 61 72 74              # message header",
                                             {}},
                     decode_it, encode_it);
  auto empty = hex("4d 4e 4d 44 01 00 00 00 01 00 00 00");
  empty.resize(65);
  CHECK(encode(main_data{}) == empty);
  CHECK(decode_it(empty) == main_data{});
}

TEST_CASE("migration data of the display channel is as the reference has it") {
  const std::string fixed = "44 43 4d 44 01 00 00 00  # DCMD, version 1\n"
                            "05 00 00 00 00 00 00 00  # message serial\n"
                            "01 02                    # low bandwidth, cache 2\n"
                            "00 10 00 00 00 00 00 00  # cache size\n"
                            "01                       # freezer\n"
                            "01 00 00 00 00 00 00 00  # serials of the cache's channels\n"
                            "02 00 00 00 00 00 00 00\n"
                            "03 00 00 00 00 00 00 00\n"
                            "04 00 00 00 00 00 00 00\n"
                            "03                       # dictionary 3\n"
                            "00 20 00 00 04 00 00 00  # its size, encoders\n"
                            "06 00 00 00 00 00 00 00  # last image\n"
                            "50 00 00 00              # surfaces at 80\n";
  display_data data{.message_serial = 5,
                    .low_bandwidth = true,
                    .pixmap_cache_id = 2,
                    .pixmap_cache_size = 0x1000,
                    .pixmap_cache_freezer = true,
                    .pixmap_cache_clients{1, 2, 3, 4},
                    .glz_dictionary_id = 3,
                    .glz_dictionary{.size = 0x2000, .max_encoders = 4, .last_image_id = 6},
                    .surfaces{{.id = 0}, {.id = 7}}};
  test::check_golden(
      test::golden<display_data>{data, fixed + "02 00 00 00 # two\n 00 00 00 00 07 00 00 00 # ids", {}},
      [](std::span<const std::byte> body) { return decode_display_data(body, false); }, encode_it);
  data.lossy_regions = true;
  data.surfaces = {{.id = 7, .lossy_region{.left = 1, .top = 2, .right = 3, .bottom = 4}}};
  test::check_golden(
      test::golden<display_data>{data,
                                 fixed + "01 00 00 00 # one\n"
                                         "07 00 00 00 # id\n"
                                         "01 00 00 00 02 00 00 00 # left, top\n"
                                         "03 00 00 00 04 00 00 00 # right, bottom",
                                 {}},
      [](std::span<const std::byte> body) { return decode_display_data(body, true); }, encode_it);
}

TEST_CASE("migration data of the inputs channel is as the reference has it") {
  test::check_golden(
      test::golden<inputs_data>{
          inputs_data{.motion_count = 3}, "49 43 4d 44 01 00 00 00 # ICMD, version 1\n 03 00 # motions", {}},
      [](std::span<const std::byte> body) { return decode<inputs_data>(body); }, encode_it);
}

TEST_CASE("migration data of another channel or a later version is refused") {
  CHECK_FALSE(decode<inputs_data>(hex("4d 4e 4d 44 01 00 00 00 03 00")).has_value());
  CHECK_FALSE(decode<inputs_data>(hex("49 43 4d 44 02 00 00 00 03 00")).has_value());
  CHECK(decode<inputs_data>(hex("49 43 4d 44 00 00 00 00 03 00")).has_value());
}

TEST_CASE("write data that is said to be there must be there") {
  auto body = encode(main_data{});
  body[21] = std::byte{1}; // write size, with a null pointer
  CHECK_FALSE(decode<main_data>(body).has_value());
}
