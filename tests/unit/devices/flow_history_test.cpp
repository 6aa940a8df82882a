// SPDX-License-Identifier: BSD-3-Clause
// The promises of the flow control, held against a model in random histories: tokens are conserved, bytes arrive once
// and in order, the right client is removed for the right reason, nothing is delivered without a token.
#include "tests/unit/devices/engine_under_test.hpp"
#include "tests/unit/devices/history_seeds.hpp"

namespace saffron::devices {

TEST_CASE("in any history tokens and bytes are conserved and the right clients are removed") {
  tests::live_histories([](const device_description& what, tests::device_surroundings& around) {
    return std::make_unique<tests::engine_under_test>(what, around);
  });
}

} // namespace saffron::devices
