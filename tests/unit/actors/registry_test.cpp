// SPDX-License-Identifier: BSD-3-Clause
#include "actors/registry.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;

constexpr channel_key main_channel{1, 0}, display{2, 0};

struct registry_test {
  registry_state& with_loops(std::size_t n) {
    return state.emplace(n, [this] { return next_random.empty() ? ++counted : take(); });
  }
  client_id take() {
    const auto id = next_random.front();
    next_random.erase(next_random.begin());
    return id;
  }
  static add_vm vm(vm_id id, std::optional<ticket> t, std::vector<std::uint32_t> own = {}) {
    add_vm v;
    v.id = id;
    v.settings.name = fmt::format("vm{}", id);
    v.settings.ticket = std::move(t);
    v.own_listeners = std::move(own);
    return v;
  }
  link_verdict ask(const std::string& password, channel_key channel = main_channel, client_id client = 0,
                   std::uint32_t listener = 0) {
    return state->authorize({listener, client, channel, false, "peer", password}, now);
  }

  std::optional<registry_state> state;
  std::vector<client_id> next_random;
  client_id counted = 100;
  registry_state::wall_clock::time_point now = registry_state::wall_clock::time_point{} + 1000h;
};

} // namespace

TEST_CASE_FIXTURE(registry_test, "on a shared listener the ticket chooses the VM") {
  auto& r = with_loops(1);
  r.add(vm(1, ticket{"one", {}}));
  r.add(vm(2, ticket{"two", {}}));
  const auto one = ask("one"), two = ask("two");
  CHECK(one.error == errc::none);
  CHECK(two.error == errc::none);
  CHECK(one.client != two.client);
  // The clients belong to different VMs: each other's ticket does not lead to them.
  CHECK(ask("one", display, one.client).error == errc::none);
  CHECK(ask("two", display, one.client).error == errc::bad_connection_id);
  CHECK(ask("two", display, two.client).error == errc::none);
}

TEST_CASE_FIXTURE(registry_test, "wrong, expired, empty and no tickets have one and the same outcome") {
  auto& r = with_loops(1);
  r.add(vm(1, ticket{"right", {}}));
  r.add(vm(2, ticket{"old", now}));
  r.add(vm(3, ticket{"", {}}));
  r.add(vm(4, std::nullopt)); // no ticket, and no listener of its own: unreachable
  for (const auto* password : {"wrong", "", "old", "righ", "right2"}) {
    const auto verdict = ask(password);
    CHECK(verdict.error == errc::permission_denied);
    CHECK(verdict.client == 0);
  }
  CHECK(r.clients() == 0);
  now -= 1s;
  CHECK(ask("old").error == errc::none);
}

TEST_CASE_FIXTURE(registry_test, "a listener of a VM's own leads to it alone, without a ticket if it has none") {
  auto& r = with_loops(1);
  r.add(vm(1, std::nullopt, {7}));
  r.add(vm(2, ticket{"two", {}}, {8}));
  CHECK(ask("", main_channel, 0, 7).error == errc::none);
  CHECK(ask("anything", main_channel, 0, 7).error == errc::none);
  CHECK(ask("two", main_channel, 0, 8).error == errc::none);
  CHECK(ask("", main_channel, 0, 8).error == errc::permission_denied);
  const auto first = ask("two", main_channel, 0, 7);
  CHECK(ask("two", display, first.client, 8).error == errc::bad_connection_id); // the ticket did not choose VM 2
  CHECK(ask("two").error == errc::none); // and VM 2 is on the shared listener too
  CHECK(ask("").error == errc::permission_denied);
}

TEST_CASE_FIXTURE(registry_test, "a new ticket holds from now on, and those connected stay") {
  auto& r = with_loops(1);
  r.add(vm(1, ticket{"before", {}}));
  const auto client = ask("before").client;
  r.set_ticket({"vm1", ticket{"after", {}}});
  r.set_ticket({"no such vm", ticket{"else", {}}});
  CHECK(ask("before").error == errc::permission_denied);
  CHECK(ask("after", display, client).error == errc::none);
  r.set_ticket({"vm1", std::nullopt});
  CHECK(ask("after").error == errc::permission_denied);
}

TEST_CASE_FIXTURE(registry_test, "a further channel needs an id that is connected, and is sent to its client's loop") {
  auto& r = with_loops(2);
  r.add(vm(1, ticket{"t", {}}));
  const auto a = ask("t"), b = ask("t");
  CHECK(a.loop != b.loop);
  CHECK(ask("t", display, a.client).loop == a.loop);
  CHECK(ask("t", {4, 3}, b.client).loop == b.loop);
  CHECK(ask("t", display, 999).error == errc::bad_connection_id);
  CHECK(ask("t", display, 0).error == errc::bad_connection_id);
  r.ended({1, a.client, a.loop});
  CHECK(ask("t", display, a.client).error == errc::bad_connection_id);
}

TEST_CASE_FIXTURE(registry_test, "a main channel is a new client, whatever id it brings") {
  auto& r = with_loops(1);
  r.add(vm(1, ticket{"t", {}}));
  const auto a = ask("t");
  CHECK(ask("t", main_channel, a.client).client != a.client);
  CHECK(ask("t", main_channel, 4711).error == errc::none);
  CHECK(r.clients() == 3);
}

TEST_CASE_FIXTURE(registry_test, "ids are never 0 and never in use") {
  auto& r = with_loops(1);
  r.add(vm(1, ticket{"t", {}}));
  next_random = {5, 0, 5, 0, 6};
  CHECK(ask("t").client == 5);
  CHECK(ask("t").client == 6);
  r.ended({1, 5, 0});
  next_random = {5};
  CHECK(ask("t").client == 5);
}

TEST_CASE_FIXTURE(registry_test, "a new client goes to the loop with the fewest, and gives its place back") {
  auto& r = with_loops(3);
  r.add(vm(1, ticket{"t", {}}));
  std::vector<link_verdict> all;
  for (int i = 0; i < 6; ++i) all.push_back(ask("t"));
  for (std::size_t loop = 0; loop < 3; ++loop)
    CHECK(std::count_if(all.begin(), all.end(), [&](const auto& v) { return v.loop == loop; }) == 2);
  r.ended({1, all[1].client, all[1].loop});
  r.ended({1, all[1].client, all[1].loop}); // again: nothing
  r.ended({1, 4711, 0});
  CHECK(ask("t").loop == all[1].loop);
}

TEST_CASE_FIXTURE(registry_test, "by the policy refuse a second client is refused, one at a time is let in") {
  auto& r = with_loops(1);
  auto one = vm(1, ticket{"t", {}});
  one.settings.clients = client_policy::refuse;
  r.add(one);
  r.add(vm(2, ticket{"other", {}}));
  CHECK(ask("other").error == errc::none);
  const auto first = ask("t");
  CHECK(first.error == errc::none);
  CHECK(ask("t").error == errc::too_many);
  CHECK(ask("t", display, first.client).error == errc::none);
  r.ended({1, first.client, 0});
  CHECK(ask("t").error == errc::none);
}

TEST_CASE_FIXTURE(registry_test, "by the policies shared and exclusive every client is let in") {
  auto& r = with_loops(1);
  auto one = vm(1, ticket{"t", {}});
  one.settings.clients = client_policy::exclusive;
  r.add(one);
  CHECK(ask("t").error == errc::none);
  CHECK(ask("t").error == errc::none);
}

TEST_CASE_FIXTURE(registry_test, "after the close nobody is let in") {
  auto& r = with_loops(1);
  r.add(vm(1, ticket{"t", {}}));
  const auto client = ask("t").client;
  r.close();
  CHECK(ask("t").error == errc::shutting_down);
  CHECK(ask("t", display, client).error == errc::shutting_down);
}

TEST_CASE_FIXTURE(registry_test, "a VM that is gone is found by no ticket, and its clients by no id") {
  auto& r = with_loops(2);
  r.add(vm(1, ticket{"one", {}}));
  r.add(vm(2, ticket{"two", {}}));
  const auto a = ask("one"), b = ask("two");
  r.remove(1);
  CHECK(ask("one").error == errc::permission_denied);
  CHECK(ask("two", display, a.client).error == errc::bad_connection_id);
  CHECK(ask("two", display, b.client).error == errc::none);
  CHECK(r.clients() == 1);
  CHECK(ask("two").loop == a.loop); // whose place is free again
}

} // namespace saffron::actors
