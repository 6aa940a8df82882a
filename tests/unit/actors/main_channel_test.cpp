// SPDX-License-Identifier: BSD-3-Clause
#include "actors/channel_table.hpp"
#include "actors/main_channel.hpp"
#include "messages/wire/main_channel.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;
namespace to_client = wire::main_channel::to_client;
namespace to_server = wire::main_channel::to_server;
namespace common = wire::common;
using wire::channel_type;
using wire::main_capability;

constexpr client_id session = 0x12345678;

struct main_test : tests::channel_fixture {
  main_test() { settings.name = "web01"; }

  static vm_view_ptr shared(const vm_view& v) { return std::make_shared<const vm_view>(v); }
  main_channel& begin(const wire::capability_set& peer = {main_capability::name_and_uuid,
                                                          main_capability::agent_connected_tokens},
                      bool local = false) {
    const main_ports ports{
        [this](mouse_mode m) { modes.push_back(m); }, [this](bandwidth_measured m) { measured.push_back(m); }, {}};
    channel.emplace(context(), ports, session, shared(settings), channels, peer, local);
    channel->start();
    CHECK(out.next<common::to_client::set_ack>().generation == 1);
    return *channel;
  }
  // As begin(), and the first words are swallowed.
  main_channel& talk() {
    auto& c = begin();
    out.forget();
    return c;
  }

  const channel_table channels;
  vm_view settings;
  std::optional<main_channel> channel;
  std::vector<mouse_mode> modes;
  std::vector<bandwidth_measured> measured;
};

std::vector<std::string> names(const to_client::channels_list& list) {
  std::vector<std::string> out;
  for (const auto& c : list.channels) out.push_back(fmt::format("{}:{}", static_cast<int>(c.type), c.id));
  return out;
}
using text = std::vector<std::string>;

} // namespace

TEST_CASE_FIXTURE(main_test, "INIT tells the session, the screens, the mouse and the agent") {
  settings.consoles.resize(2);
  settings.absolute_pointer = true;
  settings.agent_connected = true;
  settings.uuid = "01234567-89ab-CDEF-0123-456789abcdef";
  begin();
  const auto init = out.next<to_client::init>();
  CHECK(init.session_id == session);
  CHECK(init.display_channels_hint == 2);
  CHECK(init.supported_mouse_modes == 3);
  CHECK(init.current_mouse_mode == 1);
  CHECK(init.agent_connected == 1);
  CHECK(init.agent_tokens == 10);
  CHECK(init.multi_media_time == 3600000 - 60);
  CHECK(out.next<to_client::name>().text == "web01");
  const auto uuid = out.next<to_client::uuid>().bytes;
  CHECK(uuid[0] == std::byte{0x01});
  CHECK(uuid[6] == std::byte{0xcd});
  CHECK(uuid[15] == std::byte{0xef});
}

TEST_CASE_FIXTURE(main_test, "name and UUID are for clients that know them, and a UUID that is none is left out") {
  settings.uuid = "01234567-89ab-cdef-0123-456789abcdef";
  begin(wire::capability_set{}, true);
  const auto init = out.next<to_client::init>();
  CHECK(init.supported_mouse_modes == 1);
  CHECK(init.agent_connected == 0);
  out.next<common::to_client::ping>();
  CHECK(out.empty());
  for (const auto* bad :
       {"", "0123", "01234567-89ab-cdef-0123-456789abcdef0", "01234567-89ab-cdef-0123-456789abcdeg"}) {
    out.forget();
    settings.uuid = bad;
    begin({main_capability::name_and_uuid}, true);
    out.next<to_client::init>();
    out.next<to_client::name>();
    out.next<common::to_client::ping>();
  }
}

TEST_CASE_FIXTURE(main_test, "the bandwidth is the third ping's bytes by its time beyond the faster of the others") {
  auto& c = begin();
  const auto pings = out.all<common::to_client::ping>();
  REQUIRE(pings.size() == 4); // and the channel's own
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(pings[i].id == i + 1);
    CHECK(pings[i].data.size() == (i == 2 ? 256000 : 0));
    CHECK(pings[i].timestamp == 3600000000);
  }
  const auto answer = [&](std::uint32_t id, std::chrono::microseconds after) {
    time = steady_time{} + 1h + after;
    CHECK(receive(c, common::to_server::pong{id, 0}));
  };
  answer(1, 30ms);
  answer(2, 30ms);
  CHECK(measured.empty());
  answer(3, 158ms);
  REQUIRE(measured.size() == 1);
  CHECK(measured[0].bits_per_second == doctest::Approx(16e6)); // 256000 bytes in 128 ms
  CHECK(measured[0].latency_us == 30000);
  answer(3, 200ms);
  CHECK(measured.size() == 1);
}

TEST_CASE_FIXTURE(main_test, "what is faster than can be measured is fast") {
  auto& c = talk();
  for (std::uint32_t id = 1; id <= 3; ++id) CHECK(receive(c, common::to_server::pong{id, 0}));
  CHECK(measured.at(0).bits_per_second == 1000000000000);
  CHECK(measured.at(0).latency_us == 0);
}

TEST_CASE_FIXTURE(main_test, "answers that nobody asked for measure nothing") {
  auto& c = talk();
  for (const std::uint32_t id : {3u, 0u, 4u, 0xffffffffu}) CHECK(receive(c, common::to_server::pong{id, 0}));
  CHECK(measured.empty());
  begin({}, true); // on this host's own socket there is no test
  for (std::uint32_t id = 1; id <= 3; ++id) CHECK(receive(*channel, common::to_server::pong{id, 0}));
  CHECK(measured.empty());
}

TEST_CASE_FIXTURE(main_test, "the list of channels comes when it is asked for, and more when consoles come") {
  settings.consoles.resize(2);
  auto& c = talk();
  settings.consoles.resize(3);
  c.vm_changed(shared(settings));
  CHECK(out.empty()); // it has not asked yet
  CHECK(receive(c, to_server::attach_channels{}));
  CHECK(names(out.next<to_client::channels_list>()) == text{"3:0", "2:0", "2:1", "2:2", "4:0", "4:1", "4:2"});
  settings.consoles.resize(4);
  c.vm_changed(shared(settings));
  CHECK(names(out.next<to_client::channels_list>()) == text{"2:3", "4:3"});
  c.vm_changed(shared(settings));
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(main_test, "a mouse mode that exists is asked for, another one is ignored") {
  auto& c = talk();
  for (const std::uint16_t mode : {1, 2, 0, 3, 4}) CHECK(receive(c, to_server::mouse_mode_request{mode}));
  CHECK(modes == std::vector{mouse_mode::server, mouse_mode::client});
  CHECK(out.empty());
  settings.absolute_pointer = true;
  c.vm_changed(shared(settings));
  CHECK(out.next<to_client::mouse_mode>() == to_client::mouse_mode{3, 1});
  c.mouse_mode_changed(mouse_mode::client);
  CHECK(out.next<to_client::mouse_mode>() == to_client::mouse_mode{3, 2});
}

TEST_CASE_FIXTURE(main_test, "an agent that comes and goes is told, in the words that the client knows") {
  auto& c = talk();
  settings.agent_connected = true;
  c.vm_changed(shared(settings));
  CHECK(out.next<to_client::agent_connected_tokens>().tokens == 10);
  settings.agent_connected = false;
  c.vm_changed(shared(settings));
  out.next<to_client::agent_disconnected>();
  begin({}, true);
  out.forget();
  settings.agent_connected = true;
  channel->vm_changed(shared(settings));
  out.next<to_client::agent_connected>();
}

TEST_CASE_FIXTURE(main_test, "a notice for the user is a warning that is shown") {
  talk().notify("keyboard channel is insecure");
  const auto n = out.next<common::to_client::notify>();
  CHECK(n.text == "keyboard channel is insecure");
  CHECK(n.severity == common::notify_severity::warn);
  CHECK(n.visibility == common::notify_visibility::high);
}

TEST_CASE_FIXTURE(main_test, "what old clients tell, and late words about migrations, are taken") {
  auto& c = talk();
  CHECK(receive(c, to_server::client_info{5}));
  CHECK(receive(c, to_server::migrate_connect_error{}));
  CHECK(receive(c, to_server::migrate_end{}));
  CHECK(out.empty());
  CHECK(c.receive(199, {}).error() == errc::unknown_message);
  CHECK(c.receive(to_server::agent_data::type, {}).error() == errc::bad_message);
}

} // namespace saffron::actors
