// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_streams.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;

constexpr video_area left{1, {0, 0, 320, 240}}, right{2, {400, 0, 720, 240}};

constexpr auto mjpeg = video_codec::mjpeg;

struct player {
  video_streams streams;
  video_streams::stream* stream = streams.open(left, mjpeg, 0);
  video_streams::time_point now = video_streams::time_point{} + 1h;
  std::size_t best = stream->rate;

  /// 25 frames a second that use their rate.
  void play(int frames, double bytes_per_second) {
    for (int i = 0; i < frames; ++i) {
      now += 40ms;
      streams.sent(*stream, video_rate(stream->rate) / 8 / 25, bytes_per_second, now);
    }
  }
};

} // namespace

TEST_CASE("streams have numbers of their own, lowest first, and the numbers of ended ones are used again") {
  video_streams streams;
  CHECK(streams.open(left, mjpeg, 0)->id == 0);
  CHECK(streams.open(right, mjpeg, 0)->id == 1);
  const auto gone = streams.ended({right});
  REQUIRE(gone.size() == 1);
  CHECK(gone[0].id == 0);
  CHECK(streams.find(left) == nullptr);
  CHECK(streams.find(right)->id == 1);
  const auto* again = streams.open({3, left.area}, mjpeg, 0);
  CHECK(again->id == 0);
  CHECK(again->unique != gone[0].unique); // a late report of the first is not one of the second
  CHECK(streams.end_all().size() == 2);
  CHECK(streams.size() == 0);
}

TEST_CASE("a client is given no more streams than it has room for") {
  video_streams streams;
  for (std::uint32_t i = 1; i <= 50; ++i) CHECK(streams.open({i, left.area}, mjpeg, 0) != nullptr);
  CHECK(streams.open({51, left.area}, mjpeg, 0) == nullptr);
}

TEST_CASE("frames that fill the line take a lower rate, until they fit or cannot, and begin with a key frame") {
  player p;
  CHECK(video_rate(p.best) == 4'000'000); // 320x240 as MJPEG
  p.stream->last = 5;
  p.play(40, 10e6);
  CHECK(p.stream->rate == p.best);
  CHECK(p.stream->last == 5);
  p.play(10, 500e3); // 4 Mbit/s on a line of 4
  CHECK(p.stream->rate == p.best - 1);
  CHECK(p.stream->last == 0);
  p.play(100, 10e3);
  CHECK(p.stream->rate == 0);
}

TEST_CASE("a line that has room for a while gets a better rate, up to the best one") {
  player p;
  p.streams.dropped(*p.stream);
  p.play(25, 20e6);
  CHECK(p.stream->rate == p.best - 1);
  p.play(10, 20e6);
  CHECK(p.stream->rate == p.best);
  p.play(100, 20e6);
  CHECK(p.stream->rate == p.best);
}

TEST_CASE("one large frame among small ones says nothing about the rate") {
  player p;
  p.play(40, 1e6);
  p.now += 40ms;
  p.streams.sent(*p.stream, 60'000, 1e6, p.now); // a key frame: one and a half intervals of the line
  CHECK(p.stream->rate == p.best);
}

TEST_CASE("a client that drops frames gets a lower rate, down to the lowest") {
  player p;
  p.streams.dropped(*p.stream);
  CHECK(p.stream->rate == p.best - 1);
  for (int i = 0; i < 10; ++i) p.streams.dropped(*p.stream);
  CHECK(p.stream->coding() == video_coding{mjpeg, 250'000});
}

TEST_CASE("a stream starts with half of what the line takes") {
  video_streams streams;
  CHECK(streams.open(left, mjpeg, 0)->coding().bits_per_second == 4'000'000);
  CHECK(streams.open(right, mjpeg, 250e3)->coding().bits_per_second == 1'000'000);
}

TEST_CASE("a stream of a codec with memory is silent when nothing is said about many frames") {
  video_streams streams;
  REQUIRE(streams.open(left, video_codec::vp8, 0) != nullptr);
  REQUIRE(streams.open(right, mjpeg, 0) != nullptr);
  for (int i = 0; i < video_streams::most_unreported; ++i) {
    CHECK_FALSE(streams.find(left)->silent());
    for (const auto& area : {left, right}) streams.sent(*streams.find(area), 100, 0, {});
  }
  CHECK(streams.find(left)->silent());
  CHECK_FALSE(streams.find(right)->silent());
}

TEST_CASE("a pause says nothing about the pace") {
  player p;
  p.play(10, 10e6);
  p.now += 10s;
  p.play(1, 10e6);
  CHECK(p.stream->interval == doctest::Approx(0.04).epsilon(0.01));
}

TEST_CASE("a stream is created with its area's size and place, top row first") {
  video_streams streams;
  const auto m = create_of(*streams.open(right, mjpeg, 0));
  CHECK(m.stream_width == 320);
  CHECK(m.source_height == 240);
  CHECK(m.destination == right.area);
  CHECK(m.codec == wire::display::video_codec::mjpeg);
  CHECK(m.flags == wire::display::stream_flags::top_down);
  CHECK(m.clip.rects.empty());
  CHECK(place_of(*streams.find(right)).destination == right.area);
}

TEST_CASE("a slow line gets smaller frames, sized where the stream was created for others") {
  const video_area large{1, {0, 0, 1280, 720}};
  video_streams sized{true};
  auto* s = sized.open(large, video_codec::h264, 0);
  CHECK(s->coding().reduction == 1);
  for (int i = 0; i < 10; ++i) sized.dropped(*s);
  CHECK(s->coding().reduction == 2);
  CHECK(s->created_reduction == 1);
  CHECK(place_of(*s).decoded == extent{640, 360});
  CHECK(place_of(*s).destination == large.area);

  video_streams plain{false};
  s = plain.open(large, video_codec::h264, 0);
  for (int i = 0; i < 10; ++i) plain.dropped(*s);
  CHECK(s->coding().reduction == 1); // it cannot change
  video_streams slow{false};
  CHECK(create_of(*slow.open(large, video_codec::h264, 40e3)).stream_width == 640);
}

TEST_CASE("an odd size is even for H.264, and what was added is clipped") {
  video_streams streams;
  const video_area odd{1, {10, 10, 331, 211}};
  const auto m = create_of(*streams.open(odd, video_codec::h264, 0));
  CHECK(m.stream_width == 322);
  CHECK(m.source_height == 202);
  CHECK(m.destination == rect{10, 10, 332, 212});
  CHECK(m.clip.rects == std::vector{odd.area});
  CHECK(create_of(*streams.open({2, odd.area}, video_codec::vp8, 0)).stream_width == 321);
}

} // namespace saffron::actors
