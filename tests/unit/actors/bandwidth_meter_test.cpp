// SPDX-License-Identifier: BSD-3-Clause
#include "actors/bandwidth_meter.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;

struct meter_test {
  void transfer(std::size_t bytes, std::chrono::microseconds time) {
    meter.handed_over(bytes, now);
    now += time;
    meter.taken(now);
  }
  bandwidth_meter meter;
  bandwidth_meter::time_point now = bandwidth_meter::time_point{} + 1h;
};

} // namespace

TEST_CASE_FIXTURE(meter_test, "before the first sample a megabyte is welcome") {
  CHECK(meter.rate() == 0);
  CHECK(meter.welcome(0us) == 1024 * 1024);
}

TEST_CASE_FIXTURE(meter_test, "a rate is bytes by time, and later samples count a quarter") {
  transfer(1000000, 1s);
  CHECK(meter.rate() == doctest::Approx(1e6));
  transfer(2000000, 1s);
  CHECK(meter.rate() == doctest::Approx(1.25e6));
}

TEST_CASE_FIXTURE(meter_test, "what fits the kernel's buffers says nothing") {
  transfer(65535, 1s);
  CHECK(meter.rate() == 0);
  transfer(65536, 1s);
  CHECK(meter.rate() == doctest::Approx(65536));
}

TEST_CASE_FIXTURE(meter_test, "what leaves in no time is no sample") {
  transfer(1000000, 0us);
  CHECK(meter.rate() == 0);
}

TEST_CASE_FIXTURE(meter_test, "being taken when nothing was handed over is no sample") {
  transfer(1000000, 1s);
  now += 1h;
  meter.taken(now);
  CHECK(meter.rate() == doctest::Approx(1e6));
}

TEST_CASE_FIXTURE(meter_test, "welcome is what leaves within a frame and a round trip, but never less than 64 KiB") {
  transfer(10000000, 1s);
  CHECK(meter.welcome(0us) == doctest::Approx(330000));
  CHECK(meter.welcome(67ms) == doctest::Approx(1000000));
  bandwidth_meter slow;
  slow.handed_over(100000, now);
  slow.taken(now + 100s);
  CHECK(slow.welcome(0us) == 64 * 1024);
}

} // namespace saffron::actors
