// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/us_keys.hpp"
#include "devices/input/keyboard.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace saffron::devices::demo {
namespace {

constexpr key_number left_shift = 0x2a, right_shift = 0x36, right_control = 0x9d;

std::string press(us_keys& keys, std::initializer_list<int> numbers) {
  std::string typed;
  for (auto n : numbers) {
    if (const auto c = keys.key({static_cast<key_number>(n), true})) typed += *c;
    CHECK_FALSE(keys.key({static_cast<key_number>(n), false}));
  }
  return typed;
}

} // namespace

TEST_CASE("keys write what a US keyboard writes, in lower and upper case") {
  us_keys keys;
  CHECK(press(keys, {0x02, 0x0b, 0x10, 0x19, 0x1e, 0x26, 0x2c, 0x35, 0x29, 0x2b, 0x39}) == "10qpalz/`\\ ");
  (void)keys.key({left_shift, true});
  CHECK(press(keys, {0x02, 0x0b, 0x10, 0x19, 0x1e, 0x26, 0x2c, 0x35, 0x29, 0x2b, 0x39}) == "!)QPALZ?~| ");
  (void)keys.key({right_shift, true});
  (void)keys.key({left_shift, false});
  CHECK(press(keys, {0x1e}) == "A");
  (void)keys.key({right_shift, false});
  CHECK(press(keys, {0x1e}) == "a");
}

TEST_CASE("Enter, keypad Enter and Backspace are characters, other keys are not") {
  us_keys keys;
  CHECK(press(keys, {0x1c, 0x9c, 0x0e}) == "\n\n\b");
  CHECK(press(keys, {0x01, 0x0f, 0x3b, 0xc8, 0xc6, 0xff, 0x00}).empty());
}

TEST_CASE("caps lock changes letters and no other keys") {
  us_keys keys;
  CHECK(press(keys, {lock_keys::caps, 0x1e, 0x02}) == "A1");
  CHECK(keys.locks() == locks::caps);
  (void)keys.key({left_shift, true});
  CHECK(press(keys, {0x1e, 0x02}) == "a!");
}

TEST_CASE("the keypad writes digits while num lock is on") {
  us_keys keys;
  CHECK(press(keys, {0x47, 0x52, 0x37, 0x4a, 0x4e, 0xb5}) == "*-+/");
  CHECK(press(keys, {lock_keys::num, 0x47, 0x4c, 0x52, 0x53}) == "750.");
}

TEST_CASE("a lock key that is held down toggles once") {
  us_keys keys;
  for (int i = 0; i < 5; ++i) (void)keys.key({lock_keys::scroll, true});
  CHECK(keys.locks() == locks::scroll);
  (void)keys.key({lock_keys::scroll, false});
  (void)keys.key({lock_keys::scroll, true});
  CHECK(keys.locks() == 0);
}

TEST_CASE("with control only L means something: clear") {
  us_keys keys;
  (void)keys.key({right_control, true});
  CHECK(press(keys, {0x1e, 0x26, 0x1c}) == "\f");
}

} // namespace saffron::devices::demo
