// SPDX-License-Identifier: BSD-3-Clause
// The input actor between a source that writes down what it gets and clients that write down their locks.
#include "devices/input/input.hpp"
#include "devices/input/keyboard.hpp"
#include "messages/actors.hpp"
#include "messages/defaults.hpp"
#include "tests/unit/virtual_world.hpp"

#include <doctest/doctest.h>

#include <string>

namespace saffron::devices {
namespace {

using namespace std::chrono_literals;

/// Writes "+1e" and "-1e" for keys, "m" "p" "+b1" "-b1" for the pointer, and reports whatever locks it is told to.
class recording_source final : public transport::pinned_actor<source_actor> {
public:
  recording_source(caf::actor_config& config, transport::loop& home, std::string& log)
      : pinned_actor(config, home), log_(log) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](key_input k) { log_ += fmt::format("{}{:02x} ", k.pressed ? '+' : '-', k.key); },
        [this](const pointer_input& p) {
          if (const auto* b = std::get_if<pointer_button>(&p.event))
            log_ += fmt::format("{}b{} ", b->pressed ? '+' : '-', b->button);
          else
            log_ += std::holds_alternative<pointer_motion>(p.event) ? "m " : "p ";
        },
        [](resize_head) {},
        [this](shut_down) { quit(); },
    };
  }

private:
  std::string& log_;
};

class recording_client final : public transport::pinned_actor<inputs_client_actor> {
public:
  recording_client(caf::actor_config& config, transport::loop& home, std::vector<int>& locks)
      : pinned_actor(config, home), locks_(locks) {}

protected:
  behavior_type make_behavior() override {
    return {
        [this](lock_state l) { locks_.push_back(l.locks); },
        [](mouse_mode_changed) {},
        [](status_query) { return channel_status{}; },
        [this](disconnect) { quit(); },
    };
  }

private:
  std::vector<int>& locks_;
};

struct input_world : tests::virtual_world {
  counters count;
  std::string typed, typed_there;
  std::vector<int> locks_a, locks_b, locks_c;
  source_actor source = spawn<recording_source>(loop, typed);
  inputs_client_actor a = spawn<recording_client>(loop, locks_a), b = spawn<recording_client>(loop, locks_b);
  input_actor input;

  /// Nobody writes into the books above once they are gone.
  ~input_world() {
    if (input) tell(input, shut_down{});
  }
  void start(input_policy policy) {
    input = make_input(system, loop, policy, count);
    track(input);
    tell(input, attach_source{source});
    tell(input, attach_inputs{1, a});
    tell(input, attach_inputs{2, b});
  }
  void press(client_id c, key_number k) { tell(input, client_key{c, k, true}); }
  void release(client_id c, key_number k) { tell(input, client_key{c, k, false}); }
  std::string typed_since() { return std::exchange(typed, {}); }
};

using numbers = std::vector<int>;

} // namespace

TEST_CASE_FIXTURE(input_world, "keys and pointers of all clients reach the source") {
  start(input_policy::all);
  press(1, 0x1e);
  press(2, 0x1f);
  release(1, 0x1e);
  tell(input, client_pointer{2, pointer_motion{1, 1}});
  tell(input, client_pointer{1, pointer_position{0, 1, 1}});
  tell(input, client_pointer{1, pointer_button{1, true}});
  CHECK(typed_since() == "+1e +1f -1e m p +b1 ");
  CHECK(count.input_dropped.value() == 0);
}

TEST_CASE_FIXTURE(input_world, "with the policy first, only the client attached earliest types, until it leaves") {
  start(input_policy::first);
  press(1, 0x1e);
  press(2, 0x1f);
  tell(input, client_pointer{2, pointer_motion{1, 1}});
  tell(input, client_locks{2, locks::all});
  CHECK(typed_since() == "+1e ");
  CHECK(count.input_dropped.value() == 3);
  tell(input, detach_inputs{1});
  CHECK(typed_since() == "-1e ");
  press(2, 0x1f);
  CHECK(typed_since() == "+1f ");
}

TEST_CASE_FIXTURE(input_world, "without a source, from strangers, or out of range, input is dropped and counted") {
  start(input_policy::all);
  press(3, 0x1e);
  tell(input, client_pointer{1, pointer_button{17, true}});
  CHECK(count.input_dropped.value() == 2);
  tell(input, attach_source{});
  press(1, 0x1e);
  CHECK(count.input_dropped.value() == 3);
  CHECK(typed_since().empty());
}

TEST_CASE_FIXTURE(input_world, "a client that leaves or dies releases what it holds") {
  start(input_policy::all);
  press(1, 0x1d);
  tell(input, client_pointer{1, pointer_button{1, true}});
  press(2, 0x38);
  typed_since();
  tell(input, detach_inputs{1});
  CHECK(typed_since() == "-1d -b1 ");
  tell(b, disconnect{});
  CHECK(typed_since() == "-38 ");
  press(2, 0x1e);
  CHECK(typed_since().empty());
}

TEST_CASE_FIXTURE(input_world, "a client that comes again with another channel outlives the old one") {
  start(input_policy::all);
  const auto c = spawn<recording_client>(loop, locks_c);
  press(1, 0x1d);
  tell(input, attach_inputs{1, c});
  CHECK(typed_since() == "+1d -1d ");
  tell(a, disconnect{});
  press(1, 0x1e);
  CHECK(typed_since() == "+1e ");
  CHECK(locks_c == numbers{0});
}

TEST_CASE_FIXTURE(input_world, "another source starts with nothing held and its locks off") {
  start(input_policy::all);
  tell(input, lock_state{2});
  press(1, 0x1d);
  const source_actor other = spawn<recording_source>(loop, typed_there);
  tell(input, attach_source{other});
  release(1, 0x1d);
  press(1, 0x1e);
  CHECK(typed_since() == "+1d ");
  CHECK(typed_there == "+1e ");
  CHECK(locks_a == numbers{0, 2, 0});
}

TEST_CASE_FIXTURE(input_world, "a source that attaches again keeps what is held") {
  start(input_policy::all);
  tell(input, lock_state{2});
  press(1, 0x1d);
  tell(input, attach_source{source});
  release(1, 0x1d);
  CHECK(typed_since() == "+1d -1d ");
  CHECK(locks_a == numbers{0, 2});
}

TEST_CASE_FIXTURE(input_world, "input lives on when its source dies") {
  start(input_policy::all);
  press(1, 0x1d);
  tell(source, shut_down{});
  press(1, 0x1e);
  CHECK(count.input_dropped.value() == 1);
  const source_actor other = spawn<recording_source>(loop, typed_there);
  tell(input, attach_source{other});
  press(1, 0x1e);
  CHECK(typed_there == "+1e ");
}

TEST_CASE_FIXTURE(input_world, "clients are told the locks when they attach and when they change") {
  start(input_policy::all);
  tell(input, lock_state{2});
  tell(input, lock_state{2});
  tell(input, lock_state{6});
  CHECK(locks_a == numbers{0, 2, 6});
  CHECK(locks_b == numbers{0, 2, 6});
  const auto c = spawn<recording_client>(loop, locks_c);
  tell(input, attach_inputs{3, c});
  CHECK(locks_c == numbers{6});
}

TEST_CASE_FIXTURE(input_world, "wanted locks are pressed, and told when the source confirms them") {
  start(input_policy::all);
  tell(input, lock_state{1});
  tell(input, client_locks{1, 6});
  CHECK(typed_since() == "+46 -46 +45 -45 +3a -3a ");
  CHECK(locks_a == numbers{0, 1});
  // The guest answers lock by lock; in between nobody hears of it, or a client would ask again.
  tell(input, lock_state{0});
  tell(input, lock_state{2});
  tell(input, client_locks{1, 6});
  CHECK(typed_since().empty());
  tell(input, lock_state{6});
  CHECK(locks_a == numbers{0, 1, 6});
  advance(10s);
  CHECK(locks_a == numbers{0, 1, 6});
}

TEST_CASE_FIXTURE(input_world, "a source that does not report its locks is believed to follow the presses") {
  start(input_policy::all);
  tell(input, client_locks{1, 4});
  advance(1s);
  CHECK(locks_a == numbers{0});
  advance(1s);
  CHECK(locks_a == numbers{0, 4});
  CHECK(locks_b == numbers{0, 4});
  typed_since();
  tell(input, client_locks{2, 4});
  CHECK(typed_since().empty());
}

TEST_CASE_FIXTURE(input_world, "a source that refuses a lock is heard after the led report") {
  start(input_policy::all);
  tell(input, client_locks{1, 4});
  tell(input, lock_state{0});
  CHECK(locks_a == numbers{0});
  advance(2s);
  CHECK(locks_a == numbers{0, 0});
}

TEST_CASE_FIXTURE(input_world, "a lock key pressed by hand while a wish is on its way counts too") {
  start(input_policy::all);
  tell(input, client_locks{1, 4});
  press(2, 0x45);
  press(2, 0x45); // auto-repeat does not toggle
  release(2, 0x45);
  tell(input, lock_state{4});
  tell(input, lock_state{6});
  CHECK(locks_a == numbers{0, 6});
}

TEST_CASE_FIXTURE(input_world, "at the end nothing stays down") {
  start(input_policy::all);
  press(1, 0x1d);
  press(2, 0x1d);
  tell(input, client_pointer{2, pointer_button{3, true}});
  typed_since();
  tell(input, shut_down{});
  CHECK(typed_since() == "-1d -b3 ");
}

} // namespace saffron::devices
