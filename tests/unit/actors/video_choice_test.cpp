// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_choice.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using c = video_codec;
using wire::display_capability;

const codec_wishes everything{
    {c::mjpeg, c::vp8, c::h264, c::vp9, c::h265}, {c::mjpeg, c::vp8, c::h264, c::vp9, c::h265}, {}, {}};

} // namespace

TEST_CASE("a client of one codec decodes MJPEG, the others what they announce") {
  CHECK(decodable({}) == codec_list{c::mjpeg});
  CHECK(decodable({display_capability::codec_vp8}) == codec_list{c::mjpeg}); // without the capability for several
  CHECK(decodable({display_capability::multi_codec, display_capability::codec_vp8, display_capability::codec_h265}) ==
        codec_list{c::vp8, c::h265});
  CHECK(decodable({display_capability::multi_codec}).empty());
}

TEST_CASE("frames are cheap where half of the link carries them, and small elsewhere") {
  CHECK(choose_codec(everything, {320, 240}, 1e6) == c::mjpeg); // 4 Mbit/s of 8
  CHECK(choose_codec(everything, {320, 240}, 0.9e6) == c::h264);
  CHECK(choose_codec(everything, {1920, 1080}, 10e6) == c::h264);
  CHECK(choose_codec(everything, {1920, 1080}, 20e6) == c::mjpeg);
  CHECK(choose_codec(everything, {320, 240}, 0) == c::h264);
}

TEST_CASE("only what both can do is chosen, and nothing when there is nothing") {
  auto wishes = everything;
  wishes.encodable = {c::mjpeg, c::vp8};
  CHECK(choose_codec(wishes, {320, 240}, 1e5) == c::vp8);
  wishes.decodable = {c::h264};
  CHECK(choose_codec(wishes, {320, 240}, 1e5) == std::nullopt);
}

TEST_CASE("the client's order counts among what the operator allows") {
  constexpr extent size{320, 240};
  auto wishes = everything;
  wishes.allowed = {c::vp9, c::vp8, c::mjpeg};
  CHECK(choose_codec(wishes, size, 1e9) == c::vp9);
  wishes.preferred = {c::h264, c::vp8};
  CHECK(choose_codec(wishes, size, 1e9) == c::vp8);
  wishes.preferred = {c::h264};
  CHECK(choose_codec(wishes, size, 1e9) == c::vp9);
}

TEST_CASE("rates double, and a larger picture or a wasteful codec takes a larger one") {
  CHECK(video_rate(0) == 250'000);
  CHECK(video_rate(1) == 500'000);
  CHECK(video_rate(99) == 64'000'000);
  CHECK(video_rate(best_rate(c::h264, {1920, 1080})) == 8'000'000);
  CHECK(video_rate(best_rate(c::mjpeg, {1920, 1080})) == 64'000'000);
  CHECK(video_rate(best_rate(c::vp8, {64, 64})) == 250'000);
}

TEST_CASE("a rate that makes blocks of a large picture is for a smaller one") {
  const extent large{1920, 1080};
  const auto step_of = [](std::uint64_t rate) {
    std::size_t step = 0;
    while (video_rate(step) < rate) ++step;
    return step;
  };
  CHECK(reduction_for(c::h264, large, step_of(8'000'000)) == 1);
  CHECK(reduction_for(c::h264, large, step_of(2'000'000)) == 1);
  CHECK(reduction_for(c::h264, large, step_of(1'000'000)) == 2);
  CHECK(reduction_for(c::h264, large, step_of(250'000)) == 4);
  CHECK(reduction_for(c::mjpeg, large, step_of(4'000'000)) == 2);
  CHECK(reduction_for(c::mjpeg, {160, 100}, 0) == 1); // small enough
}

TEST_CASE("a video starts with half of the line") {
  const auto best = best_rate(c::h264, {1920, 1080});
  CHECK(first_rate(best, 0) == best);
  CHECK(first_rate(best, 100e6) == best);
  CHECK(video_rate(first_rate(best, 250e3)) == 1'000'000); // 2 Mbit/s
  CHECK(first_rate(best, 1) == 0);
}

} // namespace saffron::actors
