// SPDX-License-Identifier: BSD-3-Clause
// Who tells whom what it can do.
#include "tests/unit/devices/agent_world.hpp"

namespace saffron::devices {

namespace {

using wa::capability;
using wire::capability_set;

/// The only message, which must be an announcement.
wa::announce_capabilities announcement(const std::vector<seen>& heard) {
  REQUIRE(heard.size() == 1);
  REQUIRE(heard[0].type == message_type::announce_capabilities);
  return wire::decode<wa::announce_capabilities>(heard[0].body).value();
}
wa::announce_capabilities telling(std::uint32_t request, std::initializer_list<capability> bits) {
  return {request, bits};
}

} // namespace

TEST_CASE_FIXTURE(agent_world, "a client's first announcement is forwarded as a question, the second client's is not") {
  start({1, 2});
  say(1, telling(1, {capability::reply}));
  CHECK(announcement(heard_by_guest()) == telling(1, {capability::reply}));
  CHECK(heard_by(1).empty());
  say(2, telling(1, {capability::max_clipboard}));
  CHECK(announcement(heard_by_guest()) == telling(0, {capability::reply, capability::max_clipboard}));
  guest_says(telling(0, {capability::mouse_state}));
  CHECK(announcement(heard_by(1)) == telling(0, {capability::mouse_state}));
  CHECK(announcement(heard_by(2)) == telling(0, {capability::mouse_state}));
  CHECK(heard_by_guest().empty());
}

TEST_CASE_FIXTURE(agent_world, "once the guest has spoken, clients are answered here") {
  start({1});
  guest_says(telling(1, {capability::mouse_state}));
  CHECK(announcement(heard_by(1)) == telling(1, {capability::mouse_state}));
  CHECK(heard_by_guest().empty()); // nobody has announced anything
  say(1, telling(0, {capability::reply}));
  CHECK(announcement(heard_by_guest()) == telling(0, {capability::reply}));
  a->attached(2);
  say(2, telling(1, {capability::reply}));
  CHECK(announcement(heard_by(2)) == telling(0, {capability::mouse_state}));
  CHECK(heard_by_guest().empty()); // it knows all that already
  guest_says(telling(1, {capability::mouse_state}));
  CHECK(announcement(heard_by_guest()) == telling(0, {capability::reply}));
}

TEST_CASE_FIXTURE(agent_world,
                  "bits that shape messages hold only if all have them, and are told anew when that changes") {
  start({1, 2});
  const auto full = telling(0, {capability::clipboard_by_demand, capability::clipboard_selection,
                                capability::clipboard_no_release_on_regrab, capability::clipboard_grab_serial});
  const auto agreed = telling(0, {capability::clipboard_by_demand, capability::clipboard_selection,
                                  capability::clipboard_no_release_on_regrab});
  guest_says(full);
  CHECK(announcement(heard_by(1)) == agreed);
  to_client.clear();
  say(1, full);
  CHECK(announcement(heard_by_guest()) == agreed);

  SUBCASE("a client without selections takes them from all, and gives them back when it leaves") {
    say(2, telling(1, {capability::clipboard_by_demand}));
    const auto less = telling(0, {capability::clipboard_by_demand});
    CHECK(announcement(heard_by_guest()) == less);
    CHECK(announcement(heard_by(1)) == less);
    const auto to_2 = heard_by(2);
    CHECK(wire::decode<wa::announce_capabilities>(to_2.at(0).body) == less);
    a->detached(2);
    CHECK(announcement(heard_by_guest()) == agreed);
    CHECK(announcement(heard_by(1)) == agreed);
  }
  SUBCASE("a client without a clipboard by demand takes no part, and takes nothing from the others") {
    say(2, telling(0, {capability::reply}));
    CHECK(announcement(heard_by_guest()).capabilities.has(capability::clipboard_selection));
    CHECK(heard_by(1).empty());
  }
}

TEST_CASE_FIXTURE(agent_world, "announcements may be short, or far too long") {
  start({1});
  say(1, message_type::announce_capabilities, bytes(3));
  guest_says(message_type::announce_capabilities, {});
  CHECK(heard_by_guest().empty());
  CHECK(heard_by(1).empty());
  say(1, message_type::announce_capabilities, bytes(4));
  CHECK(announcement(heard_by_guest()) == telling(1, {}));
  bytes many(5000, std::byte{0xff});
  guest_says(message_type::announce_capabilities, many);
  CHECK(announcement(heard_by(1)).capabilities.words().size() == 32);
}

TEST_CASE_FIXTURE(agent_world, "where heads can be resized clients see an agent that takes monitors") {
  start({1});
  guest_says(telling(0, {capability::mouse_state}));
  to_client.clear();
  a->set_resizable(true);
  CHECK(announcement(heard_by(1)) == telling(0, {capability::mouse_state, capability::monitors_config,
                                                 capability::reply, capability::sparse_monitors_config}));
}

TEST_CASE_FIXTURE(agent_world,
                  "a client that changes its mind all the time does not fill the queue of a guest that sleeps") {
  start({1});
  takes_at_once = false;
  for (int i = 0; i < 20000; ++i) say(1, telling(0, {i % 2 == 0 ? capability::reply : capability::max_clipboard}));
  take_until_quiet();
  const auto heard = heard_by_guest();
  CHECK(heard.size() < 10000);
  CHECK(wire::decode<wa::announce_capabilities>(heard.back().body) == telling(0, {capability::max_clipboard}));
}

} // namespace saffron::devices
