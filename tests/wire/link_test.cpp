// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/link.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace saffron;
using namespace saffron::wire;
using test::hex;

namespace {

const std::string request_hex = "52 45 44 51              # REDQ\n"
                                "02 00 00 00 02 00 00 00  # version 2.2\n"
                                "1a 00 00 00              # 26 bytes follow\n";
const std::string message_hex = "04 03 02 01              # connection id\n"
                                "02 03                    # display, channel 3\n"
                                "01 00 00 00 01 00 00 00  # one word of common, one of channel capabilities\n"
                                "12 00 00 00              # at 18\n"
                                "09 00 00 00              # auth_selection, mini_header\n"
                                "22 40 00 00              # monitors_config, lz4_compression, codec_h265\n";

const link_message message{
    .connection_id = 0x01020304,
    .channel_type = channel_type::display,
    .channel_id = 3,
    .common_capabilities = {common_capability::auth_selection, common_capability::mini_header},
    .channel_capabilities = {display_capability::monitors_config, display_capability::lz4_compression,
                             display_capability::codec_h265},
};

/// A body of `size` bytes with these counts and offset, zero elsewhere.
link_error verdict(std::size_t size, std::uint32_t common, std::uint32_t channel, std::uint32_t offset) {
  writer w;
  w.u32(0).u8(1).u8(0).u32(common).u32(channel).u32(offset);
  auto body = w.release();
  body.resize(size);
  const auto parsed = parse_link_message(body);
  return parsed ? link_error::ok : parsed.error();
}

} // namespace

TEST_CASE("a client's request is header, message and capabilities") {
  CHECK(link_request(message) == hex(request_hex + message_hex));
  const auto parsed = parse_link_message(hex(message_hex));
  REQUIRE(parsed.has_value());
  CHECK(*parsed == message);
  CHECK(encode(*parsed) == hex(message_hex));
}

TEST_CASE("a link message that was cut short is invalid data") {
  const auto body = hex(message_hex);
  for (std::size_t size = 0; size < body.size(); ++size)
    CHECK(parse_link_message(std::span{body}.first(size)).error() == link_error::invalid_data);
}

TEST_CASE("the header is checked for magic, then version, then size") {
  CHECK(check_link_header({.size = 18}) == link_error::ok);
  CHECK(check_link_header({.size = 4096}) == link_error::ok);
  CHECK(check_link_header({.minor = 77, .size = 18}) == link_error::ok);
  CHECK(check_link_header({.magic = 0x20544547, .major = 9, .size = 0}) == link_error::invalid_magic);
  CHECK(check_link_header({.major = 1, .size = 0}) == link_error::version_mismatch);
  CHECK(check_link_header({.major = 3, .size = 18}) == link_error::version_mismatch);
  CHECK(check_link_header({.size = 17}) == link_error::invalid_data);
  CHECK(check_link_header({.size = 4097}) == link_error::invalid_data);
}

TEST_CASE("counts and place of a client's capabilities are checked") {
  CHECK(verdict(18, 0, 0, 18) == link_error::ok);
  CHECK(verdict(17, 0, 0, 18) == link_error::invalid_data);
  CHECK(verdict(4096, 0, 0, 18) == link_error::ok);
  CHECK(verdict(4097, 0, 0, 18) == link_error::invalid_data);
  CHECK(verdict(26, 1, 1, 18) == link_error::ok);
  CHECK(verdict(25, 1, 1, 18) == link_error::invalid_data);
  CHECK(verdict(26, 1, 1, 19) == link_error::invalid_data);
  CHECK(verdict(27, 1, 1, 19) == link_error::ok);
  CHECK(verdict(26, 1, 0, 17) == link_error::invalid_data);
  CHECK(verdict(26, 1, 0, 0xffffffff) == link_error::invalid_data);
  CHECK(verdict(4096, 1019, 0, 18) == link_error::ok);
  CHECK(verdict(4096, 1024, 0, 18) == link_error::invalid_data);
  CHECK(verdict(4096, 1025, 0, 18) == link_error::invalid_data);
  CHECK(verdict(4096, 0, 1025, 18) == link_error::invalid_data);
  CHECK(verdict(4096, 0x40000000, 0, 18) == link_error::invalid_data);
  CHECK(verdict(4096, 0x80000000, 0x80000000, 18) == link_error::invalid_data);
}

TEST_CASE("the place of capabilities means nothing when there are none") {
  CHECK(verdict(18, 0, 0, 0) == link_error::ok);
  CHECK(verdict(18, 0, 0, 0xffffffff) == link_error::ok);
}

TEST_CASE("an error reply is a header and 178 bytes, zero but for the error") {
  auto golden = hex("52 45 44 51 02 00 00 00 02 00 00 00 # REDQ 2.2\n"
                    "b2 00 00 00                         # 178 bytes follow\n"
                    "03 00 00 00                         # invalid data\n");
  golden.resize(16 + 178);
  CHECK(error_reply(link_error::invalid_data) == golden);
}

TEST_CASE("a good reply carries the key and the server's capabilities") {
  std::array<std::byte, public_key_size> key{};
  key.front() = std::byte{0x30};
  key.back() = std::byte{0x01};
  auto golden = hex("52 45 44 51 02 00 00 00 02 00 00 00 # REDQ 2.2\n"
                    "be 00 00 00                         # 190 bytes follow\n"
                    "00 00 00 00                         # ok\n");
  golden.insert(golden.end(), key.begin(), key.end());
  const auto rest = hex("01 00 00 00 02 00 00 00  # one word of common, two of channel capabilities\n"
                        "b2 00 00 00              # at 178\n"
                        "0b 00 00 00              # auth_selection, auth_spice, mini_header\n"
                        "0f 00 00 00 01 00 00 00  # 0 to 3, 32\n");
  golden.insert(golden.end(), rest.begin(), rest.end());
  const capability_set common{common_capability::auth_selection, common_capability::auth_spice,
                              common_capability::mini_header};
  const capability_set channel{0u, 1u, 2u, 3u, 32u};
  CHECK(ok_reply(key, common, channel) == golden);

  const auto body = std::span<const std::byte>{golden}.subspan(link_header::wire_size);
  const auto reply = decode<link_reply>(body);
  REQUIRE(reply.has_value());
  CHECK(reply->error == link_error::ok);
  CHECK(reply->public_key == key);
  CHECK(reply->common_capabilities == common);
  CHECK(reply->channel_capabilities == channel);
  for (std::size_t size = 0; size < body.size(); ++size) CHECK_FALSE(decode<link_reply>(body.first(size)).has_value());
}

TEST_CASE("mechanism, ticket and result are bare") {
  CHECK(encode(link_auth_mechanism{auth_mechanism::sasl}) == hex("02 00 00 00"));
  CHECK(encode(link_result{link_error::permission_denied}) == hex("07 00 00 00"));
  CHECK(decode<link_result>(hex("08 00 00 00")) == link_result{link_error::bad_connection_id});
  CHECK(encode(link_ticket{}).size() == 128);
}

TEST_CASE("a capability set grows to its highest bit and drops empty words") {
  capability_set set;
  CHECK(set.words().empty());
  CHECK_FALSE(set.has(0u));
  set.set(33u);
  CHECK(set.words() == std::vector<std::uint32_t>{0, 2});
  CHECK(set.has(33u));
  CHECK_FALSE(set.has(32u));
  CHECK_FALSE(set.has(1000u));
  CHECK(capability_set{std::vector<std::uint32_t>{5, 0, 0}} == capability_set{0u, 2u});
}
