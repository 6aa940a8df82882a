// SPDX-License-Identifier: BSD-3-Clause
#include "actors/client.hpp"
#include "actors/vm.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

vm_view_ptr view(std::size_t consoles, bool absolute_pointer = false) {
  auto v = std::make_shared<vm_view>();
  v->consoles.resize(consoles);
  v->absolute_pointer = absolute_pointer;
  return v;
}

const channel_table channels;
constexpr channel_key main_key{1, 0}, display_0{2, 0}, display_1{2, 1}, inputs_0{3, 0}, cursor_1{4, 1};

} // namespace

TEST_CASE("a client may open what its VM has, once at a time") {
  client_state state{view(2), channels};
  for (const auto key : {display_0, display_1, inputs_0, cursor_1}) CHECK(state.may_open(key));
  CHECK(state.may_open({2, 2}).error() == errc::channel_not_available);
  CHECK(state.may_open({4, 255}).error() == errc::channel_not_available);
  CHECK(state.may_open({3, 1}).error() == errc::channel_not_available);
  state.opened(display_0, {});
  CHECK(state.may_open(display_0).error() == errc::channel_not_available);
  CHECK(state.may_open(display_1));
  CHECK(state.closed(display_0));
  CHECK_FALSE(state.closed(display_0));
  CHECK(state.may_open(display_0));
}

TEST_CASE("consoles that come later may be opened then") {
  client_state state{view(1), channels};
  CHECK_FALSE(state.may_open(display_1));
  CHECK_FALSE(state.vm_changed(view(2)));
  CHECK(state.may_open(display_1));
}

TEST_CASE("client mode needs a pointer that takes positions, and ends with it") {
  client_state state{view(1, false), channels};
  CHECK(state.mode() == mouse_mode::server);
  CHECK_FALSE(state.ask_mouse_mode(mouse_mode::client));
  CHECK_FALSE(state.ask_mouse_mode(mouse_mode::server)); // as it is
  CHECK_FALSE(state.vm_changed(view(1, true)));
  CHECK(state.ask_mouse_mode(mouse_mode::client));
  CHECK_FALSE(state.ask_mouse_mode(mouse_mode::client));
  CHECK_FALSE(state.vm_changed(view(1, true)));
  CHECK(state.vm_changed(view(1, false)));
  CHECK(state.mode() == mouse_mode::server);
}

TEST_CASE("an actor that is none of the client's channels is not found") {
  client_state state{view(1), channels};
  CHECK_FALSE(state.find(caf::actor_addr{}));
  state.opened(main_key, {});
  state.clear();
  CHECK(state.channels().empty());
}

TEST_CASE("a VM needs as many consoles as it has heads, up to what the protocol can number") {
  vm_model model{1, "web01"};
  CHECK(model.missing_consoles(0) == 0);
  CHECK(model.missing_consoles(3) == 3);
  model.add_console({});
  CHECK(model.missing_consoles(3) == 2);
  CHECK(model.missing_consoles(1) == 0);
  CHECK(model.missing_consoles(1000000) == 255);
}

TEST_CASE("a VM's view is what its source has said") {
  vm_model model{7, "web01"};
  model.add_console({});
  CHECK(model.state_text() == "starting");
  source_attached said;
  said.uuid = "u";
  said.absolute_pointer = true;
  said.resizable = true;
  model.attached(said);
  const device_table table;
  vm_devices devices{{}, table, [](const auto&, const auto&) { return char_device_actor{}; }};
  const auto v = model.view({}, {}, devices);
  CHECK(v->id == 7);
  CHECK(v->name == "web01");
  CHECK(v->uuid == "u");
  CHECK(v->consoles.size() == 1);
  CHECK(v->absolute_pointer);
  CHECK(model.resizable());
  CHECK_FALSE(v->agent_connected);
  CHECK(model.agent({true, false}));
  CHECK_FALSE(model.agent({true, false}));
  CHECK(model.view({}, {}, devices)->agent_connected);
  CHECK(model.state({"running", true}));
  CHECK_FALSE(model.state({"running", true}));
  CHECK(model.state({"running", false}));
  CHECK(model.state({"running", false, false}));
  CHECK(model.state_text() == "running");
}

} // namespace saffron::actors
