// SPDX-License-Identifier: BSD-3-Clause
// The agent as a whole: who is connected, the small agent, the server's own messages, the filter.
#include "tests/unit/devices/agent_world.hpp"

namespace saffron::devices {

TEST_CASE_FIXTURE(agent_world, "clients see an agent while the guest's is there, and start anew with another one") {
  make();
  CHECK_FALSE(a->connected());
  a->opened();
  CHECK(a->connected());
  a->opened();
  a->closed();
  CHECK_FALSE(a->connected());
  CHECK(said == "+agent -agent +agent -agent ");
}

TEST_CASE_FIXTURE(agent_world, "what a client says to an agent that has gone is dropped, and its tokens come back") {
  start({1});
  const auto half = wa::with_header(other, bytes(100));
  say(1, std::span{half}.first(50));
  a->closed();
  a->opened();
  to_guest.clear();
  say(1, std::span{half}.subspan(50));
  CHECK(to_guest.empty());
  CHECK(tokens[1] == 2);
  a->attached(1);
  say(1, half);
  CHECK(heard_by_guest() == std::vector{seen{other, bytes(100)}});
}

TEST_CASE_FIXTURE(agent_world, "a VM without an agent but with resizable heads has a small agent") {
  make();
  a->set_resizable(true);
  CHECK(a->connected());
  CHECK(said == "+agent ");
  a->attached(1);
  say(1, wa::announce_capabilities{1, clipboard_capabilities});
  CHECK(heard_by(1) ==
        messages_of(wa::encode_whole(wa::announce_capabilities{
            0, {wa::capability::monitors_config, wa::capability::reply, wa::capability::sparse_monitors_config}})));
  say(1, wa::announce_capabilities{0, clipboard_capabilities});
  CHECK(heard_by(1).empty());
  say(1, message_type::clipboard, bytes(100000));
  say(1, wa::monitors_config{0, {{.height = 600, .width = 800}}});
  REQUIRE(resized.size() == 1);
  CHECK(resized[0].at(0).width == 800);
  CHECK(heard_by(1) == messages_of(wa::encode_whole(wa::reply{})));
  CHECK(tokens[1] == 3 + 49);
  CHECK(queued.empty());
  CHECK(to_guest.empty());
  a->opened();
  a->closed();
  a->set_resizable(false);
  CHECK(said == "+agent -agent +agent -agent +agent -agent ");
}

TEST_CASE_FIXTURE(agent_world, "a malformed list of monitors is answered with an error, an empty one changes nothing") {
  make();
  a->set_resizable(true);
  a->attached(1);
  bytes hundred(8);
  hundred[0] = std::byte{100};
  say(1, message_type::monitors_config, hundred);
  CHECK(heard_by(1) == messages_of(wa::encode_whole(wa::reply{.error = wa::reply_code::error})));
  say(1, wa::monitors_config{});
  CHECK(heard_by(1) == messages_of(wa::encode_whole(wa::reply{})));
  CHECK(resized.empty());
}

TEST_CASE_FIXTURE(agent_world, "monitors go to the VM's side where it can, else to the guest without unknown flags") {
  start({1});
  const wa::monitors_config wish{0xfffffff3, {{.height = 600, .width = 800}}};
  auto expected = wish;
  expected.flags = 3;
  say(1, wish);
  CHECK(heard_by_guest() == messages_of(wa::encode_whole(expected)));
  a->set_resizable(true);
  say(1, wish);
  CHECK(heard_by_guest().empty());
  CHECK(resized.size() == 1);
}

TEST_CASE_FIXTURE(agent_world, "the largest list of monitors is taken, a larger one ends its client") {
  make();
  a->set_resizable(true);
  a->attached(1);
  wa::monitors_config all{wa::monitors_config_flags::physical_size, std::vector<wa::monitor>(256)};
  say(1, all);
  CHECK(resized.at(0).size() == 256);
  all.monitors.emplace_back();
  const auto stream = wa::encode_whole(all);
  const auto sent = a->from_client(1, shared_bytes::copy_of(std::span{stream}.first(2000)), 1);
  CHECK(sent.error() == errc::message_too_large);
  CHECK(failed[1] == errc::message_too_large);
}

TEST_CASE_FIXTURE(agent_world, "what no agent message can be ends its client, with its tokens") {
  start({1, 2, 3});
  CHECK(a->from_client(1, shared_bytes::copy_of(bytes(defaults::agent_piece + 1)), 1).error() == errc::bad_message);
  const auto wrong = wire::encode(wa::message_header{2, other, 0, 0});
  CHECK(a->from_client(2, shared_bytes::copy_of(wrong), 1).error() == errc::bad_message);
  const auto huge = wire::encode(wa::message_header{1, other, 0, defaults::agent_message_limit + 1});
  CHECK(a->from_client(3, shared_bytes::copy_of(huge), 1).error() == errc::message_too_large);
  CHECK(failed ==
        std::map<client_id, errc>{{1, errc::bad_message}, {2, errc::bad_message}, {3, errc::message_too_large}});
  CHECK(tokens == std::map<client_id, std::uint64_t>{{1, 1}, {2, 1}, {3, 1}});
}

TEST_CASE_FIXTURE(agent_world, "a guest that sends nonsense has failed, and nothing more is read from it") {
  const auto fails = [this](const bytes& stream) {
    guest_failures.clear();
    start({1});
    from_guest = stream;
    read_all();
    CHECK(guest_failures.size() == 1);
    append(from_guest, chunks(wa::port::client, wa::with_header(other, {})).view());
    read_all();
    CHECK(heard_by(1).empty());
    CHECK(guest_failures.size() == 1);
    from_guest.clear();
    a->opened();
    a->attached(1);
    guest_says(other, {});
    CHECK(heard_by(1).size() == 1);
  };
  fails(wire::encode(wa::chunk_header{static_cast<wa::port>(3), 1}));
  const auto in_chunk = [](const wa::message_header& h) {
    const auto c = chunks(wa::port::client, wire::encode(h));
    return bytes(c.view().begin(), c.view().end());
  };
  fails(in_chunk({2, other, 0, 0}));
  fails(in_chunk({1, other, 0, defaults::agent_message_limit + 1}));
}

TEST_CASE_FIXTURE(agent_world,
                  "with copy and paste off nothing of the clipboard passes, and nobody hears that it could") {
  policy.copy_paste = false;
  start({1});
  guest_says(wa::announce_capabilities{1, clipboard_capabilities});
  say(1, wa::announce_capabilities{0, clipboard_capabilities});
  const auto expected = wa::announce_capabilities{1, {wa::capability::mouse_state}};
  CHECK(heard_by(1) == messages_of(wa::encode_whole(expected)));
  CHECK(heard_by_guest() == messages_of(wa::encode_whole(wa::announce_capabilities{0, {wa::capability::mouse_state}})));
  for (const auto type : {message_type::clipboard, message_type::clipboard_grab, message_type::clipboard_request,
                          message_type::clipboard_release}) {
    say(1, type, bytes(8));
    guest_says(type, bytes(8));
  }
  CHECK(heard_by_guest().empty());
  CHECK(heard_by(1).empty());
  CHECK(tokens[1] == 5);
}

TEST_CASE_FIXTURE(agent_world, "with files off a start is answered, and the rest dropped") {
  policy.file_transfer = false;
  start({1});
  guest_says(wa::announce_capabilities{0, {wa::capability::reply}});
  CHECK(heard_by(1) == messages_of(wa::encode_whole(
                           wa::announce_capabilities{0, {wa::capability::reply, wa::capability::file_xfer_disabled}})));
  say(1, wa::file_xfer_start{7, {}});
  say(1, wa::file_xfer_data{7, 0, {}});
  guest_says(wa::file_xfer_status{7, wa::file_xfer_result::success, {}});
  CHECK(heard_by(1) == messages_of(wa::encode_whole(wa::file_xfer_status{7, wa::file_xfer_result::disabled, {}})));
  CHECK(heard_by_guest().empty());
}

TEST_CASE_FIXTURE(agent_world, "with monitors off there is no small agent, and monitors are dropped") {
  policy.monitors_config = false;
  start({1});
  a->set_resizable(true);
  say(1, wa::monitors_config{0, std::vector<wa::monitor>(1)});
  CHECK(heard_by_guest().empty());
  CHECK(resized.empty());
  a->closed();
  CHECK_FALSE(a->connected());
}

TEST_CASE_FIXTURE(agent_world, "a client cannot speak as the server") {
  start({1});
  for (const auto type :
       {message_type::mouse_state, message_type::client_disconnected, message_type::graphics_device_info})
    say(1, type, bytes(13));
  CHECK(heard_by_guest().empty());
  CHECK(tokens[1] == 3);
}

TEST_CASE_FIXTURE(agent_world, "the pointer goes to an agent that takes it") {
  start({1});
  a->pointer({1, 2, 3, 0});
  CHECK(to_guest_server.empty());
  guest_says(wa::announce_capabilities{0, {wa::capability::mouse_state}});
  CHECK(said == "+agent +mouse ");
  a->pointer({1, 2, 3, 1});
  CHECK(heard_by_guest_server() == messages_of(wa::encode_whole(wa::mouse_state{1, 2, 6, 1})));
  a->closed();
  CHECK(said == "+agent +mouse -mouse -agent ");
  a->pointer({1, 2, 3, 1});
  CHECK(to_guest_server.empty());
}

TEST_CASE_FIXTURE(agent_world,
                  "displays are told when the agent asks, at each start of a client, and when they change") {
  start({1});
  a->set_places({{0, 0, 0, "pci/0000/02.0"}, {1, 0, 0, ""}});
  CHECK(to_guest_server.empty());
  guest_says(wa::announce_capabilities{0, {wa::capability::graphics_device_info}});
  const auto expected = messages_of(wa::encode_whole(wa::graphics_device_info{{{0, 0, 0, "pci/0000/02.0"}}}));
  CHECK(heard_by_guest_server() == expected);
  a->attached(2);
  CHECK(heard_by_guest_server() == expected);
  a->set_places({{0, 0, 0, "pci/0000/02.0"}, {1, 0, 0, ""}});
  CHECK(to_guest_server.empty()); // the guest knows
  a->set_places(std::vector<display_place>(300, {0, 0, 0, std::string(1000, 'x')}));
  const auto many = heard_by_guest_server();
  REQUIRE(many.size() == 1);
  const auto info = wire::decode<wa::graphics_device_info>(many[0].body).value();
  CHECK(info.displays.size() == 256);
  CHECK(info.displays[0].address == std::string(255, 'x'));
}

TEST_CASE_FIXTURE(agent_world, "the guest hears when the last client has gone, even if its queue was full") {
  start({1, 2});
  a->detached(1);
  CHECK(to_guest_server.empty());
  queue_full = true;
  a->detached(2);
  CHECK(to_guest_server.empty());
  queue_full = false;
  a->tick();
  CHECK(heard_by_guest_server() == std::vector{seen{message_type::client_disconnected, {}}});
  a->tick();
  CHECK(to_guest_server.empty());
}

} // namespace saffron::devices
