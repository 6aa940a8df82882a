// SPDX-License-Identifier: BSD-3-Clause
#include "devices/input/agent_mouse.hpp"

#include <doctest/doctest.h>

namespace saffron::devices {
namespace {

TEST_CASE("a position is told with the buttons that are down") {
  agent_mouse mouse;
  CHECK(mouse.states(pointer_position{1, 10, 20}) == std::vector{agent_pointer{10, 20, 0, 1}});
  CHECK(mouse.states(pointer_button{1, true}) == std::vector{agent_pointer{10, 20, 1, 1}});
  CHECK(mouse.states(pointer_button{3, true}) == std::vector{agent_pointer{10, 20, 5, 1}});
  CHECK(mouse.states(pointer_position{0, 11, 21}) == std::vector{agent_pointer{11, 21, 5, 0}});
  CHECK(mouse.states(pointer_button{1, false}) == std::vector{agent_pointer{11, 21, 4, 0}});
}

TEST_CASE("a turn of the wheel is pressed and released") {
  agent_mouse mouse;
  CHECK(mouse.states(pointer_button{4, true}) == std::vector{agent_pointer{0, 0, 8, 0}, agent_pointer{}});
}

TEST_CASE("motions are not for the agent, and buttons follow what moved last") {
  agent_mouse mouse;
  CHECK(mouse.states(pointer_motion{1, 1}).empty());
  CHECK(mouse.states(pointer_button{1, true}).empty());
  CHECK(mouse.states(pointer_position{0, 5, 5}).size() == 1);
  CHECK(mouse.states(pointer_button{1, true}).size() == 1);
}

TEST_CASE("a release goes where its press went, whatever has moved in between") {
  agent_mouse mouse;
  CHECK(mouse.states(pointer_position{0, 5, 5}).size() == 1);
  CHECK(mouse.states(pointer_button{1, true}).size() == 1);
  CHECK(mouse.states(pointer_motion{1, 1}).empty());
  CHECK(mouse.states(pointer_button{3, true}).empty());
  CHECK(mouse.states(pointer_button{1, false}) == std::vector{agent_pointer{5, 5, 0, 0}});
  CHECK(mouse.states(pointer_position{0, 6, 6}) == std::vector{agent_pointer{6, 6, 0, 0}});
  CHECK(mouse.states(pointer_button{3, false}).empty());
}

TEST_CASE("another agent knows of no button") {
  agent_mouse mouse;
  CHECK(mouse.states(pointer_button{2, true}).size() == 1);
  mouse.forget();
  CHECK(mouse.states(pointer_position{0, 1, 1}) == std::vector{agent_pointer{1, 1, 0, 0}});
}

TEST_CASE("a button that the protocol does not have is nobody's") {
  agent_mouse mouse;
  CHECK(mouse.states(pointer_button{0, true}).empty());
  CHECK(mouse.states(pointer_button{17, true}).empty());
}

} // namespace
} // namespace saffron::devices
