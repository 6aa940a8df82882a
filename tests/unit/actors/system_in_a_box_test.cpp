// SPDX-License-Identifier: BSD-3-Clause
// What a user and a VM have of each other, through every actor and a real socket.
#include "messages/wire/agent.hpp"
#include "messages/wire/cursor.hpp"
#include "messages/wire/inputs.hpp"
#include "tests/unit/actors/box_world.hpp"

#include <doctest/doctest.h>

#include <random>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;
namespace main_to_client = wire::main_channel::to_client;
namespace main_to_server = wire::main_channel::to_server;
namespace inputs_to_client = wire::inputs::to_client;
namespace inputs_to_server = wire::inputs::to_server;
namespace cursor_to_client = wire::cursor::to_client;

// A screen to compare with, drawn on with the same commands.
struct model {
  explicit model(extent e) : size(e), pixels(std::size_t{e.width} * e.height) {}

  draw_command put(rect area, std::uint32_t seed) {
    std::mt19937 random{seed};
    std::vector<std::uint32_t> drawn(area.area());
    for (auto& p : drawn) p = random() % 3 == 0 ? 0x123456 : random() & 0xffffff;
    auto from = drawn.begin();
    for (auto y = area.top; y < area.bottom; ++y)
      for (auto x = area.left; x < area.right; ++x) at(x, y) = *from++;
    return put_pixels{area, shared_bytes::copy_of(std::as_bytes(std::span{drawn}))};
  }
  draw_command paint(rect area, std::uint32_t color) {
    for (auto y = area.top; y < area.bottom; ++y)
      for (auto x = area.left; x < area.right; ++x) at(x, y) = color;
    return fill{area, color};
  }
  draw_command scroll(rect area, point from) {
    auto before = *this;
    for (std::int32_t y = 0; y < area.height(); ++y)
      for (std::int32_t x = 0; x < area.width(); ++x)
        at(area.left + x, area.top + y) = before.at(from.x + x, from.y + y);
    return copy_bits{area, from};
  }
  std::uint32_t& at(std::int32_t x, std::int32_t y) {
    return pixels.at(static_cast<std::size_t>(y) * size.width + static_cast<std::size_t>(x));
  }

  extent size;
  std::vector<std::uint32_t> pixels;
};

struct box_test : box_world {
  [[nodiscard]] bool shows(session& s, const model& m) {
    return wait_until([&] {
      const auto& screen = s.look();
      return screen.size == m.size && screen.pixels == m.pixels;
    });
  }
};

} // namespace

TEST_CASE_FIXTURE(box_test, "a client is introduced to its VM") {
  auto& vm = add_vm("web01", "secret");
  vm.offers.uuid = "ignored";
  session s{*this};
  CHECK(s.main->result() == wire::link_error::ok);
  CHECK(s.init.session_id != 0);
  CHECK(s.init.display_channels_hint == 1);
  CHECK(s.init.agent_connected == 1);
  CHECK(s.list.channels.size() == 3);
  s.open_all();
  CHECK(s.inputs->expect<inputs_to_client::init>().keyboard_modifiers == 0);
  CHECK(s.cursor->expect<cursor_to_client::init>().shape.flags == wire::cursor::cursor_flags::none);
}

TEST_CASE_FIXTURE(box_test, "before anything is drawn a client sees a black screen") {
  add_vm("web01", "secret");
  session s{*this};
  s.open_display();
  CHECK(shows(s, model{{640, 480}}));
}

TEST_CASE_FIXTURE(box_test, "what the source draws is what its clients see, whenever they come") {
  auto& vm = add_vm("web01", "secret");
  session early{*this};
  early.open_display();
  model m{{800, 600}};
  draw(vm, {set_surface{m.size}, m.put(whole(m.size), 1), m.paint({100, 100, 300, 200}, 0x00ff00)});
  CHECK(shows(early, m));
  session late{*this};
  late.open_display();
  CHECK(shows(late, m));
  for (std::uint32_t i = 0; i < 20; ++i) {
    draw(vm, {m.scroll({0, 0, 800, 580}, {0, 20}), m.put({0, 580, 800, 600}, i)});
    if (i % 5 == 0) CHECK(shows(early, m));
  }
  CHECK(shows(early, m));
  CHECK(shows(late, m));
  model smaller{{320, 200}};
  draw(vm, {set_surface{smaller.size}, smaller.paint({5, 5, 10, 10}, 0xff)});
  CHECK(shows(early, smaller));
  CHECK(shows(late, smaller));
  CHECK(counted.images_shared.value() > 0);
}

TEST_CASE_FIXTURE(box_test, "a client that does not read costs nobody anything, and is current when it reads again") {
  auto& vm = add_vm("web01", "secret");
  session slow{*this}, quick{*this};
  slow.open_display();
  quick.open_display();
  model m{{1024, 768}};
  draw(vm, {set_surface{m.size}});
  for (std::uint32_t i = 0; i < 60; ++i) {
    draw(vm, {m.put(whole(m.size), i)});
    if (i % 20 == 0) CHECK(shows(quick, m));
  }
  CHECK(shows(quick, m));
  const auto seen = slow.screen.pictures;
  CHECK(shows(slow, m));
  CHECK(slow.screen.pictures - seen < 50); // not the whole history
}

TEST_CASE_FIXTURE(box_test, "the cursor follows the source's") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  s.cursor->expect<cursor_to_client::init>();
  auto shape = std::make_shared<cursor_shape>();
  shape->unique = 5;
  shape->width = shape->height = 1;
  shape->pixels = shared_bytes::copy_of(std::vector<std::byte>(4, std::byte{0x7f}));
  tell(vm.given.consoles[0], cursor_state{shape, {10, 20}});
  const auto set = s.cursor->expect<cursor_to_client::set>();
  CHECK(set.shape.unique == 5);
  CHECK(set.position == wire::point16{10, 20});
  tell(vm.given.consoles[0], cursor_state{shape, {11, 21}});
  CHECK(s.cursor->expect<cursor_to_client::move>().position == wire::point16{11, 21});
}

TEST_CASE_FIXTURE(box_test,
                  "what a user types and points at reaches the source, and what he holds is let go when he leaves") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  s.inputs->expect<inputs_to_client::init>();
  s.inputs->send(inputs_to_server::key_down{0x1e});
  s.inputs->send(inputs_to_server::mouse_motion{5, 6, 0});
  s.inputs->send(inputs_to_server::mouse_press{wire::inputs::mouse_button::left, 1});
  CHECK(wait_until([&] { return vm.keys.size() == 1 && vm.pointers.size() == 2; }));
  CHECK(vm.keys[0].key == 0x1e);
  CHECK(vm.keys[0].pressed);
  CHECK(std::get<pointer_motion>(vm.pointers[0].event).dx == 5);
  s.main->close(); // the other channels hear of it through the client
  CHECK(wait_until([&] { return vm.keys.size() == 2 && vm.pointers.size() == 3; }));
  CHECK_FALSE(vm.keys[1].pressed);
  CHECK_FALSE(std::get<pointer_button>(vm.pointers[2].event).pressed);
  for (auto* channel : {s.display.get(), s.inputs.get(), s.cursor.get()}) CHECK(channel->closes_with_goodbye());
  CHECK(wait_until([&] { return status().vms.at(0).clients.empty(); }));
}

TEST_CASE_FIXTURE(box_test, "the mouse is led by the client when it asks for that") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  s.main->send(main_to_server::mouse_mode_request{2});
  CHECK(s.main->expect<main_to_client::mouse_mode>() == main_to_client::mouse_mode{3, 2});
  s.inputs->send(inputs_to_server::mouse_position{7, 8, 0, 0});
  CHECK(wait_until([&] { return vm.pointers.size() == 1; }));
  CHECK(std::get<pointer_position>(vm.pointers[0].event).y == 8);
}

TEST_CASE_FIXTURE(box_test, "a client resizes a head through the agent") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.main->send(main_to_server::agent_start{10});
  wire::agent::monitors_config wish;
  wish.monitors.push_back({900, 1600, 32, 0, 0, 0, 0});
  const auto piece = wire::agent::encode_whole(wish);
  s.main->send(main_to_server::agent_data{piece});
  s.main->expect<main_to_client::agent_data>();
  CHECK(wait_until([&] { return vm.resizes.size() == 1; }));
  CHECK(vm.resizes[0].size == extent{1600, 900});
}

TEST_CASE_FIXTURE(box_test, "the user of a keyboard without TLS is warned") {
  add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  CHECK(s.main->expect<wire::common::to_client::notify>().text == "keyboard channel is insecure");
}

TEST_CASE_FIXTURE(box_test, "a second display channel of the same number is refused, and the first lives on") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_display();
  CHECK(s.open(channel_type::display)->result() == wire::link_error::channel_not_available);
  CHECK(s.open(channel_type::display, {}, 1)->result() == wire::link_error::channel_not_available);
  model m{{64, 64}};
  draw(vm, {set_surface{m.size}, m.paint({1, 1, 2, 2}, 7)});
  CHECK(shows(s, m));
  s.display->close();
  CHECK(wait_until([&] { return status().vms.at(0).clients.at(0).channels.size() == 1; }));
  s.screen = {};
  s.open_display(); // and now it is free again
  CHECK(shows(s, m));
}

TEST_CASE_FIXTURE(box_test, "a VM that grows a head tells its clients, who open it") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  auto more = vm.offers;
  more.source = vm.source;
  more.heads = 2;
  vm.given = ask<vm_consoles>(vms["web01"], more);
  REQUIRE(vm.given.consoles.size() == 2);
  const auto list = s.main->expect<main_to_client::channels_list>();
  REQUIRE(list.channels.size() == 2);
  CHECK(list.channels[0].id == 1);
  model m{{50, 40}};
  draw(vm, {set_surface{m.size}, m.paint({1, 1, 2, 2}, 7)}, 1);
  s.display = s.open(channel_type::display, {}, 1);
  s.display->send(wire::display::to_server::init{});
  CHECK(shows(s, m));
}

TEST_CASE_FIXTURE(box_test, "status tells of VMs, consoles, clients and channels") {
  auto& vm = add_vm("web01", "secret");
  add_vm("web02", "other");
  session s{*this};
  s.open_all();
  draw(vm, {set_surface{{64, 64}}});
  const auto told = status();
  REQUIRE(told.vms.size() == 2);
  CHECK(told.vms[0].name == "web01");
  CHECK(told.vms[0].state == "running");
  REQUIRE(told.vms[0].consoles.size() == 1);
  CHECK(told.vms[0].consoles[0].width == 64);
  REQUIRE(told.vms[0].clients.size() == 1);
  CHECK(told.vms[0].clients[0].id == s.init.session_id);
  CHECK(told.vms[0].clients[0].channels.size() == 4);
  CHECK(told.vms[1].clients.empty());
}

TEST_CASE_FIXTURE(box_test, "after everything has ended no actor is left") {
  add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  listening.close();
  tell(registry, shut_down{});
  CHECK(s.main->closes_with_goodbye());
  CHECK(s.display->closes_with_goodbye());
  shut_down_all();
  CHECK(system.registry().running() == 0);
  CHECK(records["web01"].ended_in_order);
}

} // namespace saffron
