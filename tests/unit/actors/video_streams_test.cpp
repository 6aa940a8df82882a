// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_streams.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;

constexpr video_area left{1, {0, 0, 320, 240}}, right{2, {400, 0, 720, 240}};

struct player {
  video_streams streams;
  video_streams::stream* stream = streams.open(left);
  video_streams::time_point now = video_streams::time_point{} + 1h;

  /// Frames of so many bytes in each quality, 25 a second.
  void play(int frames, std::size_t best_bytes, double bytes_per_second) {
    for (int i = 0; i < frames; ++i) {
      now += 40ms;
      streams.sent(*stream, best_bytes >> stream->quality, bytes_per_second, now);
    }
  }
};

} // namespace

TEST_CASE("streams have numbers of their own, lowest first, and the numbers of ended ones are used again") {
  video_streams streams;
  CHECK(streams.open(left)->id == 0);
  CHECK(streams.open(right)->id == 1);
  const auto gone = streams.ended({right});
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].id == 0);
  CHECK(streams.find(left) == nullptr);
  CHECK(streams.find(right)->id == 1);
  const auto* again = streams.open({3, left.area});
  CHECK(again->id == 0);
  CHECK(again->unique != gone[0].unique); // a late report of the first is not one of the second
  CHECK(streams.end_all().size() == 2);
  CHECK(streams.size() == 0);
}

TEST_CASE("a client is given no more streams than it has room for") {
  video_streams streams;
  for (std::uint32_t i = 1; i <= 50; ++i) CHECK(streams.open({i, left.area}) != nullptr);
  CHECK(streams.open({51, left.area}) == nullptr);
}

TEST_CASE("frames that fill the line get smaller, until they fit or cannot") {
  player p;
  p.play(10, 100'000, 10e6);
  CHECK(video_streams::form_of(*p.stream) == image_form::jpeg);
  p.play(10, 100'000, 2e6);
  CHECK(video_streams::form_of(*p.stream) == image_form::coarse_jpeg);
  p.play(10, 100'000, 1e5);
  CHECK(video_streams::form_of(*p.stream) == image_form::rough_jpeg);
}

TEST_CASE("a line that has room for a while gets a better quality, and keeps it") {
  player p;
  p.play(10, 100'000, 2e6);
  REQUIRE(p.stream->quality == 1);
  p.play(25, 100'000, 20e6);
  CHECK(p.stream->quality == 1);
  p.play(10, 100'000, 20e6);
  CHECK(p.stream->quality == 0);
  p.play(100, 100'000, 20e6);
  CHECK(p.stream->quality == 0);
}

TEST_CASE("a client that drops frames gets smaller ones") {
  player p;
  p.streams.dropped(*p.stream);
  CHECK(p.stream->quality == 1);
  for (int i = 0; i < 10; ++i) p.streams.dropped(*p.stream);
  CHECK(video_streams::form_of(*p.stream) == image_form::rough_jpeg);
}

TEST_CASE("a pause says nothing about the pace") {
  player p;
  p.play(10, 10'000, 10e6);
  p.now += 10s;
  p.play(1, 10'000, 10e6);
  CHECK(p.stream->interval == doctest::Approx(0.04).epsilon(0.01));
}

TEST_CASE("a stream is created with its area's size and place, top row first") {
  video_streams streams;
  const auto m = create_of(*streams.open(right));
  CHECK(m.stream_width == 320);
  CHECK(m.source_height == 240);
  CHECK(m.destination == right.area);
  CHECK(m.codec == wire::display::video_codec::mjpeg);
  CHECK(m.flags == wire::display::stream_flags::top_down);
}

} // namespace saffron::actors
