// SPDX-License-Identifier: BSD-3-Clause
// What a guest's agent hears of its VM and of a user's mouse, through every actor and a real socket.
#include "messages/wire/agent.hpp"
#include "messages/wire/inputs.hpp"
#include "tests/unit/actors/device_world.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

namespace saffron {
namespace {

using namespace tests;
using wire::channel_type;
namespace wa = wire::agent;
namespace main_to_server = wire::main_channel::to_server;
namespace main_to_client = wire::main_channel::to_client;
namespace inputs = wire::inputs::to_server;

constexpr std::uint16_t both_modes = wire::main_channel::mouse_mode_server | wire::main_channel::mouse_mode_client;
const std::vector<display_place> places{{0, 0, 0, "pci/0000/02.0"}, {1, 0, 1, "pci/0000/02.0"}};

struct agent_box : device_world {
  agent_box() {
    auto& offers = records["web01"].offers;
    offers.heads = 2;
    offers.absolute_pointer = false;
    offers.places = places;
    add_vm_with({offer(char_device_kind::vdagent, agent)});
  }
  source_record& vm() { return records["web01"]; }

  void guest_announces(std::initializer_list<wa::capability> capabilities) {
    const auto message = wa::encode_whole(wa::announce_capabilities{0, capabilities});
    wire::writer w;
    wire::write(w, wa::chunk_header{wa::port::client, static_cast<std::uint32_t>(message.size())});
    w.bytes(message);
    const auto bytes = w.release();
    agent->say({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    settle();
  }
  // The messages of this type that the guest has heard on the server's port.
  template <class M>
  std::vector<M> heard() {
    constexpr auto chunk_size = wa::chunk_header::wire_size, header_size = wa::message_header::wire_size;
    std::vector<M> out;
    for (auto left = std::as_bytes(std::span{agent->taken}); !left.empty();) {
      const auto chunk = wire::decode<wa::chunk_header>(left.first(chunk_size)).value();
      const auto data = left.subspan(chunk_size, chunk.size);
      left = left.subspan(chunk_size + chunk.size);
      if (chunk.port != wa::port::server) continue;
      const auto header = wire::decode<wa::message_header>(data.first(header_size)).value();
      if (static_cast<std::uint32_t>(header.type) == M::type)
        out.push_back(wire::decode<M>(data.subspan(header_size)).value());
    }
    return out;
  }
  std::vector<wa::graphics_device_info> displays() { return heard<wa::graphics_device_info>(); }
  std::vector<wa::mouse_state> mouse() { return heard<wa::mouse_state>(); }

  std::shared_ptr<test_backend> agent = std::make_shared<test_backend>();
};

const wa::graphics_device_info info{{{0, 0, 0, "pci/0000/02.0"}, {1, 0, 1, "pci/0000/02.0"}}};

} // namespace

TEST_CASE_FIXTURE(agent_box,
                  "the guest's agent is told where its displays are, and again only when that is different") {
  session s{*this};
  CHECK(wait_until([&] { return agent->in_use; }));
  guest_announces({wa::capability::graphics_device_info});
  CHECK(displays() == std::vector{info});
  auto said = vm().offers;
  said.source = vm().source;
  caf::anon_send(vms["web01"], said);
  settle();
  CHECK(displays() == std::vector{info});
  said.places.pop_back();
  caf::anon_send(vms["web01"], said);
  settle();
  CHECK(displays() == std::vector{info, {{info.displays[0]}}});
}

TEST_CASE_FIXTURE(agent_box, "an agent's device that dies is replaced, and the next one knows the displays") {
  session s{*this};
  CHECK(wait_until([&] { return agent->in_use; }));
  guest_announces({wa::capability::graphics_device_info});
  caf::anon_send_exit(agent->device(), caf::exit_reason::kill);
  CHECK(wait_until([&] { return !agent->device(); }));
  agent->taken.clear();
  advance(std::chrono::seconds{2});
  REQUIRE(agent->device());
  guest_announces({wa::capability::graphics_device_info});
  CHECK(displays() == std::vector{info});
}

TEST_CASE_FIXTURE(agent_box, "a client may lead the mouse of a VM without an absolute pointer while the agent can") {
  session s{*this};
  CHECK(s.init.supported_mouse_modes == wire::main_channel::mouse_mode_server);
  CHECK(wait_until([&] { return agent->in_use; }));
  guest_announces({wa::capability::mouse_state});
  CHECK(s.main->expect<main_to_client::mouse_mode>().supported_modes == both_modes);
  s.main->send(main_to_server::mouse_mode_request{wire::main_channel::mouse_mode_client});
  CHECK(s.main->expect<main_to_client::mouse_mode>().current_mode == wire::main_channel::mouse_mode_client);
  auto in = s.open(channel_type::inputs);
  in->send(inputs::mouse_position{.x = 30, .y = 40, .buttons = 0, .display_id = 1});
  in->send(inputs::mouse_press{.button = wire::inputs::mouse_button::left, .buttons = 1});
  in->send(inputs::mouse_release{.button = wire::inputs::mouse_button::left, .buttons = 0});
  CHECK(wait_until([&] { return mouse().size() == 3; }));
  CHECK(mouse() == std::vector<wa::mouse_state>{{30, 40, 0, 1}, {30, 40, 2, 1}, {30, 40, 0, 1}});
  CHECK(vm().pointers.empty());

  agent->event(port_event::closed);
  settle();
  const auto gone = s.main->expect<main_to_client::mouse_mode>();
  CHECK(gone.supported_modes == wire::main_channel::mouse_mode_server);
}

} // namespace saffron
