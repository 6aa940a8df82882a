// SPDX-License-Identifier: BSD-3-Clause
// A world without threads: actors, loops and clock move only when a test says so. Sockets on the loops are real
// loopback sockets. Use it as a doctest fixture: TEST_CASE_FIXTURE(saffron::tests::virtual_world, "…").
#pragma once

#include "messages/actor_types.hpp"
#include "transport/loop.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <poll.h>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <vector>

namespace saffron::tests {

class virtual_world {
  struct testing_config : caf::actor_system_config {
    testing_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  testing_config config_; // outlives the system, so it comes first

public:
  caf::actor_system system{config_};
  caf::scheduler::test_coordinator& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  /// Never started: settle() polls them.
  transport::loops loops{system, 2};
  transport::loop& loop = loops.at(0);

  virtual_world() = default;
  virtual_world(const virtual_world&) = delete;
  virtual_world& operator=(const virtual_world&) = delete;
  /// Kills what spawn() made. An actor that lives on after that is a defect of the test or of the actor, and would make
  /// the system wait for ever: the process ends with a line that says so.
  ~virtual_world() {
    for (auto& address : spawned_) caf::anon_send_exit(address, caf::exit_reason::kill);
    spawned_.clear();
    settle();
    if (const auto left = system.registry().running(); left != 0) {
      std::fprintf(stderr, "virtual_world: %zu actors still run at the end of the test\n", left);
      std::abort();
    }
  }

  /// Spawns an actor class that ends with the fixture at the latest. It lives no longer than its handles, as elsewhere.
  /// Pinned actors take `loop` among their arguments.
  template <class Actor, class... Args>
  auto spawn(Args&&... args) {
    auto handle = system.spawn<Actor>(std::forward<Args>(args)...);
    track(handle);
    return handle;
  }
  /// The same for an actor that something else has spawned (`make_console(…)`).
  template <class Handle>
  const Handle& track(const Handle& handle) {
    spawned_.push_back(handle->address());
    return handle;
  }

  /// Runs actors and completions until nothing moves, however often one looks. Time stands still. A loopback socket may
  /// need a moment after the last byte was written; where there are no sockets, one look is enough.
  void settle(int looks = 3) {
    for (int idle = 0; idle < looks;) {
      auto moved = scheduler.run();
      for (std::size_t i = 0; i < loops.count(); ++i) {
        loops.at(i).io().restart();
        moved += loops.at(i).io().poll();
      }
      idle = moved != 0 ? 0 : idle + 1;
    }
  }
  /// Settles until `done()`, for what real timers and the kernel decide. False when that takes longer than any machine
  /// needs.
  template <class F>
  [[nodiscard]] bool wait_until(F done, std::chrono::milliseconds patience = std::chrono::seconds{20}) {
    const auto end = std::chrono::steady_clock::now() + patience;
    for (settle(); !done(); settle()) {
      if (std::chrono::steady_clock::now() > end) return false;
      ::poll(nullptr, 0, 1);
    }
    return true;
  }
  /// Time passes, delayed messages arrive; an hour costs microseconds.
  void advance(caf::timespan time) {
    settle();
    scheduler.advance_time(time);
    settle();
  }

  /// Sends without a sender and lets it take effect.
  template <class Handle, class... Messages>
  void tell(const Handle& to, Messages&&... messages) {
    caf::anon_send(to, std::forward<Messages>(messages)...);
    settle();
  }
  /// Sends a request and returns its answer; no answer or an error ends the test by an exception.
  template <class Answer, class Handle, class... Messages>
  Answer ask(const Handle& whom, Messages&&... messages) {
    caf::scoped_actor self{system};
    auto answer = self->request(whom, caf::infinite, std::forward<Messages>(messages)...);
    settle();
    if (self->mailbox().empty()) throw std::runtime_error("request not answered");
    Answer out{};
    answer.receive([&](Answer& a) { out = std::move(a); },
                   [&](caf::error& e) { throw std::runtime_error("request failed: " + to_text(system, e)); });
    return out;
  }

private:
  std::vector<caf::actor_addr> spawned_;
};

} // namespace saffron::tests
