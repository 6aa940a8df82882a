// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/figures.hpp"

#include <doctest/doctest.h>

using namespace saffron::load;

TEST_CASE("a spread is the smallest, the middle and the largest number") {
  const auto odd = spread_of({30, 10, 29});
  CHECK(odd.min == 10);
  CHECK(odd.median == 29);
  CHECK(odd.max == 30);
  CHECK(spread_of({4, 1, 2, 10}).median == 3);
  CHECK(spread_of({7}).min == 7);
  CHECK(spread_of({7}).max == 7);
  CHECK(spread_of({}).median == 0);
}

TEST_CASE("what threads counted is added up, client by client") {
  figures a, b;
  a.traffic.frames_of = {{0, 10}, {2, 0}};
  a.traffic.video_frames = 3;
  a.videos = {{"mjpeg", 1}};
  b.traffic.frames_of = {{1, 30}};
  b.traffic.video_frames = 4;
  b.videos = {{"mjpeg", 1}, {"h264", 2}};
  a.merge(b);
  CHECK(a.traffic.frames_of == std::map<std::size_t, std::uint64_t>{{0, 10}, {1, 30}, {2, 0}});
  CHECK(a.traffic.video_frames == 7);
  CHECK(a.videos == tally{{"h264", 2}, {"mjpeg", 2}});
}
