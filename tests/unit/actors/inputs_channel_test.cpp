// SPDX-License-Identifier: BSD-3-Clause
#include "actors/inputs_channel.hpp"
#include "messages/wire/inputs.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

namespace to_client = wire::inputs::to_client;
namespace to_server = wire::inputs::to_server;
using wire::inputs::mouse_button;

struct inputs_test : tests::channel_fixture {
  inputs_test() {
    inputs.start();
    skip_start();
  }
  // Keys as "1e" and "-1e".
  std::vector<std::string> typed() {
    std::vector<std::string> text;
    for (const auto& k : std::exchange(keys, {}))
      text.push_back(fmt::format("{}{:02x}", k.pressed ? "" : "-", static_cast<unsigned>(k.key)));
    return text;
  }

  std::vector<key_input> keys;
  std::vector<pointer_event> pointers;
  std::vector<std::uint16_t> wishes;
  inputs_channel inputs{context(),
                        {[this](key_input k) { keys.push_back(k); },
                         [this](const pointer_event& e) { pointers.push_back(e); },
                         [this](std::uint16_t locks) { wishes.push_back(locks); }},
                        mouse_mode::server};
};

using text = std::vector<std::string>;

} // namespace

TEST_CASE_FIXTURE(inputs_test, "the guest's locks complete the start, and are told when they change") {
  CHECK(out.empty());
  inputs.locks_changed({2});
  CHECK(out.next<to_client::init>().keyboard_modifiers == 2);
  inputs.locks_changed({4});
  CHECK(out.next<to_client::key_modifiers>().modifiers == 4);
}

TEST_CASE_FIXTURE(inputs_test, "keys come as up to four bytes of scancode, the lowest first, ended by a zero") {
  CHECK(receive(inputs, to_server::key_down{0x1e}));
  CHECK(receive(inputs, to_server::key_up{0x9e}));
  CHECK(receive(inputs, to_server::key_down{0x48e0})); // cursor up
  CHECK(receive(inputs, to_server::key_up{0xc8e0}));
  CHECK(typed() == text{"1e", "-1e", "c8", "-c8"});
  CHECK(receive(inputs, to_server::key_down{0x45'1d'e1}));
  CHECK(typed() == text{"c6"});
  CHECK(receive(inputs, to_server::key_down{0x9e1e}));
  CHECK(typed() == text{"1e", "-1e"});
  CHECK(receive(inputs, to_server::key_down{0x1f'00'1e}));
  CHECK(typed() == text{"1e"});
  CHECK(receive(inputs, to_server::key_down{0}));
  CHECK(typed().empty());
}

TEST_CASE_FIXTURE(inputs_test, "scancodes may also come as plain bytes, and a prefix may end a message") {
  const auto type_bytes = [&](std::initializer_list<std::uint8_t> codes) {
    std::vector<std::byte> body;
    for (const auto c : codes) body.push_back(static_cast<std::byte>(c));
    CHECK(inputs.receive(to_server::key_scancode::type, body));
  };
  type_bytes({0x1e, 0x9e, 0xe0});
  type_bytes({0x48});
  CHECK(typed() == text{"1e", "-1e", "c8"});
  CHECK(inputs.receive(to_server::key_scancode::type, {}).error() == errc::bad_message);
}

TEST_CASE_FIXTURE(inputs_test, "the client's wish for the locks is passed on") {
  CHECK(receive(inputs, to_server::key_modifiers{5}));
  CHECK(wishes == std::vector<std::uint16_t>{5});
}

TEST_CASE_FIXTURE(inputs_test, "motions count in server mode, positions in client mode") {
  CHECK(receive(inputs, to_server::mouse_motion{3, -4, 0}));
  CHECK(receive(inputs, to_server::mouse_position{10, 20, 0, 1}));
  REQUIRE(pointers.size() == 1);
  CHECK(std::get<pointer_motion>(pointers[0]).dx == 3);
  CHECK(std::get<pointer_motion>(pointers[0]).dy == -4);
  inputs.mouse_mode_changed(mouse_mode::client);
  CHECK(receive(inputs, to_server::mouse_motion{3, -4, 0}));
  CHECK(receive(inputs, to_server::mouse_position{10, 20, 0, 1}));
  REQUIRE(pointers.size() == 2);
  const auto& position = std::get<pointer_position>(pointers[1]);
  CHECK(position.display == 1);
  CHECK(position.x == 10);
  CHECK(position.y == 20);
}

TEST_CASE_FIXTURE(inputs_test, "every fourth motion or position is acknowledged, whether it counts or not") {
  for (int i = 1; i <= 9; ++i) {
    if (i % 2 == 0)
      CHECK(receive(inputs, to_server::mouse_motion{1, 1, 0}));
    else
      CHECK(receive(inputs, to_server::mouse_position{1, 1, 0, 0}));
    CHECK(out.all<to_client::mouse_motion_ack>().size() == (i % 4 == 0 ? 1 : 0));
  }
  CHECK(receive(inputs, to_server::mouse_press{mouse_button::left, 1}));
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(inputs_test, "buttons and the wheel are presses and releases") {
  CHECK(receive(inputs, to_server::mouse_press{mouse_button::right, 4}));
  CHECK(receive(inputs, to_server::mouse_press{mouse_button::up, 4}));
  CHECK(receive(inputs, to_server::mouse_release{mouse_button::right, 0}));
  REQUIRE(pointers.size() == 3);
  CHECK(std::get<pointer_button>(pointers[0]).button == 3);
  CHECK(std::get<pointer_button>(pointers[0]).pressed);
  CHECK(std::get<pointer_button>(pointers[1]).button == 4);
  CHECK_FALSE(std::get<pointer_button>(pointers[2]).pressed);
}

TEST_CASE_FIXTURE(inputs_test, "unknown and malformed messages are errors") {
  CHECK(inputs.receive(105, {}).error() == errc::unknown_message);
  CHECK(inputs.receive(to_server::key_down::type, std::vector<std::byte>(3)).error() == errc::bad_message);
  CHECK(inputs.receive(to_server::mouse_position::type, std::vector<std::byte>(10)).error() == errc::bad_message);
}

} // namespace saffron::actors
