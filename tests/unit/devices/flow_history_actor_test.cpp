// SPDX-License-Identifier: BSD-3-Clause
// The same histories, lived by the whole actor in virtual time: its mailbox and clocks, who may use the device, a VM's
// side that sends nonsense, and clients that come, go and die while messages are on their way.
#include "tests/unit/captured_log.hpp"
#include "tests/unit/devices/actor_under_test.hpp"
#include "tests/unit/devices/history_seeds.hpp"

namespace saffron::devices {

TEST_CASE_FIXTURE(tests::virtual_world, "in any history of the actor tokens and bytes are conserved and the right "
                                        "clients are removed for the right reasons") {
  tests::captured_log log;
  auto all = tests::live_histories([&](const device_description& what, tests::device_surroundings& around) {
    log.clear();
    return std::make_unique<tests::actor_under_test>(*this, what, around);
  });
  if (all.moves < 1000) return; // somebody looks at one
  CHECK(all.removals[errc::taken_over] > 1000);
  CHECK(all.broken > 1000);
}

} // namespace saffron::devices
