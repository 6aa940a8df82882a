// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/mouse.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

bool is_button(const std::optional<pointer_event>& e, int button, bool pressed) {
  if (!e) return false;
  const auto* b = std::get_if<pointer_button>(&*e);
  return b != nullptr && b->button == button && b->pressed == pressed;
}

} // namespace

TEST_CASE("motions and positions pass as they are") {
  mouse m;
  const auto motion = m.event(1, pointer_motion{-3, 4});
  REQUIRE(motion);
  CHECK(std::get<pointer_motion>(*motion).dx == -3);
  const auto position = m.event(2, pointer_position{1, 640, 480});
  REQUIRE(position);
  CHECK(std::get<pointer_position>(*position).display == 1);
  CHECK(std::get<pointer_position>(*position).y == 480);
}

TEST_CASE("a button is down while any client holds it") {
  mouse m;
  CHECK(is_button(m.event(1, pointer_button{buttons::left, true}), 1, true));
  CHECK_FALSE(m.event(2, pointer_button{buttons::left, true}));
  CHECK_FALSE(m.event(1, pointer_button{buttons::left, false}));
  CHECK(is_button(m.event(2, pointer_button{buttons::left, false}), 1, false));
  CHECK_FALSE(m.event(2, pointer_button{buttons::left, false}));
}

TEST_CASE("the wheel turns on every press and on no release") {
  mouse m;
  for (int i = 0; i < 3; ++i) {
    CHECK(is_button(m.event(1, pointer_button{buttons::wheel_up, true}), 4, true));
    CHECK_FALSE(m.event(1, pointer_button{buttons::wheel_up, false}));
  }
  CHECK(is_button(m.event(1, pointer_button{buttons::wheel_down, true}), 5, true));
  CHECK(m.leave(1).empty());
}

TEST_CASE("buttons 1 to 16 exist and no others") {
  mouse m;
  CHECK_FALSE(valid(pointer_button{0, true}));
  CHECK(valid(pointer_button{1, true}));
  CHECK(valid(pointer_button{16, true}));
  CHECK_FALSE(valid(pointer_button{17, true}));
  CHECK_FALSE(valid(pointer_button{255, true}));
  CHECK_FALSE(m.event(1, pointer_button{17, true}));
  CHECK(is_button(m.event(1, pointer_button{16, true}), 16, true));
}

TEST_CASE("a client that leaves releases the buttons that only it held") {
  mouse m;
  (void)m.event(1, pointer_button{buttons::left, true});
  (void)m.event(1, pointer_button{buttons::extra, true});
  (void)m.event(2, pointer_button{buttons::left, true});
  const auto first = m.leave(1);
  REQUIRE(first.size() == 1);
  CHECK(is_button(first[0], 7, false));
  const auto second = m.leave(2);
  REQUIRE(second.size() == 1);
  CHECK(is_button(second[0], 1, false));
}

TEST_CASE("a forgotten mouse holds nothing") {
  mouse m;
  (void)m.event(1, pointer_button{buttons::right, true});
  m.forget();
  CHECK_FALSE(m.event(1, pointer_button{buttons::right, false}));
  CHECK(m.leave(1).empty());
}

} // namespace saffron::devices
