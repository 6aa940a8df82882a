// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/demo_card.hpp"
#include "tests/wire/hex.hpp"

#include <doctest/doctest.h>

namespace saffron::devices::demo {
namespace {

using test::hex;
using bytes = std::vector<std::byte>;

struct fake_line final : memory_line {
  std::size_t write(std::span<const std::byte> b) override {
    const auto n = std::min(b.size(), space);
    space -= n;
    said.insert(said.end(), b.begin(), b.begin() + static_cast<std::ptrdiff_t>(n));
    return n;
  }
  [[nodiscard]] std::size_t room() const override { return space; }
  [[nodiscard]] std::size_t room_or_wait() override { return space; }
  void send_event(port_event event) override { events.push_back(event); }
  void ask_again() override {}

  bytes said;
  std::size_t space = 1000;
  std::vector<port_event> events;
};

struct card_test {
  card_test() { card.on_start(line); }
  // The guest takes all of it; what it says to that.
  bytes tell(const bytes& words) {
    CHECK(card.on_bytes(words) == words.size());
    return std::exchange(line.said, {});
  }

  fake_line line;
  std::vector<bytes> answers;
  demo_card card{[this](std::span<const std::byte> a) { answers.emplace_back(a.begin(), a.end()); }};
};

const auto success = hex("00 00 00 02  00 00 00 00  00 00 00 04  00 00 00 00");
const auto select = hex("00 00 00 07  00 00 00 00  00 00 00 05  00 a4 04 00 00");
const auto get_data = hex("00 00 00 07  00 00 00 00  00 00 00 05  80 ca 9f 7f 00");
const auto add = hex("00 00 00 03  00 00 00 00  00 00 00 00");
const auto atr = hex("00 00 00 05  00 00 00 00  00 00 00 02  3b 00");
const auto answer = hex("00 00 00 07  00 00 00 00  00 00 00 02  90 00");

bytes joined(bytes a, const bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

} // namespace

TEST_CASE_FIXTURE(card_test, "a card is asked who it is, and its answers are told") {
  CHECK(line.events == std::vector{port_event::opened});
  CHECK(tell(add) == success);
  CHECK(tell(atr) == joined(success, select));
  CHECK(tell(answer) == get_data);
  CHECK(tell(hex("00 00 00 07  00 00 00 00  00 00 00 03  01 6a 88")).empty());
  CHECK(answers == std::vector<bytes>{hex("90 00"), hex("01 6a 88")});
  // A card that is taken out and inserted is asked anew.
  CHECK(tell(hex("00 00 00 06  00 00 00 00  00 00 00 00")) == success);
  CHECK(tell(answer).empty());
  CHECK(tell(atr) == joined(success, select));
}

TEST_CASE_FIXTURE(card_test, "messages arrive in any pieces") {
  const auto all = joined(joined(add, atr), answer);
  for (const auto b : all) CHECK(card.on_bytes(std::span{&b, 1}) == 1);
  CHECK(line.said == joined(joined(success, joined(success, select)), get_data));
}

TEST_CASE_FIXTURE(card_test, "what it cannot answer now it does not take") {
  line.space = 10;
  CHECK(card.on_bytes(joined(add, atr)) == add.size());
  CHECK(card.on_bytes(atr) == 0);
  line.space = 1000;
  card.on_room();
  CHECK(line.said == success);
  CHECK(tell(atr) == joined(success, joined(success, select)));
}

TEST_CASE_FIXTURE(card_test, "an Init is answered, and nonsense closes the line") {
  const auto init = hex("00 00 00 01  00 00 00 00  00 00 00 04  01 02 03 04");
  CHECK(tell(init) == init);
  CHECK(tell(hex("00 00 00 09  00 00 00 00  00 00 00 00")).empty());
  card.on_bytes(hex("00 00 00 07  00 00 00 00  7f ff ff ff"));
  CHECK(line.events.back() == port_event::closed);
}

} // namespace saffron::devices::demo
