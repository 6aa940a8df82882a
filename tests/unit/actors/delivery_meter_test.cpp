// SPDX-License-Identifier: BSD-3-Clause
#include "actors/delivery_meter.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;
using time_point = delivery_meter::time_point;

/// A line that takes so many bytes a second, and a peer at its other end.
struct line {
  double bytes_per_second;
  delivery_meter::duration round_trip;
  delivery_meter meter{};
  time_point now = time_point{} + 1h;
  time_point free_at{};
  std::uint32_t last_mark = 0;

  struct arrival {
    std::uint32_t mark;
    time_point back;
  };
  std::deque<arrival> on_the_way{};

  void send(std::size_t bytes) {
    const auto service = std::chrono::duration_cast<delivery_meter::duration>(
        std::chrono::duration<double>(static_cast<double>(bytes) / bytes_per_second));
    free_at = std::max(free_at, now) + service;
    on_the_way.push_back({++last_mark, free_at + round_trip});
    meter.sent(last_mark, bytes, now);
  }
  /// The next mark comes back.
  void wait() {
    const auto first = on_the_way.front();
    on_the_way.pop_front();
    now = std::max(now, first.back);
    meter.delivered(first.mark, now);
  }
  void idle(delivery_meter::duration time) { now += time; }
  /// Updates of this size for as long as the meter allows, for so many of them.
  void stream(std::size_t bytes, int updates) {
    for (int i = 0; i < updates; ++i) {
      while (!meter.open()) wait();
      send(bytes);
    }
    while (!on_the_way.empty()) wait();
  }
};

} // namespace

TEST_CASE("the pace of a line is found, whatever its delay, with updates one by one and in a row") {
  for (const double rate : {250e3, 1.25e6, 12.5e6, 125e6})
    for (const auto delay : {1ms, 20ms, 100ms, 300ms})
      for (const bool in_a_row : {false, true}) {
        CAPTURE(rate);
        CAPTURE(delay.count());
        CAPTURE(in_a_row);
        line l{rate, delay};
        l.send(100); // the channel's first ping
        l.wait();
        const auto bytes = static_cast<std::size_t>(rate * 0.02) + 8000;
        for (int i = 0; i < 40; ++i) {
          l.stream(bytes, in_a_row ? 3 : 1);
          l.idle(50ms);
        }
        CHECK(l.meter.rate() > rate * 0.8);
        CHECK(l.meter.rate() < rate * 1.25);
        CHECK(l.meter.round_trip() <= delay + 10ms);
      }
}

TEST_CASE("what is in flight leaves within a frame and a round trip, and an update") {
  line l{250e3, 100ms}; // 2 Mbit/s
  l.send(100);
  l.wait();
  l.stream(8000, 20);
  for (int i = 0; i < 200; ++i) {
    while (!l.meter.open()) l.wait();
    l.send(8000);
    CHECK(l.meter.in_flight() <= 250e3 * 0.140 * 1.25 + 8000);
  }
}

TEST_CASE("a line that is full for an hour keeps its window") {
  line l{250e3, 100ms};
  l.send(100);
  l.wait();
  l.stream(8000, 1000);
  const auto before = l.meter.window();
  l.stream(8000, 100'000);
  CHECK(l.meter.window() < before * 3 / 2);
  CHECK(l.meter.window() > before / 2);
}

TEST_CASE("a line that becomes slower, faster or longer is known again soon") {
  line l{12.5e6, 20ms};
  l.send(100);
  l.wait();
  l.stream(100'000, 30);
  l.bytes_per_second = 250e3;
  l.stream(8000, 30);
  CHECK(l.meter.rate() < 400e3);
  l.bytes_per_second = 12.5e6;
  l.stream(16'000, 10);
  l.stream(100'000, 30);
  CHECK(l.meter.rate() > 8e6);
  l.round_trip = 200ms;
  for (int i = 0; i < 4; ++i) {
    l.idle(11s);
    l.send(100);
    l.wait();
  }
  CHECK(l.meter.round_trip() >= 200ms);
}

TEST_CASE("before the first sample a megabyte may leave, and no more") {
  delivery_meter meter;
  CHECK(meter.rate() == 0);
  CHECK(meter.open());
  CHECK(meter.room() == 1024 * 1024);
  meter.sent(1, 1024 * 1024, time_point{} + 1h);
  CHECK_FALSE(meter.open());
  CHECK(meter.room() == 0);
}

TEST_CASE("marks that were never sent or came back before change nothing") {
  delivery_meter meter;
  const auto now = time_point{} + 1h;
  meter.sent(1, 5000, now);
  meter.delivered(7, now + 1ms);
  CHECK(meter.in_flight() == 5000);
  meter.delivered(1, now + 2ms);
  meter.delivered(1, now + 3ms);
  CHECK(meter.in_flight() == 0);
}

TEST_CASE("a peer that answers nothing is sent no more than a few dozen small updates") {
  delivery_meter meter;
  std::uint32_t mark = 0;
  while (meter.open()) meter.sent(++mark, 100, time_point{} + 1h);
  CHECK(mark == 64);
}

TEST_CASE("a mark that comes back vouches for those before it") {
  delivery_meter meter;
  const auto now = time_point{} + 1h;
  for (std::uint32_t i = 1; i <= 3; ++i) meter.sent(i, 1000, now);
  meter.delivered(2, now + 5ms);
  CHECK(meter.in_flight() == 1000);
}

} // namespace saffron::actors
