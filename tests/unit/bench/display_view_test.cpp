// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/display_view.hpp"

#include <doctest/doctest.h>

using namespace saffron::load;
using namespace saffron::wire::display;
using saffron::errc;
using saffron::rect;
namespace wire = saffron::wire;
namespace tc = saffron::wire::display::to_client;

namespace {

struct watched_videos {
  display_view view{display_view::decoding::none};

  watched_videos() {
    tc::surface_create create;
    create.width = 100;
    create.height = 80;
    create.flags = surface_flags::primary;
    apply(create);
  }
  template <class M>
  display_change apply(const M& m) {
    const auto body = wire::encode(m);
    return view.apply({M::type, static_cast<std::uint32_t>(body.size()), 0, 1, body});
  }
  /// As if more of the body had come than was kept.
  template <class M>
  display_change apply_beginning(const M& m) {
    const auto body = wire::encode(m);
    return view.apply({M::type, static_cast<std::uint32_t>(body.size()) + 1'000'000, 0, 1, body});
  }
  void begin(std::uint32_t id, rect where, std::vector<rect> clip = {}) {
    tc::stream_create create;
    create.stream_id = id;
    create.codec = video_codec::h264;
    create.destination = where;
    if (!clip.empty()) create.clip = {clip_type::rects, std::move(clip)};
    CHECK(apply(create).begun == video_codec::h264);
  }
};

tc::stream_data frame_of(std::uint32_t id) { return {.stream_id = id, .multi_media_time = 7, .data = {}}; }

} // namespace

TEST_CASE_FIXTURE(watched_videos, "a frame draws where its video is") {
  begin(4, {10, 10, 50, 40});
  for (const auto& change : {apply(frame_of(4)), apply_beginning(frame_of(4))}) {
    CHECK(change.violation == errc::none);
    CHECK(change.drew);
    CHECK(change.video_frame);
    CHECK(change.on_primary);
    CHECK(change.area == rect{10, 10, 50, 40});
    CHECK(change.pixels == 40 * 30);
  }
}

TEST_CASE_FIXTURE(watched_videos, "a frame may have a place of its own") {
  begin(4, {10, 10, 50, 40});
  tc::stream_data_sized sized;
  sized.stream_id = 4;
  sized.destination = {0, 0, 5, 5};
  CHECK(apply(sized).area == rect{0, 0, 5, 5});
  CHECK(apply_beginning(sized).area == rect{0, 0, 5, 5});
}

TEST_CASE_FIXTURE(watched_videos, "a video draws inside of its clip only") {
  begin(1, {0, 0, 100, 80}, {{0, 0, 10, 10}, {20, 20, 30, 30}});
  CHECK(apply(frame_of(1)).pixels == 200);
  tc::stream_clip clip;
  clip.stream_id = 1;
  clip.clip = {clip_type::rects, {{0, 0, 5, 5}}};
  CHECK(apply(clip).violation == errc::none);
  CHECK(apply(frame_of(1)).pixels == 25);
}

TEST_CASE_FIXTURE(watched_videos, "a video that does not exist is a violation") {
  begin(1, {0, 0, 100, 80});
  CHECK(apply(frame_of(2)).violation == errc::out_of_order);
  CHECK(apply(tc::stream_clip{.stream_id = 2}).violation == errc::out_of_order);
  apply(tc::stream_destroy{.stream_id = 1});
  CHECK(apply(frame_of(1)).violation == errc::out_of_order);
  begin(1, {0, 0, 100, 80});
  apply(tc::stream_destroy_all{});
  CHECK(apply(frame_of(1)).violation == errc::out_of_order);
}

TEST_CASE_FIXTURE(watched_videos, "frames are reported when the server asks for it, whole or not") {
  begin(1, {0, 0, 100, 80});
  apply(tc::stream_activate_report{.stream_id = 1, .unique_id = 9, .max_window_size = 2, .timeout = 1000});
  CHECK(!apply(frame_of(1)).report);
  const auto report = apply_beginning(frame_of(1)).report;
  REQUIRE(report);
  CHECK(report->unique_id == 9);
  CHECK(report->frame_count == 2);
  CHECK(report->end_frame_time == 7);
}
