// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/smartcard_reader.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

namespace saffron::devices {
namespace {

using test::hex;
using wire::smartcard::message_type;
using bytes = std::vector<std::byte>;

// A device with `stock` bytes to read, at most `step` at a time.
struct fake_io final : char_io {
  std::size_t write(std::span<const std::byte>) override { return 0; }
  std::size_t read(std::span<std::byte> room) override {
    const auto n = std::min({room.size(), stock.size(), step});
    largest = std::max(largest, room.size());
    std::copy_n(stock.begin(), n, room.begin());
    stock.erase(stock.begin(), stock.begin() + static_cast<std::ptrdiff_t>(n));
    return n;
  }
  bytes stock;
  std::size_t step = 1000, largest = 0;
};

struct fake_queues final : device_queues {
  void send(const outgoing&) override {}
  result<void> write_client(client_id, shared_bytes b, std::uint64_t) override {
    to_device.emplace_back(b.view().begin(), b.view().end());
    return {};
  }
  void release_client_tokens(client_id, std::uint64_t price) override { released += price; }
  bool write_server(shared_bytes) override { return false; }
  bool write_server_no_token(shared_bytes b) override {
    if (full) return false;
    own.emplace_back(b.view().begin(), b.view().end());
    return true;
  }
  std::vector<bytes> to_device, own;
  std::uint64_t released = 0;
  bool full = false;
};

struct fake_host final : protocol_host {
  void guest_failed(std::string_view) override { ++failures; }
  void client_failed(client_id, errc) override {}
  int failures = 0;
};

constexpr client_id alice = 7, bob = 8;

struct reader_test {
  reader_test() {
    reader.connect(queues);
    reader.opened();
  }
  void guest_says(std::string_view text) {
    const auto more = hex(text);
    io.stock.insert(io.stock.end(), more.begin(), more.end());
  }
  // The next message for the client.
  bytes read() {
    const auto message = reader.read(io, 1);
    if (!message) return {};
    CHECK(message->message.price == 1);
    return {message->message.data.view().begin(), message->message.data.view().end()};
  }
  result<void> say(message_type kind, std::string_view payload = {}, client_id client = alice) {
    const wire::smartcard::data m{.kind = kind, .reader = 3, .payload = test::view(payload)};
    return reader.from_client(client, shared_bytes::copy_of(wire::encode(m)), 1);
  }

  fake_io io;
  fake_queues queues;
  fake_host host;
  smartcard_reader reader{host};
};

constexpr auto success = "00 00 00 02  00 00 00 00  00 00 00 04  00 00 00 00";
const auto add = hex("00 00 00 03  00 00 00 00  00 00 00 00");
const auto removal = hex("00 00 00 04  00 00 00 00  00 00 00 00");
const auto atr = hex("00 00 00 05  00 00 00 00  00 00 00 01  3b");

} // namespace

TEST_CASE_FIXTURE(reader_test, "a device's message arrives in SPICE's order, in any pieces") {
  for (const std::size_t step : {1000UL, 1UL, 5UL}) {
    io.step = step;
    guest_says("00 00 00 07  00 00 00 00  00 00 00 02  90 10  00 00 00 06  00 00 00 00  00 00 00 00");
    CHECK(read() == hex("07 00 00 00  00 00 00 00  02 00 00 00  90 10"));
    CHECK(read() == hex("06 00 00 00  00 00 00 00  00 00 00 00"));
    CHECK(read().empty());
  }
}

TEST_CASE_FIXTURE(reader_test, "half a message waits for its rest") {
  guest_says("00 00 00 07  00 00 00 00  00 00 00 02  90");
  CHECK(read().empty());
  guest_says("10");
  CHECK(read() == hex("07 00 00 00  00 00 00 00  02 00 00 00  90 10"));
}

TEST_CASE_FIXTURE(reader_test, "the device's Init is swallowed") {
  guest_says("00 00 00 01  ff ff ff ff  00 00 00 04  01 02 03 04  00 00 00 08  00 00 00 00  00 00 00 00");
  CHECK(read() == hex("08 00 00 00  00 00 00 00  00 00 00 00"));
}

TEST_CASE_FIXTURE(reader_test, "a length that no card has breaks the device until it opens anew") {
  guest_says("00 00 00 07  00 00 00 00  00 01 00 11");
  CHECK(read().empty());
  CHECK(host.failures == 1);
  guest_says(success);
  CHECK(read().empty());
  CHECK(host.failures == 1);
  io.stock.clear();
  reader.opened();
  guest_says("00 00 00 08  00 00 00 00  00 00 00 00");
  CHECK_FALSE(read().empty());
}

TEST_CASE_FIXTURE(reader_test, "a claimed length takes no memory") {
  guest_says("00 00 00 07  00 00 00 00  00 01 00 10");
  CHECK(read().empty());
  CHECK(io.largest <= 4096);
}

TEST_CASE_FIXTURE(reader_test, "a client's messages are written in network order, ReaderAdd without its name") {
  CHECK(say(message_type::reader_add, "card"));
  CHECK(say(message_type::atr, "\x3b"));
  CHECK(say(message_type::apdu, "ab"));
  CHECK(say(message_type::error, "wxyz"));
  CHECK(say(message_type::flush_complete));
  CHECK(say(message_type::card_remove));
  CHECK(queues.to_device == std::vector<bytes>{add, atr, hex("00 00 00 07  00 00 00 00  00 00 00 02  61 62"),
                                               hex("00 00 00 02  00 00 00 00  00 00 00 04  77 78 79 7a"),
                                               hex("00 00 00 09  00 00 00 00  00 00 00 00"),
                                               hex("00 00 00 06  00 00 00 00  00 00 00 00")});
  CHECK(queues.released == 0);
}

TEST_CASE_FIXTURE(reader_test, "Init and unknown messages of a client are ignored, their tokens released") {
  CHECK(say(message_type::init));
  CHECK(say(static_cast<message_type>(10)));
  CHECK(queues.to_device.empty());
  CHECK(queues.released == 2);
}

TEST_CASE_FIXTURE(reader_test,
                  "what needs a reader is refused before ReaderAdd, after ReaderRemove, and from another client") {
  CHECK(say(message_type::apdu, "a").error() == errc::out_of_order);
  CHECK(say(message_type::reader_add));
  CHECK(say(message_type::apdu, "a", bob).error() == errc::out_of_order);
  CHECK(say(message_type::reader_remove));
  CHECK(say(message_type::apdu, "a").error() == errc::out_of_order);
  CHECK(queues.to_device == std::vector<bytes>{add, removal});
  CHECK(queues.released == 3);
}

TEST_CASE_FIXTURE(reader_test, "an ATR makes nobody's reader the client's, and the device hears nothing else") {
  CHECK(say(message_type::atr, "\x3b"));
  CHECK(say(message_type::atr, "\x3c", bob).error() == errc::out_of_order);
  CHECK(say(message_type::apdu, "a"));
  CHECK(queues.to_device == std::vector<bytes>{atr, hex("00 00 00 07  00 00 00 00  00 00 00 01  61")});
  CHECK(queues.own.empty());
  guest_says(success);
  CHECK_FALSE(read().empty());
  guest_says(success);
  CHECK(read().empty()); // one question, one answer
  reader.detached(alice);
  CHECK(queues.own == std::vector<bytes>{removal});
  CHECK(say(message_type::atr, "\x3b", bob));
}

TEST_CASE_FIXTURE(reader_test,
                  "a guest that comes after an ATR is told of the reader too, the client hears one answer") {
  reader.closed();
  CHECK(say(message_type::atr, "\x3b"));
  CHECK(queues.to_device.empty());
  reader.opened();
  CHECK(queues.own == std::vector<bytes>{add, atr});
  guest_says(success);
  guest_says(success);
  CHECK_FALSE(read().empty());
  CHECK(read().empty());
}

TEST_CASE_FIXTURE(reader_test, "a message that is cut off or too long is malformed") {
  const auto cut = hex("07 00 00 00  00 00 00 00  02 00 00 00  90");
  CHECK(reader.from_client(alice, shared_bytes::copy_of(cut), 1).error() == errc::bad_message);
  CHECK(say(message_type::reader_add, std::string(wire::smartcard::payload_limit + 1, 'x')).error() ==
        errc::bad_message);
  CHECK(queues.released == 2);
}

TEST_CASE_FIXTURE(reader_test, "a client that leaves takes its reader with it, once") {
  CHECK(say(message_type::reader_add));
  reader.detached(bob);
  CHECK(queues.own.empty());
  reader.detached(alice);
  reader.detached(alice);
  CHECK(queues.own == std::vector<bytes>{removal});
}

TEST_CASE_FIXTURE(reader_test, "the answer to what we told the device is no client's") {
  CHECK(say(message_type::reader_add));
  guest_says(success);
  CHECK_FALSE(read().empty());
  reader.detached(alice);
  guest_says(success);
  CHECK(read().empty());
  // A failure is news in any case.
  guest_says("00 00 00 02  00 00 00 00  00 00 00 04  00 00 00 01");
  CHECK_FALSE(read().empty());
}

TEST_CASE_FIXTURE(reader_test, "a guest that comes back is told of the reader and its card") {
  CHECK(say(message_type::reader_add));
  CHECK(say(message_type::atr, "\x3b"));
  reader.closed();
  reader.opened();
  CHECK(queues.own == std::vector<bytes>{add, atr});
  CHECK(say(message_type::card_remove));
  reader.closed();
  reader.opened();
  CHECK(queues.own == std::vector<bytes>{add, atr, add});
}

TEST_CASE_FIXTURE(reader_test, "what a client says while there is no guest is remembered, not written") {
  reader.closed();
  CHECK(say(message_type::reader_add));
  CHECK(say(message_type::atr, "\x3b"));
  CHECK(say(message_type::apdu, "a"));
  CHECK(queues.to_device.empty());
  CHECK(queues.released == 3);
  reader.opened();
  CHECK(queues.own == std::vector<bytes>{add, atr});
  reader.closed();
  reader.detached(alice);
  reader.opened();
  CHECK(queues.own.size() == 2);
}

TEST_CASE_FIXTURE(reader_test, "a device that takes nothing any more is reported") {
  CHECK(say(message_type::reader_add));
  queues.full = true;
  reader.detached(alice);
  CHECK(host.failures == 1);
}

} // namespace saffron::devices
