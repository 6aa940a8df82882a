// SPDX-License-Identifier: BSD-3-Clause
// Who is let in, who has to go, and what the others notice when an actor of the box is killed.
#include "messages/wire/cursor.hpp"
#include "messages/wire/inputs.hpp"
#include "tests/unit/actors/box_world.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <new>

namespace saffron {
namespace {

using namespace std::chrono_literals;
using namespace tests;
using wire::channel_type;
using wire::link_error;

struct ends_test : box_world {
  template <class Handle>
  void kill(const Handle& victim) {
    caf::anon_send_exit(victim, caf::exit_reason::kill);
    settle();
  }
  // A picture gets from this source to this user.
  bool works(source_record& vm, session& s) {
    const auto color = ++color_;
    draw(vm, {set_surface{{8, 8}}, fill{{0, 0, 8, 8}, color}});
    return wait_until([&] {
      const auto& screen = s.look();
      return screen.size == extent{8, 8} && screen.pixels == std::vector<std::uint32_t>(64, color);
    });
  }
  // A key gets from this user to this source.
  bool types(source_record& vm, session& s) {
    const auto before = vm.keys.size();
    s.inputs->send(wire::inputs::to_server::key_down{0x1e});
    s.inputs->send(wire::inputs::to_server::key_up{0x9e});
    return wait_until([&] { return vm.keys.size() == before + 2; });
  }
  std::uint32_t color_ = 0x100;
};

} // namespace

// -- who is let in ----------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(ends_test, "the ticket chooses the VM, and a wrong one is told so") {
  auto& one = add_vm("one", "first");
  auto& two = add_vm("two", "second");
  session a{*this, "first"}, b{*this, "second"};
  a.open_display();
  b.open_display();
  CHECK(works(one, a));
  CHECK(works(two, b));
  CHECK(connect({channel_type::main, 0, 0, "third", {}})->result() == link_error::permission_denied);
  CHECK(connect({channel_type::display, 0, a.init.session_id, "second", {}})->result() ==
        link_error::bad_connection_id);
  CHECK(connect({channel_type::display, 0, 4711, "first", {}})->result() == link_error::bad_connection_id);
}

TEST_CASE_FIXTURE(ends_test, "by the policy exclusive the newest client stays and the older ones are told goodbye") {
  auto& vm = add_vm("web01", "secret", client_policy::exclusive);
  session older{*this};
  older.open_all();
  session newer{*this};
  CHECK(older.main->closes_with_goodbye());
  CHECK(older.display->closes_with_goodbye());
  newer.open_display();
  CHECK(works(vm, newer));
  CHECK(wait_until([&] { return status().vms[0].clients.size() == 1; }));
}

TEST_CASE_FIXTURE(ends_test, "by the policy refuse the first client stays") {
  auto& vm = add_vm("web01", "secret", client_policy::refuse);
  session first{*this};
  first.open_display();
  CHECK(connect()->result() == link_error::error);
  CHECK(works(vm, first));
  first.main->close();
  CHECK(wait_until([&] { return status().vms[0].clients.empty(); }));
  CHECK(connect()->result() == link_error::ok);
}

TEST_CASE_FIXTURE(ends_test, "a bad message ends its channel, and of the main channel its client, but nobody else") {
  auto& vm = add_vm("web01", "secret");
  session bad{*this}, good{*this};
  bad.open_all();
  good.open_display();
  bad.cursor->send(wire::inputs::to_server::key_down{1}); // a cursor channel has no messages
  bad.cursor->peer().read_to_end();
  CHECK(wait_until([&] { return counted.messages_refused.value() == 1; }));
  CHECK(works(vm, bad));
  bad.main->send(wire::common::to_server::migrate_flush_mark{});
  bad.main->peer().read_to_end();
  CHECK(bad.display->closes_with_goodbye());
  CHECK(bad.inputs->closes_with_goodbye());
  CHECK(works(vm, good));
  CHECK(counted.messages_refused.value() == 2);
}

// -- who is killed ----------------------------------------------------------------------------------------------------

TEST_CASE_FIXTURE(ends_test, "a source that dies is made anew, and its clients see black until it draws") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  CHECK(works(vm, s));
  kill(vm.source);
  CHECK(wait_until([&] { return s.look().pixels == std::vector<std::uint32_t>(64, 0); }));
  CHECK(status().vms[0].state == "starting again");
  CHECK(counted.sources_lost.value() == 1);
  advance(1s);
  CHECK(vm.starts == 2);
  CHECK(status().vms[0].state == "running");
  CHECK(works(vm, s));
  CHECK(types(vm, s));
}

TEST_CASE_FIXTURE(ends_test,
                  "an encoder that runs out of memory ends the display that waits for it, and nothing else") {
  std::atomic<int> jobs = 0;
  encoders = actors::make_encoders(system, 2, counted, [&](const encode& job, counters& c) {
    return jobs++ == 0 ? throw std::bad_alloc{} : actors::make_form(job, c);
  });
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.display = s.open(channel_type::display, {wire::display_capability::lz4_compression});
  s.display->send(wire::display::to_server::init{});
  s.display->peer().read_to_end();
  CHECK(jobs > 0);
  s.open_all();
  CHECK(works(vm, s));
  CHECK(types(vm, s));
}

TEST_CASE_FIXTURE(ends_test, "a console that dies ends the channels that showed it, and is replaced") {
  auto& vm = add_vm("web01", "secret");
  add_vm("other", "other");
  session s{*this}, neighbour{*this, "other"};
  s.open_all();
  neighbour.open_display();
  kill(vm.given.consoles[0]);
  s.display->peer().read_to_end();
  s.cursor->peer().read_to_end();
  CHECK(works(records["other"], neighbour));
  advance(2s);
  CHECK(vm.starts == 2);
  s.screen = {};
  s.open_display();
  CHECK(works(vm, s));
  CHECK(types(vm, s));
}

TEST_CASE_FIXTURE(ends_test, "an input actor that dies ends the channels that typed into it, and is replaced") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  kill(vm.given.input);
  s.inputs->peer().read_to_end();
  advance(2s);
  CHECK(works(vm, s));
  s.inputs = s.open(channel_type::inputs);
  s.inputs->expect<wire::inputs::to_client::init>();
  CHECK(types(vm, s));
}

TEST_CASE_FIXTURE(ends_test, "a VM that dies takes its own with it, and nobody else") {
  auto& gone = add_vm("gone", "gone");
  auto& vm = add_vm("web01", "secret");
  session lost{*this, "gone"}, s{*this};
  lost.open_all();
  s.open_all();
  kill(vms["gone"]);
  CHECK(lost.main->closes_with_goodbye());
  for (auto* channel : {lost.display.get(), lost.inputs.get(), lost.cursor.get()})
    CHECK(wait_until([&] {
      (void)channel->peer().read_available(); // what it said before
      return channel->is_closed();
    }));
  CHECK(gone.ended_in_order);
  CHECK(connect({channel_type::main, 0, 0, "gone", {}})->result() == link_error::permission_denied);
  CHECK(works(vm, s));
  CHECK(types(vm, s));
  CHECK(status().vms.size() == 1);
}

TEST_CASE_FIXTURE(ends_test, "without a registry nobody gets in, and those who are in stay") {
  auto& vm = add_vm("web01", "secret");
  session s{*this};
  s.open_all();
  kill(registry);
  CHECK(connect()->result() == link_error::error);
  CHECK(works(vm, s));
  tell(vms["web01"], shut_down{});
  CHECK(s.main->closes_with_goodbye());
}

TEST_CASE_FIXTURE(ends_test, "without a door a link is closed, and its place among the half-open ones is free again") {
  add_vm("web01", "secret");
  kill(door);
  CHECK_THROWS(connect());
  CHECK(wait_until([&] { return listening.half_open() == 0; }));
}

TEST_CASE_FIXTURE(ends_test, "a registry whose VMs have died one by one still ends") {
  add_vm("a", "a");
  add_vm("b", "b");
  kill(vms["a"]);
  kill(vms["b"]);
  shut_down_all();
  CHECK(system.registry().running() == 0);
}

} // namespace saffron
