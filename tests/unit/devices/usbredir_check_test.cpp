// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/usbredir_check.hpp"
#include "devices/char/usbredir_filter.hpp"
#include "messages/wire/codec.hpp"
#include "tests/unit/devices/usbredir_packets.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

using namespace tests::usbredir_packets;
using usbredir::packet_type;
namespace capability = usbredir::capability;

constexpr std::uint32_t all = 0xff;
constexpr std::uint32_t all_but_wide = all & ~(capability::ids_64bit | capability::bulk_length_32bit);

// Both hellos are through.
struct checked_stream {
  explicit checked_stream(std::uint32_t client = all, std::uint32_t guest = all) {
    REQUIRE(check.from_guest(hello(guest)).has_value());
    REQUIRE(send(hello(client)).has_value());
    wide = (client & guest & capability::ids_64bit) != 0;
  }
  // How much passes of one piece, or the error.
  result<std::size_t> send(const bytes& piece) {
    return check.from_client(shared_bytes::copy_of(piece)).map([](const usbredir_passed& p) {
      return p.held.size() + p.piece.size();
    });
  }
  result<std::size_t> send(packet_type type, const bytes& body) { return send(packet(type, body, wide)); }
  errc error(packet_type type, const bytes& body) {
    const auto sent = send(type, body);
    return sent ? errc::none : sent.error();
  }

  usbredir_check check;
  bool wide = false;
};

bytes body(std::initializer_list<int> values, std::size_t size = 0) {
  bytes b;
  for (const auto v : values) b.push_back(static_cast<std::byte>(v));
  if (b.size() < size) b.resize(size);
  return b;
}

bytes text(std::string_view s) {
  const auto view = std::as_bytes(std::span{s});
  return {view.begin(), view.end()};
}

} // namespace

TEST_CASE("a client's packets pass whole, without a copy") {
  checked_stream s;
  const auto one = packet(packet_type::iso_packet, body({0x81, 0, 3, 0, 1, 2, 3}), true);
  auto two = one;
  two.insert(two.end(), one.begin(), one.end());
  const auto piece = shared_bytes::copy_of(two);
  const auto passed = s.check.from_client(piece);
  REQUIRE(passed.has_value());
  CHECK(passed->held.empty());
  CHECK(passed->piece.data() == piece.data());
  CHECK(passed->piece.size() == piece.size());
}

TEST_CASE("a header in pieces is held back until it is whole, then comes first") {
  checked_stream s;
  const auto whole = packet(packet_type::bulk_packet, body({0x81, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 8}), true);
  bytes got;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const auto passed = s.check.from_client(shared_bytes::copy_of(std::span{whole}.subspan(i, 1)));
    REQUIRE(passed.has_value());
    got.insert(got.end(), passed->held.view().begin(), passed->held.view().end());
    got.insert(got.end(), passed->piece.view().begin(), passed->piece.view().end());
    CHECK(got.size() == (i + 1 < 26 ? 0 : i + 1));
  }
  CHECK(got == whole);
}

TEST_CASE("a packet may be much longer than a piece") {
  checked_stream s;
  constexpr std::uint32_t size = 1024 * 1024;
  auto head = packet(packet_type::bulk_packet, body({0x81, 0, 0, 0, 0, 0, 0, 0, 0x10, 0}), true);
  wire::writer w;
  w.u32(101).u32(10 + size);
  std::ranges::copy(w.view(), head.begin());
  CHECK(s.send(head) == head.size());
  for (std::uint32_t sent = 0; sent < size; sent += 4096) CHECK(s.send(bytes(4096)) == 4096);
  CHECK(s.send(packet_type::device_disconnect, {}) == 16);
}

TEST_CASE("nothing passes before both hellos, and each comes once") {
  usbredir_check early;
  const auto disconnect = packet(packet_type::device_disconnect, {}, false);
  CHECK(early.from_client(shared_bytes::copy_of(disconnect)).error() == errc::out_of_order);
  usbredir_check alone;
  CHECK(alone.from_client(shared_bytes::copy_of(hello(all))).has_value());
  CHECK(alone.from_client(shared_bytes::copy_of(disconnect)).error() == errc::out_of_order);
  checked_stream s;
  CHECK(s.error(packet_type::hello, body({}, 68)) == errc::out_of_order);
}

TEST_CASE("after an error nothing passes") {
  checked_stream s;
  CHECK(s.error(packet_type::device_disconnect, body({1})) == errc::bad_message);
  CHECK(s.error(packet_type::device_disconnect, {}) == errc::bad_message);
}

TEST_CASE("a guest that does not say hello gets nothing") {
  usbredir_check check;
  CHECK(check.from_guest(packet(packet_type::control_packet, body({}, 10), false)).error() == errc::bad_message);
  CHECK(check.from_guest(hello(all)).error() == errc::bad_message);
  CHECK(check.from_client(shared_bytes::copy_of(hello(all))).has_value());
  CHECK(check.from_client(shared_bytes::copy_of(packet(packet_type::device_disconnect, {}, false))).error() ==
        errc::out_of_order);
}

TEST_CASE("a guest's hello is understood in any pieces, and an old one without capabilities") {
  usbredir_check check;
  for (const auto b : hello(all)) CHECK(check.from_guest(std::span{&b, 1}).has_value());
  CHECK(check.from_client(shared_bytes::copy_of(hello(all))).has_value());
  CHECK(check.from_client(shared_bytes::copy_of(packet(packet_type::device_disconnect, {}, true))).has_value());

  usbredir_check old;
  CHECK(old.from_guest(packet(packet_type::hello, body({}, 64), false)).has_value());
  CHECK(old.from_client(shared_bytes::copy_of(hello(all))).has_value());
  CHECK(old.from_client(shared_bytes::copy_of(packet(packet_type::device_connect, body({}, 8), false))).has_value());
}

TEST_CASE("capabilities decide how long a packet's fixed part is") {
  CHECK(checked_stream{all}.error(packet_type::ep_info, body({}, 288)) == errc::none);
  CHECK(checked_stream{all}.error(packet_type::ep_info, body({}, 160)) == errc::bad_message);
  CHECK(checked_stream{capability::ep_info_max_packet_size}.error(packet_type::ep_info, body({}, 160)) == errc::none);
  CHECK(checked_stream{all, 0}.error(packet_type::ep_info, body({}, 96)) == errc::none);
  CHECK(checked_stream{all, 0}.error(packet_type::device_connect, body({}, 8)) == errc::none);
  CHECK(checked_stream{all, 0}.error(packet_type::device_connect, body({}, 10)) == errc::bad_message);
  CHECK(checked_stream{all_but_wide}.error(packet_type::bulk_packet, body({0x81, 0, 0, 0, 0, 0, 0, 0})) == errc::none);
}

TEST_CASE("types that a usb-host does not send, and impossible lengths, are refused") {
  for (const std::uint32_t type :
       {3U, 6U, 7U, 9U, 10U, 12U, 13U, 15U, 16U, 18U, 19U, 21U, 22U, 24U, 25U, 26U, 28U, 99U, 105U, 0xffffffffU})
    CHECK(checked_stream{}.error(static_cast<packet_type>(type), body({}, 16)) == errc::bad_message);
  checked_stream s;
  wire::writer w;
  w.u32(101).u32(usbredir::packet_limit + 1).u64(0);
  CHECK(s.send(w.release()).error() == errc::bad_message);
}

TEST_CASE("data that do not fit what a packet says of them are refused") {
  CHECK(checked_stream{}.error(packet_type::control_packet, body({0x80, 6, 0x80, 0, 0, 1, 0, 0, 2, 0, 1, 2})) ==
        errc::none);
  CHECK(checked_stream{}.error(packet_type::control_packet, body({0x80, 6, 0x80, 0, 0, 1, 0, 0, 3, 0, 1, 2})) ==
        errc::bad_message);
  // A status of what the guest had sent says how much arrived, and brings nothing.
  CHECK(checked_stream{}.error(packet_type::control_packet, body({0, 9, 0, 0, 0, 1, 0, 0, 8, 0})) == errc::none);
  CHECK(checked_stream{}.error(packet_type::control_packet, body({0, 9, 0, 0, 0, 1, 0, 0, 1, 0, 1})) ==
        errc::bad_message);
  CHECK(checked_stream{}.error(packet_type::iso_packet, body({0x01, 0, 0, 0})) == errc::bad_message);
  CHECK(checked_stream{}.error(packet_type::interface_info, body({33}, 132)) == errc::bad_message);
}

TEST_CASE("what needs a capability of the guest is refused without it") {
  const auto received = body({0, 0, 0, 0, 1, 0, 0, 0, 0x81, 0, 5});
  CHECK(checked_stream{}.error(packet_type::buffered_bulk_packet, received) == errc::none);
  CHECK(checked_stream{all, all & ~capability::bulk_receiving}.error(packet_type::buffered_bulk_packet, received) ==
        errc::bad_message);
  const auto filter = text(std::string_view{"-1,-1,-1,-1,1\0", 14});
  CHECK(checked_stream{}.error(packet_type::filter_filter, filter) == errc::none);
  CHECK(checked_stream{all, all & ~capability::filter}.error(packet_type::filter_filter, filter) == errc::bad_message);
}

TEST_CASE("a filter that a guest could not read is refused") {
  CHECK(checked_stream{}.error(packet_type::filter_filter, text("-1,-1,-1,-1,1")) == errc::bad_message);
  CHECK(checked_stream{}.error(packet_type::filter_filter, {}) == errc::bad_message);
  CHECK(checked_stream{}.error(packet_type::filter_filter, bytes(usbredir::filter_limit + 1)) ==
        errc::message_too_large);
  using usbredir::is_filter;
  CHECK(is_filter("0x03,-1,-1,-1,0|-1,1234,0xffff,0,1"));
  for (const auto* bad : {"", "|", "1,2,3,4", "1,2,3,4,5", "1,2,3,4,1,", "1,2,3,4,1|", "|1,2,3,4,1", "256,2,3,4,1",
                          "1,65536,3,4,1", "x,2,3,4,1", "1,,3,4,1", "1,2,3,4,-1", "01,2,3,4,1", "0x,2,3,4,1",
                          "+1,2,3,4,1", "1,2,3,4,1|1,2", "--1,2,3,4,1", "0x-1,2,3,4,1"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_filter(bad));
  }
}

TEST_CASE("capabilities that contradict each other are refused") {
  usbredir_check check;
  CHECK(check.from_client(shared_bytes::copy_of(hello(capability::bulk_streams))).error() == errc::bad_message);
}

} // namespace saffron::devices
