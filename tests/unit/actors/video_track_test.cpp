// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_track.hpp"

#include <doctest/doctest.h>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;

// Each frame's data is its picture's id, and whether it is a key frame.
class toy_encoder final : public image::video_encoder {
public:
  explicit toy_encoder(image::video_setting& setting) : setting_(setting) {}
  result<image::encoded_frame> encode(const image::bitmap_view& frame, bool key_frame) override {
    if (frame.width != setting_.size.width) return fail{errc::codec_failed};
    image::encoded_frame made;
    made.key_frame = std::exchange(first_, false) || key_frame;
    made.data = shared_bytes::copy_of(std::array{frame.pixels[0]});
    return made;
  }
  void set_bit_rate(std::uint64_t) override {}
  void set_frame_rate(std::uint32_t pace) override { setting_.frames_per_second = pace; }
  const image::video_setting& setting() const noexcept override { return setting_; }
  extent decoded_size() const noexcept override { return setting_.size; }
  std::string_view name() const noexcept override { return "toy"; }

private:
  image::video_setting& setting_;
  bool first_ = true;
};

struct broadcast {
  picture frame(std::uint64_t id) const {
    picture p;
    p.id = id;
    p.area = {0, 0, 2, 2};
    p.pixels = shared_bytes::copy_of(std::vector<std::byte>(16, static_cast<std::byte>(id)));
    return p;
  }
  /// What somebody who has `last` gets of this picture; its number afterwards.
  std::string get(std::uint64_t id, std::uint64_t& last) {
    const auto frames = track.serve(frame(id), last, now);
    REQUIRE(frames);
    std::string text;
    for (const auto& f : *frames) {
      text += (f.key_frame ? "K" : "d") + std::to_string(std::to_integer<int>(*f.data.data())) + " ";
      last = f.number;
    }
    return text;
  }
  void next() { now += 33ms; }

  counters counted;
  image::video_setting setting{image::video_codec::vp8, {2, 2}, 30, 1'000'000, 1};
  video_track::time_point now = video_track::time_point{} + 1h;
  video_track track{std::make_unique<toy_encoder>(setting), 1, counted};
};

} // namespace

TEST_CASE_FIXTURE(broadcast, "viewers in step share each frame, the first of which is a key frame") {
  std::uint64_t a = 0, b = 0;
  CHECK(get(1, a) == "K1 ");
  CHECK(get(1, b) == "K1 ");
  next();
  CHECK(get(2, b) == "d2 ");
  CHECK(get(2, a) == "d2 ");
  CHECK(counted.video_frames_encoded.value() == 2);
  CHECK(counted.video_frames_shared.value() == 2);
}

TEST_CASE_FIXTURE(broadcast, "a viewer that skipped a few frames gets what it missed, and costs nobody a key frame") {
  std::uint64_t a = 0, b = 0;
  get(1, a);
  get(1, b);
  for (std::uint64_t id = 2; id <= 5; ++id) {
    next();
    get(id, a);
  }
  CHECK(get(5, b) == "d2 d3 d4 d5 ");
  next();
  CHECK(get(6, a) == "d6 ");
}

TEST_CASE_FIXTURE(broadcast, "a late viewer gets the newest frames from a key frame on, or waits for one") {
  std::uint64_t a = 0, b = 0, c = 0;
  get(1, a);
  next();
  get(2, a);
  CHECK(get(2, b) == "K1 d2 ");
  for (std::uint64_t id = 3; id <= 40; ++id) {
    next();
    get(id, a);
  }
  CHECK(get(40, c) == ""); // the key frame is long gone
  next();
  CHECK(get(41, a) == "K41 ");
  CHECK(get(41, c) == "K41 ");
}

TEST_CASE_FIXTURE(broadcast, "a viewer that has to catch up with too much gets a key frame at once if it asks first") {
  std::uint64_t a = 0, b = 0;
  get(1, a);
  get(1, b);
  for (std::uint64_t id = 2; id <= 40; ++id) {
    next();
    get(id, a);
  }
  next();
  CHECK(get(41, b) == "K41 ");
  CHECK(get(41, a) == "K41 ");
}

TEST_CASE_FIXTURE(broadcast, "viewers that cannot follow get no more than two key frames a second") {
  std::uint64_t a = 0;
  std::size_t keys = 0;
  for (std::uint64_t id = 1; id <= 91; ++id) { // three seconds
    std::uint64_t late = 0;
    get(id, late);
    if (get(id, a).find('K') != std::string::npos) ++keys;
    next();
  }
  CHECK(keys >= 4);
  CHECK(keys <= 7);
}

TEST_CASE_FIXTURE(broadcast, "who asks with an older picture gets the newest one") {
  std::uint64_t a = 0, b = 0;
  get(1, a);
  get(1, b);
  next();
  get(5, a);
  CHECK(get(4, b) == "d5 ");
  CHECK(get(4, b) == ""); // it has that
  CHECK(counted.video_frames_encoded.value() == 2);
}

TEST_CASE_FIXTURE(broadcast, "the encoder learns the pace, since a frame's share of bits depends on it") {
  std::uint64_t a = 0;
  for (std::uint64_t id = 1; id <= 200; ++id) {
    get(id, a);
    now += 100ms;
  }
  CHECK(setting.frames_per_second == 10);
}

TEST_CASE_FIXTURE(broadcast, "pictures can be made smaller first") {
  setting.size = {1, 1};
  video_track small{std::make_unique<toy_encoder>(setting), 2, counted};
  const auto frames = small.serve(frame(7), 0, now);
  REQUIRE(frames);
  CHECK(frames->at(0).data.size() == 1);
}

TEST_CASE_FIXTURE(broadcast, "an encoder that fails is told of") {
  auto p = frame(1);
  p.area = {0, 0, 4, 1};
  CHECK(track.serve(p, 0, now).error() == errc::codec_failed);
}

} // namespace saffron::actors
