// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/stream_reports.hpp"

#include <doctest/doctest.h>

using namespace saffron::load;
using namespace std::chrono_literals;
namespace tc = saffron::wire::display::to_client;

namespace {

constexpr clock::time_point start{1h};

tc::stream_activate_report wish(std::uint32_t stream, std::uint32_t frames = 5, std::uint32_t milliseconds = 1000) {
  return {.stream_id = stream, .unique_id = 70 + stream, .max_window_size = frames, .timeout = milliseconds};
}

} // namespace

TEST_CASE("a video that nobody asked about is not reported") {
  stream_reports reports;
  for (int i = 0; i < 100; ++i) CHECK(!reports.shown(1, 1000, start + i * 1s));
}

TEST_CASE("every fifth frame is reported, with the times of the first and the last") {
  stream_reports reports;
  reports.activate(wish(3));
  for (std::uint32_t round = 0; round < 3; ++round) {
    const auto first = 1000 + round * 500;
    for (std::uint32_t i = 0; i < 4; ++i) REQUIRE(!reports.shown(3, first + i * 33, start));
    const auto due = reports.shown(3, first + 132, start);
    REQUIRE(due);
    CHECK(due->stream_id == 3);
    CHECK(due->unique_id == 73);
    CHECK(due->start_frame_time == first);
    CHECK(due->end_frame_time == first + 132);
    CHECK(due->frame_count == 5);
    CHECK(due->drop_count == 0);
    CHECK(due->audio_delay == saffron::wire::display::to_server::stream_report::no_audio);
  }
}

TEST_CASE("a slow video is reported when the time is over") {
  stream_reports reports;
  reports.activate(wish(0));
  CHECK(!reports.shown(0, 1, start));
  CHECK(!reports.shown(0, 2, start + 999ms));
  const auto due = reports.shown(0, 3, start + 1000ms);
  REQUIRE(due);
  CHECK(due->frame_count == 3);
  CHECK(!reports.shown(0, 4, start + 1900ms)); // the time begins anew, with the next frame
  CHECK(reports.shown(0, 5, start + 2900ms));
}

TEST_CASE("videos are counted by themselves, and those that ended no more") {
  stream_reports reports;
  reports.activate(wish(0, 2));
  reports.activate(wish(1, 2));
  CHECK(!reports.shown(0, 1, start));
  CHECK(!reports.shown(1, 1, start));
  CHECK(reports.shown(0, 2, start));
  reports.ended(1);
  CHECK(!reports.shown(1, 2, start));
  reports.all_ended();
  CHECK(!reports.shown(0, 3, start));
  CHECK(!reports.shown(0, 4, start));
}
