// SPDX-License-Identifier: BSD-3-Clause
#include "tests/unit/actors/display_fixture.hpp"

namespace saffron::actors {
namespace {

struct video_display_test : display_test {
  explicit video_display_test(wire::capability_set peer = {display_capability::lz4_compression,
                                                           display_capability::stream_report})
      : display_test(std::move(peer)) {}
  /// The newest frame of each video that plays.
  static display_update video_update(const std::vector<video_area>& playing_now) {
    auto u = picture_of({0, 0, 8, 8});
    u.videos = playing_now;
    for (const auto& v : playing_now) u.frames.push_back({v, slope(v.area)});
    return u;
  }
  video_area playing{7, {10, 10, 42, 34}};
};

struct two_codecs_test : video_display_test {
  two_codecs_test()
      : video_display_test({display_capability::stream_report, display_capability::multi_codec,
                            display_capability::codec_mjpeg, display_capability::codec_vp8}) {}
  void play() {
    display->update(video_update({playing}));
    encode_all();
    drain(*display);
    answer_marks();
  }
};

} // namespace

TEST_CASE_FIXTURE(video_display_test, "a video becomes a stream with its first frame, and ends with it") {
  init();
  CHECK(videos.back());
  display->update(video_update({playing}));
  encode_all();
  const auto created = out.skip_to<to_client::stream_create>();
  CHECK(created.destination == playing.area);
  const auto asked = out.next<to_client::stream_activate_report>();
  CHECK(asked.stream_id == created.stream_id);
  CHECK(asked.max_window_size == 5);
  const auto frame = out.skip_to<to_client::stream_data>();
  CHECK(frame.stream_id == created.stream_id);
  CHECK(frame.multi_media_time == 3'600'000);
  CHECK(frame.data.size() == 100);
  CHECK(display->report().streams == 1);
  CHECK(counted.video_frames.value() == 1);

  drain(*display);
  display->update(video_update({playing}));
  encode_all();
  CHECK(out.all<to_client::stream_create>().empty()); // it is open
  drain(*display);
  display->update(video_update({}));
  CHECK(out.skip_to<to_client::stream_destroy>().stream_id == created.stream_id);
  CHECK(display->report().streams == 0);
}

TEST_CASE_FIXTURE(video_display_test, "what a stream leaves behind is mended without loss") {
  init();
  display->update(video_update({playing}));
  encode_all();
  drain(*display);
  CHECK(display->report().lossy_pixels == playing.area.area());
  display->mend();
  display->mend();
  REQUIRE(refined.size() == 1);
  CHECK(refined[0] == std::vector{playing.area});
}

TEST_CASE_FIXTURE(video_display_test, "a client that cannot decode a stream gets pictures from then on") {
  init();
  display->update(video_update({playing}));
  encode_all();
  const auto asked = out.skip_to<to_client::stream_activate_report>();
  drain(*display);
  to_server::stream_report report;
  report.stream_id = asked.stream_id;
  report.unique_id = asked.unique_id + 1;
  report.drop_count = to_server::stream_report::cannot_decode;
  CHECK(receive(*display, report)); // about another stream
  CHECK(display->report().streams == 1);
  report.unique_id = asked.unique_id;
  CHECK(receive(*display, report));
  CHECK(display->report().streams == 0);
  out.skip_to<to_client::stream_destroy>();
  display->update(picture_of(screen));
  encode_all();
  drain(*display);
  CHECK_FALSE(videos.back());
}

TEST_CASE_FIXTURE(two_codecs_test, "each frame is asked for with the one that the client has, in one coding") {
  init();
  display->update(video_update({playing}));
  REQUIRE(video_wishes.size() == 1);
  CHECK(video_wishes[0].coding.codec == video_codec::vp8); // the link is unknown: few bytes are better
  CHECK(video_wishes[0].last == 0);
  encode_all();
  drain(*display);
  answer_marks();
  display->update(video_update({playing}));
  REQUIRE(video_wishes.size() == 1);
  CHECK(video_wishes[0].last == 1);
  CHECK(display->report().video == "vp8, 250 kbit/s");
}

TEST_CASE_FIXTURE(video_display_test, "frames of another size than the stream's are sized") {
  peer_capabilities = {display_capability::sized_stream};
  make(image_compression::automatic, false);
  init();
  playing.area = {0, 0, 800, 600};
  const auto play = [&] {
    display->update(video_update({playing}));
    encode_all();
    drain(*display);
  };
  play();
  CHECK(out.all<to_client::stream_data_sized>().empty());
  to_server::stream_report drops;
  drops.unique_id = 1;
  drops.frame_count = drops.drop_count = 5;
  for (int i = 0; i < 9; ++i) CHECK(receive(*display, drops));
  answer_marks();
  play();
  const auto frame = out.skip_to<to_client::stream_data_sized>();
  CHECK(frame.width == 200);
  CHECK(frame.height == 150);
  CHECK(frame.destination == playing.area);
}

TEST_CASE_FIXTURE(two_codecs_test, "a viewer that waits for a key frame is sent nothing of the video, and goes on") {
  init();
  display->update(video_update({playing}));
  REQUIRE(video_wishes.size() == 1);
  display->played({video_wishes[0].update, video_wishes[0].number, {}, false});
  video_wishes.clear();
  encode_all();
  drain(*display);
  CHECK(out.all<to_client::stream_data>().empty());
  CHECK(display->report().streams == 1);
  CHECK(display->report().lossy_pixels == playing.area.area()); // what it misses is mended when the video rests
  CHECK(pulls.size() == 2);
}

TEST_CASE_FIXTURE(two_codecs_test,
                  "a client that never reports on a stream plays nothing of it, and gets another codec") {
  init();
  for (int i = 0; i < video_streams::most_unreported; ++i) play();
  CHECK(left == std::vector{playing.id});
  display->update(video_update({playing}));
  REQUIRE(video_wishes.size() == 1);
  CHECK(video_wishes[0].coding.codec == video_codec::mjpeg);
  CHECK(video_wishes[0].last == 0);
}

TEST_CASE_FIXTURE(two_codecs_test, "a codec that cannot be encoded is not tried again") {
  init();
  display->update(video_update({playing}));
  display->played({video_wishes[0].update, 0, {}, true});
  video_wishes.clear();
  encode_all();
  drain(*display);
  CHECK(display->report().streams == 0);
  display->update(video_update({playing}));
  REQUIRE(video_wishes.size() == 1);
  CHECK(video_wishes[0].coding.codec == video_codec::mjpeg);
}

TEST_CASE_FIXTURE(two_codecs_test, "a client chooses the codec of the next stream") {
  init();
  to_server::preferred_video_codec_type preferred;
  preferred.codecs = {video_codec::h265, video_codec::mjpeg};
  CHECK(receive(*display, preferred));
  display->update(video_update({playing}));
  REQUIRE(video_wishes.size() == 1);
  CHECK(video_wishes[0].coding.codec == video_codec::mjpeg);
}

TEST_CASE_FIXTURE(two_codecs_test, "who cannot even begin to decode says so without the stream's unique number") {
  init();
  display->update(video_update({playing}));
  encode_all();
  to_server::stream_report report;
  report.drop_count = to_server::stream_report::cannot_decode;
  CHECK(receive(*display, report));
  CHECK(display->report().streams == 0);
}

TEST_CASE_FIXTURE(video_display_test, "no video is asked for where it is off, or bytes cost nothing") {
  settings.video = video_policy::off;
  make(image_compression::automatic, false);
  init();
  CHECK_FALSE(videos.back());
  settings.video = video_policy::filter;
  make(image_compression::automatic, true);
  init();
  CHECK_FALSE(videos.back());
  make(image_compression::off, false);
  init();
  CHECK_FALSE(videos.back());
}

} // namespace saffron::actors
