// SPDX-License-Identifier: BSD-3-Clause
#include "actors/smartcard_channel.hpp"
#include "tests/unit/actors/channel_fixture.hpp"
#include "tests/wire/hex.hpp"

#include <fmt/format.h>

#include <string>

namespace saffron::actors {
namespace {

using wire::smartcard::data;
using wire::smartcard::error_code;
using wire::smartcard::message_type;
using wire::smartcard::undefined_reader;

struct smartcard_test : tests::channel_fixture {
  smartcard_test() {
    card.start();
    skip_start();
  }
  result<void> say(message_type kind, std::uint32_t reader = undefined_reader, std::string_view payload = {}) {
    return receive(card, data{.kind = kind, .reader = reader, .payload = test::view(payload)});
  }
  // The client adds a reader and gets this one.
  void add(std::size_t reader) {
    REQUIRE(say(message_type::reader_add));
    REQUIRE(asked == std::vector{reader});
    asked.clear();
    card.attach_answered(reader, {});
    CHECK(taken() == words{fmt::format("{}: 3 {} ", reader, reader)});
  }
  void device_says(std::size_t reader, message_type kind, std::string_view payload = {}) {
    card.device_says(reader, {.data = shared_bytes::copy_of(
                                  wire::encode(data{.kind = kind, .reader = 0, .payload = test::view(payload)}))});
  }
  // The server's own refusal: its code, for this reader.
  void check_refused(error_code code, std::uint32_t reader) {
    const auto m = out.next<data>();
    CHECK(m.kind == message_type::error);
    CHECK(m.reader == reader);
    CHECK(m.payload == wire::byte_view{wire::encode(wire::smartcard::error{code})});
    CHECK(out.empty());
  }
  using words = std::vector<std::string>;
  words taken() { return std::exchange(written, {}); }

  std::vector<std::size_t> asked;
  client_flow flow;
  words written, granted;
  bool held = false;
  smartcard_channel card{
      context(),
      {[this](std::size_t r, const client_flow& f) {
         asked.push_back(r);
         flow = f;
       },
       [this](std::size_t r, const shared_bytes& b) {
         const auto m = wire::decode<data>(b.view()).value();
         written.push_back(fmt::format("{}: {} {} {}", r, static_cast<unsigned>(m.kind), m.reader,
                                       std::string(reinterpret_cast<const char*>(m.payload.data()), m.payload.size())));
       },
       [this](std::size_t r, std::uint64_t n) { granted.push_back(fmt::format("{}: {}", r, n)); },
       [this](bool h) { held = h; }},
      2};
};

} // namespace

TEST_CASE_FIXTURE(smartcard_test, "ReaderAdd takes the first reader that is free, and nothing is read meanwhile") {
  CHECK(say(message_type::reader_add, undefined_reader, "card"));
  CHECK(asked == std::vector<std::size_t>{0});
  CHECK(flow.flow_control);
  CHECK(flow.client_tokens == 16);
  CHECK(held);
  card.attach_answered(0, {.error = errc::device_in_use});
  CHECK(asked == std::vector<std::size_t>{0, 1});
  CHECK(held);
  card.attach_answered(1, {});
  CHECK_FALSE(held);
  CHECK(taken() == words{"1: 3 1 "});
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(smartcard_test, "without a free reader ReaderAdd is refused") {
  CHECK(say(message_type::reader_add));
  card.attach_answered(0, {.error = errc::device_in_use});
  card.attach_answered(1, {.error = errc::backend_gone});
  check_refused(error_code::cannot_add_more_readers, undefined_reader);
  CHECK_FALSE(held);
  CHECK(taken().empty());
}

TEST_CASE_FIXTURE(smartcard_test, "a second smartcard device works") {
  add(0);
  add(1);
  CHECK(say(message_type::apdu, 1, "b"));
  CHECK(say(message_type::apdu, 0, "a"));
  CHECK(taken() == words{"1: 7 1 b", "0: 7 0 a"});
  CHECK(say(message_type::reader_add));
  check_refused(error_code::cannot_add_more_readers, undefined_reader);
}

TEST_CASE_FIXTURE(smartcard_test, "a device's message brings its reader's number, and tokens when it has left") {
  add(0);
  add(1);
  device_says(1, message_type::error, "\1\2\3\4");
  const auto m = out.next<data>();
  CHECK(m.reader == 1);
  CHECK(m.kind == message_type::error);
  CHECK(m.payload == test::view("\1\2\3\4"));
  device_says(1, message_type::apdu, "x");
  CHECK(granted.empty());
  drain(card);
  CHECK(granted == words{"1: 2"});
  drain(card);
  CHECK(granted.size() == 1);
}

TEST_CASE_FIXTURE(smartcard_test, "an APDU before any reader is attached is refused, nothing else") {
  CHECK(say(message_type::apdu, 0, "a"));
  check_refused(error_code::general_error, 0);
  CHECK(say(message_type::apdu, undefined_reader, "a"));
  check_refused(error_code::general_error, undefined_reader);
  CHECK(asked.empty());
  CHECK(taken().empty());
  add(0);
}

TEST_CASE_FIXTURE(smartcard_test, "ReaderRemove of an unknown reader is refused") {
  CHECK(say(message_type::reader_remove, 0));
  check_refused(error_code::general_error, 0);
  add(0);
  CHECK(say(message_type::reader_remove, 7));
  check_refused(error_code::general_error, 7);
  CHECK(say(message_type::reader_remove, undefined_reader));
  check_refused(error_code::general_error, undefined_reader);
  CHECK(taken().empty());
}

TEST_CASE_FIXTURE(smartcard_test, "ReaderRemove of somebody else's reader, and any other word to it, is refused") {
  CHECK(say(message_type::reader_add));
  card.attach_answered(0, {.error = errc::device_in_use});
  card.attach_answered(1, {});
  taken();
  CHECK(say(message_type::reader_remove, 0));
  check_refused(error_code::general_error, 0);
  CHECK(say(message_type::card_remove, 0));
  check_refused(error_code::general_error, 0);
  CHECK(say(message_type::error, 0, "1234"));
  CHECK(out.empty());
  CHECK(taken().empty());
}

TEST_CASE_FIXTURE(smartcard_test, "a reader that was removed stays the client's, for its next ReaderAdd") {
  add(0);
  CHECK(say(message_type::reader_remove, 0));
  CHECK(taken() == words{"0: 4 0 "});
  CHECK(say(message_type::atr, 0, "a"));
  check_refused(error_code::general_error, 0);
  CHECK(say(message_type::reader_add));
  CHECK(taken() == words{"0: 3 0 "});
  CHECK(asked.empty());
}

TEST_CASE_FIXTURE(smartcard_test, "a reader that no client can have ends the channel") {
  add(0);
  CHECK(say(message_type::apdu, 2, "a").error() == errc::bad_message);
  CHECK(say(message_type::atr, undefined_reader, "a").error() == errc::bad_message);
}

TEST_CASE_FIXTURE(smartcard_test, "an ATR takes the free reader of its number, and arrives when that is the client's") {
  CHECK(say(message_type::atr, 1, "a"));
  CHECK(asked == std::vector<std::size_t>{1});
  CHECK(flow.client_tokens == 16);
  CHECK(held);
  CHECK(taken().empty());
  card.attach_answered(0, {});
  CHECK(held);
  card.attach_answered(1, {});
  CHECK(taken() == words{"1: 5 1 a"});
  CHECK(out.empty());
  for (int i = 0; i < 15; ++i) {
    CHECK_FALSE(held);
    CHECK(say(message_type::apdu, 1, "b"));
  }
  CHECK(held);
}

TEST_CASE_FIXTURE(smartcard_test, "a reader that was taken by an ATR is the client's like any other") {
  CHECK(say(message_type::atr, 0, "a"));
  card.attach_answered(0, {});
  CHECK(say(message_type::card_remove, 0));
  CHECK(say(message_type::atr, 0, "b"));
  CHECK(say(message_type::reader_remove, 0));
  CHECK(taken() == words{"0: 5 0 a", "0: 6 0 ", "0: 5 0 b", "0: 4 0 "});
  CHECK(say(message_type::reader_add));
  CHECK(taken() == words{"0: 3 0 "});
  CHECK(asked == std::vector<std::size_t>{0});
  asked.clear();
  add(1);
}

TEST_CASE_FIXTURE(smartcard_test, "an ATR for a reader that is in use is refused, and no other reader will do") {
  for (int i = 0; i < 2; ++i) {
    CHECK(say(message_type::atr, 0, "a"));
    CHECK(held);
    card.attach_answered(0, {.error = errc::device_in_use});
    check_refused(error_code::general_error, 0);
    CHECK_FALSE(held);
  }
  CHECK(asked == std::vector<std::size_t>{0, 0});
  CHECK(taken().empty());
  asked.clear();
  add(0); // the refused card does not come with a reader that was added
}

TEST_CASE_FIXTURE(smartcard_test, "an ATR for a reader that the VM has not asks for none") {
  for (const std::uint32_t reader : {2U, undefined_reader}) {
    CHECK(say(message_type::atr, reader, "a"));
    check_refused(error_code::general_error, reader);
  }
  CHECK(asked.empty());
  CHECK_FALSE(held);
}

TEST_CASE_FIXTURE(smartcard_test, "Init and unknown messages of a client are ignored") {
  add(0);
  CHECK(say(message_type::init));
  CHECK(say(static_cast<message_type>(10), 9));
  CHECK(taken().empty());
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(smartcard_test, "out of tokens, nothing is read until the device gives some back") {
  add(0);
  for (int i = 0; i < 15; ++i) {
    CHECK_FALSE(held);
    CHECK(say(message_type::apdu, 0, "a"));
  }
  CHECK(held);
  CHECK(taken().size() == 15);
  card.tokens_freed(0, 1);
  CHECK_FALSE(held);
  CHECK(say(message_type::apdu, 0, "b"));
  CHECK(held);
  CHECK(taken() == words{"0: 7 0 b"});
}

TEST_CASE_FIXTURE(smartcard_test,
                  "an answer that nobody waits for, or a word of a reader that is not attached, is ignored") {
  card.attach_answered(0, {});
  device_says(1, message_type::apdu, "x");
  CHECK(taken().empty());
  CHECK(out.empty());
  CHECK(say(message_type::apdu, 0, "a"));
  check_refused(error_code::general_error, 0);
}

TEST_CASE_FIXTURE(smartcard_test, "malformed and unknown messages are errors") {
  CHECK(card.receive(102, {}).error() == errc::unknown_message);
  CHECK(card.receive(data::type, std::vector<std::byte>(11)).error() == errc::bad_message);
  CHECK(say(message_type::apdu, 0, std::string(wire::smartcard::payload_limit + 1, 'x')).error() ==
        errc::message_too_large);
}

} // namespace saffron::actors
