// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/input_queue.hpp"

#include <doctest/doctest.h>

namespace saffron::devices::qemu_dbus {
namespace {

void fill_flight(input_queue& queue) {
  for (std::size_t i = 0; i < input_queue::calls_in_flight; ++i) {
    REQUIRE(queue.push(key_input{1, true}));
    REQUIRE(queue.next());
  }
}

} // namespace

TEST_CASE("no more than eight calls are in flight") {
  input_queue queue;
  fill_flight(queue);
  REQUIRE(queue.push(key_input{30, true}));
  CHECK_FALSE(queue.next());
  queue.answered();
  CHECK(std::get<key_input>(*queue.next()).key == 30);
  CHECK_FALSE(queue.next());
}

TEST_CASE("motions that wait become one, and only the last of positions counts") {
  input_queue queue;
  REQUIRE(queue.push(pointer_motion{1, 2}));
  REQUIRE(queue.push(pointer_motion{10, -20}));
  REQUIRE(queue.push(pointer_position{0, 5, 6}));
  REQUIRE(queue.push(pointer_position{0, 7, 8}));
  REQUIRE(queue.push(pointer_position{1, 9, 9}));
  const auto motion = std::get<pointer_motion>(*queue.next());
  CHECK(motion.dx == 11);
  CHECK(motion.dy == -18);
  CHECK(std::get<pointer_position>(*queue.next()).x == 7);
  CHECK(std::get<pointer_position>(*queue.next()).display == 1);
  CHECK_FALSE(queue.next());
}

TEST_CASE("a button keeps its place between two motions") {
  input_queue queue;
  REQUIRE(queue.push(pointer_motion{1, 0}));
  REQUIRE(queue.push(pointer_button{1, true}));
  REQUIRE(queue.push(pointer_motion{2, 0}));
  CHECK(std::get<pointer_motion>(*queue.next()).dx == 1);
  CHECK(std::get<pointer_button>(*queue.next()).pressed);
  CHECK(std::get<pointer_motion>(*queue.next()).dx == 2);
}

TEST_CASE("a full queue drops presses but still takes releases") {
  input_queue queue;
  std::size_t taken = 0;
  while (queue.push(key_input{30, true})) ++taken;
  CHECK(taken == input_queue::longest);
  CHECK_FALSE(queue.push(pointer_button{1, true}));
  CHECK(queue.push(key_input{30, false}));
  CHECK(queue.push(pointer_button{1, false}));
  while (queue.push(key_input{30, false})) ++taken;
  CHECK(taken < 3 * input_queue::longest);
}

TEST_CASE("sums of motions do not overflow") {
  input_queue queue;
  REQUIRE(queue.push(pointer_motion{INT32_MAX, INT32_MIN}));
  REQUIRE(queue.push(pointer_motion{INT32_MAX, INT32_MIN}));
  const auto motion = std::get<pointer_motion>(*queue.next());
  CHECK(motion.dx == INT32_MAX);
  CHECK(motion.dy == INT32_MIN);
}

} // namespace saffron::devices::qemu_dbus
