// SPDX-License-Identifier: BSD-3-Clause
#include "messages/wire/inputs.hpp"
#include "tests/wire/golden.hpp"

using namespace saffron;
using namespace saffron::wire;
using namespace saffron::wire::inputs;
using test::view;

TEST_CASE("inputs messages to the client are as the protocol says") {
  using namespace to_client;
  const std::vector<test::golden<message>> table{
      {init{.keyboard_modifiers = keyboard_modifiers::num_lock}, "02 00", {}},
      {key_modifiers{.modifiers = keyboard_modifiers::scroll_lock | keyboard_modifiers::caps_lock}, "05 00", {}},
      {mouse_motion_ack{}, "", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(103, {}).error() == errc::unknown_message);
}

TEST_CASE("inputs messages to the server are as the protocol says") {
  using namespace to_server;
  const std::vector<test::golden<message>> table{
      {key_down{.code = 0x48e0}, "e0 48 00 00 # cursor up: two scancode bytes", {}},
      {key_up{.code = 0xc8e0}, "e0 c8 00 00 # its break code", {}},
      {key_modifiers{.modifiers = keyboard_modifiers::caps_lock}, "04 00", {}},
      {key_scancode{.scancodes = view("\xe0\x48")}, "e0 48", 1},
      {mouse_motion{.dx = -1, .dy = 2, .buttons = mouse_button_mask::left},
       "ff ff ff ff # dx\n 02 00 00 00 # dy\n 01 00 # buttons",
       {}},
      {mouse_position{.x = 640, .y = 480, .buttons = mouse_button_mask::right, .display_id = 1},
       "80 02 00 00 # x\n e0 01 00 00 # y\n 04 00 # buttons\n 01 # display",
       {}},
      {mouse_press{.button = mouse_button::down, .buttons = mouse_button_mask::down},
       "05 # button\n 10 00 # buttons",
       {}},
      {mouse_release{.button = mouse_button::extra, .buttons = 0}, "07 # button\n 00 00 # buttons", {}},
  };
  CHECK(test::check_golden(table, decode_any) == std::variant_size_v<message>);
  CHECK(decode_any(110, {}).error() == errc::unknown_message);
}
