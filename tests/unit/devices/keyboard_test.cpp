// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/keyboard.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <ostream>
#include <utility>

namespace saffron::devices {
namespace {

using events = std::vector<std::pair<int, bool>>;

events plain(const std::vector<key_input>& keys) {
  events out;
  for (const auto& k : keys) out.emplace_back(k.key, k.pressed);
  return out;
}

events decode(std::initializer_list<std::uint8_t> bytes) {
  scancode_decoder decoder;
  std::vector<key_input> keys;
  for (auto b : bytes)
    if (auto key = decoder.feed(b)) keys.push_back(*key);
  return plain(keys);
}

bool passes(std::optional<key_input> k, int key, bool pressed) { return k && k->key == key && k->pressed == pressed; }

} // namespace

TEST_CASE("a scancode is a key and its bit 7 is the release") {
  CHECK(decode({0x1e, 0x9e}) == events{{0x1e, true}, {0x1e, false}});
}

TEST_CASE("a key behind e0 has 0x80 added") {
  CHECK(decode({0xe0, 0x1d, 0xe0, 0x9d}) == events{{0x9d, true}, {0x9d, false}});
}

TEST_CASE("Print is 0xb7 and its fake shifts are left out") {
  CHECK(decode({0xe0, 0x2a, 0xe0, 0x37, 0xe0, 0xb7, 0xe0, 0xaa}) == events{{0xb7, true}, {0xb7, false}});
}

TEST_CASE("Pause is 0xc6 from its six bytes and from e0 46") {
  CHECK(decode({0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5}) == events{{0xc6, true}, {0xc6, false}});
  CHECK(decode({0xe0, 0x46, 0xe0, 0xc6}) == events{{0xc6, true}, {0xc6, false}});
}

TEST_CASE("a broken Pause costs no other key") {
  CHECK(decode({0xe1, 0x1d, 0x1e}) == events{{0x1e, true}});
  CHECK(decode({0xe1, 0x1d, 0xe0, 0x48}) == events{{0xc8, true}});
  CHECK(decode({0xe1, 0x2c, 0x1e}) == events{{0x1e, true}});
}

TEST_CASE("error codes and what follows e2 are no keys") {
  CHECK(decode({0x00, 0x80, 0xff, 0xe0, 0x00, 0xe2, 0x1e, 0x1f}) == events{{0x1f, true}});
}

TEST_CASE("any bytes decode to keys that a release byte can end") {
  scancode_decoder decoder;
  std::uint32_t seed = 1;
  for (int i = 0; i < 100000; ++i) {
    seed = seed * 1664525 + 1013904223;
    if (const auto key = decoder.feed(static_cast<std::uint8_t>(seed >> 24))) CHECK(key->key != 0);
  }
}

TEST_CASE("a key is down while any client holds it") {
  keyboard k;
  CHECK(passes(k.key(1, 0x2a, true), 0x2a, true));
  CHECK(passes(k.key(2, 0x2a, true), 0x2a, true));
  CHECK_FALSE(k.key(1, 0x2a, false));
  CHECK(k.held(0x2a));
  CHECK(passes(k.key(2, 0x2a, false), 0x2a, false));
  CHECK_FALSE(k.held(0x2a));
}

TEST_CASE("auto-repeat passes, a release of what was not pressed does not") {
  keyboard k;
  CHECK_FALSE(k.key(1, 0x1e, false));
  CHECK(k.key(1, 0x1e, true));
  CHECK(passes(k.key(1, 0x1e, true), 0x1e, true));
  CHECK(passes(k.key(1, 0x1e, false), 0x1e, false));
  CHECK_FALSE(k.key(1, 0x1e, false));
}

TEST_CASE("a client that leaves releases what only it held") {
  keyboard k;
  (void)k.key(1, 0x1d, true);
  (void)k.key(1, 0xc8, true);
  (void)k.key(2, 0x1d, true);
  CHECK(plain(k.leave(1)) == events{{0xc8, false}});
  CHECK(plain(k.leave(2)) == events{{0x1d, false}});
  CHECK(k.leave(2).empty());
}

TEST_CASE("a forgotten keyboard holds nothing") {
  keyboard k;
  (void)k.key(1, 0x1d, true);
  k.forget();
  CHECK_FALSE(k.held(0x1d));
  CHECK_FALSE(k.key(1, 0x1d, false));
}

TEST_CASE("locks that differ are pressed and released, scroll first, caps last") {
  const keyboard k;
  const auto toggle = k.locks_to_toggle(locks::caps | locks::scroll, locks::num);
  CHECK(toggle == locks::all);
  CHECK(plain(keyboard::toggles(toggle)) ==
        events{{0x46, true}, {0x46, false}, {0x45, true}, {0x45, false}, {0x3a, true}, {0x3a, false}});
  CHECK(k.locks_to_toggle(locks::num, locks::num) == 0);
}

TEST_CASE("a lock whose key is held down is left alone") {
  keyboard k;
  (void)k.key(7, lock_keys::caps, true);
  CHECK(k.locks_to_toggle(locks::caps | locks::num, 0) == locks::num);
}

} // namespace saffron::devices
