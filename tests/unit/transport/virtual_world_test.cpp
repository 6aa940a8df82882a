// SPDX-License-Identifier: BSD-3-Clause
#include "messages/actors.hpp"
#include "tests/unit/virtual_world.hpp"

#include <asio/post.hpp>
#include <doctest/doctest.h>

#include <stdexcept>

namespace saffron {
namespace {

using namespace std::chrono_literals;

using clock_actor = actor_handle<void(tick), std::uint32_t(status_query), void(blank), void(shut_down)>;

class ticking_clock final : public transport::pinned_actor<clock_actor> {
public:
  using pinned_actor::pinned_actor;

protected:
  behavior_type make_behavior() override {
    return {
        [this](tick) {
          asio::post(home().io(), transport::completion(*this, [this] {
                       ++ticks_;
                       delayed_send(clock_actor{this}, 10s, tick{});
                     }));
        },
        [this](status_query) { return ticks_; },
        [this](blank) {
          asio::post(home().io(), transport::completion(*this, [] { throw std::runtime_error("in a completion"); }));
        },
        [this](shut_down) { quit(); },
    };
  }

private:
  std::uint32_t ticks_ = 0;
};

} // namespace

TEST_CASE_FIXTURE(tests::virtual_world, "time stands still until the test moves it") {
  const auto clock = spawn<ticking_clock>(loop);
  tell(clock, tick{});
  CHECK(ask<std::uint32_t>(clock, status_query{}) == 1);
  advance(9s);
  CHECK(ask<std::uint32_t>(clock, status_query{}) == 1);
  advance(1s);
  CHECK(ask<std::uint32_t>(clock, status_query{}) == 2);
}

TEST_CASE_FIXTURE(tests::virtual_world, "an exception in a completion ends its actor and nothing else") {
  const auto broken = spawn<ticking_clock>(loop);
  const auto healthy = spawn<ticking_clock>(loop);
  caf::error reason;
  broken->attach_functor([&](const caf::error& e) { reason = e; });
  tell(broken, blank{});
  CHECK(reason == caf::sec::runtime_error);
  CHECK(ask<std::uint32_t>(healthy, status_query{}) == 0);
}

TEST_CASE_FIXTURE(tests::virtual_world, "a request to an actor that has ended fails at once") {
  const auto clock = spawn<ticking_clock>(loop);
  tell(clock, shut_down{});
  CHECK_THROWS_AS(ask<std::uint32_t>(clock, status_query{}), std::runtime_error);
}

} // namespace saffron
