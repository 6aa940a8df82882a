// SPDX-License-Identifier: BSD-3-Clause
#include "actors/display_channel.hpp"
#include "actors/encoder.hpp"
#include "messages/image/decode.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/lz4.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

#include <random>

namespace saffron::actors {
namespace {

using namespace std::chrono_literals;
namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;
using wire::display_capability;
using wished = wire::display::image_compression;

// Random pixels, which no encoder makes smaller, or all the same.
picture_ptr strip(rect area, bool random = false) {
  static std::uint64_t id = 0;
  auto p = std::make_shared<picture>();
  p->id = ++id;
  p->area = area;
  std::vector<std::byte> pixels(area.area() * 4);
  std::mt19937 numbers{static_cast<std::uint32_t>(id)};
  for (auto& b : pixels) b = static_cast<std::byte>(random ? numbers() : id);
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

// Small steps everywhere, as in a photo.
picture_ptr slope(rect area) {
  auto p = std::make_shared<picture>(*strip(area));
  std::vector<std::byte> pixels;
  for (std::int32_t y = 0; y < area.height(); ++y)
    for (std::int32_t x = 0; x < area.width(); ++x)
      for (int channel = 0; channel < 4; ++channel) pixels.push_back(static_cast<std::byte>(2 * x + y + channel));
  p->pixels = shared_bytes::copy_of(pixels);
  p->gradual = true;
  return p;
}

// Another picture of the same pixels, which no encoder makes smaller.
picture_ptr noise(rect area) {
  auto p = std::make_shared<picture>(*strip(area));
  std::vector<std::byte> pixels(area.area() * 4);
  std::mt19937 numbers{1};
  for (auto& b : pixels) b = static_cast<std::byte>(numbers());
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

std::vector<std::byte> pixels_of(const patch& p) {
  std::vector<std::byte> out;
  for (const auto& s : p.strips) out.insert(out.end(), s->pixels.view().begin(), s->pixels.view().end());
  return out;
}

struct display_test : tests::channel_fixture {
  struct wish {
    picture_ptr picture;
    image_form form = image_form::raw;
    std::uint32_t update = 0, strip = 0;
  };

  explicit display_test(wire::capability_set peer = {display_capability::lz4_compression,
                                                     display_capability::monitors_config})
      : peer_capabilities(std::move(peer)) {
    make(image_compression::automatic, false);
  }
  void make(image_compression compression, bool local, double bytes_per_second = 0) {
    out.forget();
    pulls.clear();
    refined.clear();
    attached = 0;
    const display_ports ports{
        [this] { ++attached; },
        [this](std::size_t bytes, bool video) {
          pulls.push_back(bytes);
          videos.push_back(video);
        },
        [this](const picture_ptr& p, image_form form, std::uint32_t u, std::uint32_t n) {
          wishes.push_back({p, form, u, n});
        },
        {[this](const video_frame& f, const video_coding& c, std::uint64_t last, std::uint32_t u, std::uint32_t n) {
           video_wishes.push_back({f, c, last, u, n});
         },
         [this](std::uint32_t video) { left.push_back(video); }},
        [this](std::vector<rect> areas) { refined.push_back(std::move(areas)); },
        [this](std::chrono::milliseconds) { mend_scheduled = true; },
        &counted};
    settings.compression = compression;
    display = std::make_unique<display_channel>(context(), ports,
                                                display_peer{peer_capabilities,
                                                             local,
                                                             bytes_per_second,
                                                             {video_codec::mjpeg, video_codec::vp8},
                                                             0,
                                                             std::make_shared<pixmap_caches>()},
                                                settings);
    display->start();
    skip_start();
    drain(*display);
  }
  // The client's first message, and what the channel answers.
  void init(std::int64_t cache_pixels = 0) {
    to_server::init first;
    first.pixmap_cache_size = cache_pixels;
    CHECK(receive(*display, first));
    out.next<to_client::inval_all_palettes>();
    drain(*display);
    REQUIRE(pulls.size() == 1);
  }
  void encode_all() {
    for (const auto& w : std::exchange(wishes, {}))
      display->encoded({w.update, w.strip, encode_strip(*w.picture, w.form, counted)});
    for (const auto& w : std::exchange(video_wishes, {})) {
      const auto data = shared_bytes::copy_of(std::vector<std::byte>(100, std::byte{1}));
      display->played({w.update, w.number, {{++last_frame, last_frame == 1, data}}, false});
    }
  }
  // The mark behind an update, which is the last that was sent for it.
  void next_mark() {
    marks.push_back(out.next<wire::common::to_client::ping>().id);
    CHECK(out.empty());
  }
  // The client has drawn everything.
  void answer_marks() {
    for (const auto& ping : out.all<wire::common::to_client::ping>()) marks.push_back(ping.id);
    for (const auto id : std::exchange(marks, {})) CHECK(receive(*display, wire::common::to_server::pong{id}));
  }
  void acknowledge() {
    CHECK(receive(*display, wire::common::to_server::ack_sync{1}));
    CHECK(receive(*display, wire::common::to_server::ack{}));
  }
  static display_update picture_of(rect area, bool random = false) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    const auto middle = (area.top + area.bottom) / 2;
    u.patches.push_back({area,
                         {strip({area.left, area.top, area.right, middle}, random),
                          strip({area.left, middle, area.right, area.bottom}, random)}});
    return u;
  }

  wire::capability_set peer_capabilities;
  std::unique_ptr<display_channel> display;
  std::size_t attached = 0;
  std::vector<std::size_t> pulls;
  std::vector<bool> videos;
  picture_settings settings;
  std::vector<wish> wishes;
  struct video_wish {
    video_frame frame;
    video_coding coding;
    std::uint64_t last = 0;
    std::uint32_t update = 0, number = 0;
  };
  std::vector<video_wish> video_wishes;
  std::uint64_t last_frame = 0;
  /// Videos that are watched no more.
  std::vector<std::uint32_t> left;
  std::vector<std::uint32_t> marks;
  std::vector<std::vector<rect>> refined;
  bool mend_scheduled = false;
  counters counted;
};

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

struct plain_display_test : display_test {
  plain_display_test() : display_test(wire::capability_set{}) {}
};

constexpr rect screen{0, 0, 64, 48};

} // namespace

TEST_CASE_FIXTURE(display_test,
                  "nothing is asked of the console before the client's INIT, and a second INIT is refused") {
  CHECK(pulls.empty());
  CHECK(attached == 0);
  init();
  CHECK(attached == 1);
  CHECK(receive(*display, to_server::init{}).error() == errc::out_of_order);
}

TEST_CASE_FIXTURE(display_test, "the first picture comes with its surface and its monitor, and then may be shown") {
  init();
  const auto first = picture_of(screen);
  display->update(first);
  CHECK(out.types() == std::vector<std::uint16_t>{to_client::surface_create::type, to_client::monitors_config::type});
  encode_all();
  const auto surface = out.next<to_client::surface_create>();
  CHECK(surface.surface_id == 0);
  CHECK(surface.width == 64);
  CHECK(surface.height == 48);
  CHECK(surface.format == wire::display::surface_format::xrgb_32bit);
  CHECK(surface.flags == wire::display::surface_flags::primary);
  const auto monitors = out.next<to_client::monitors_config>();
  CHECK(monitors.max_allowed == 1);
  REQUIRE(monitors.heads.size() == 1);
  CHECK(monitors.heads[0].width == 64);
  CHECK(monitors.heads[0].height == 48);
  const auto copy = out.next<to_client::draw_copy>();
  CHECK(copy.base.box == screen);
  CHECK(copy.source_area == screen);
  CHECK(copy.source.width == 64);
  CHECK(copy.source.height == 48);
  const auto* lz4 = std::get_if<wire::display::lz4_image>(&copy.source.body);
  REQUIRE(lz4 != nullptr);
  CHECK(image::lz4_decode(lz4->data, 64 * 48 * 4).value() == pixels_of(first.patches[0]));
  out.next<to_client::mark>();
  next_mark();
  CHECK(display->report().codec == "lz4");
}

TEST_CASE_FIXTURE(plain_display_test, "a client without capabilities gets raw rows, top row first, and no monitors") {
  init();
  const auto first = picture_of(screen);
  display->update(first);
  out.next<to_client::surface_create>();
  const auto copy = out.next<to_client::draw_copy>();
  const auto* raw = std::get_if<wire::display::bitmap>(&copy.source.body);
  REQUIRE(raw != nullptr);
  CHECK(raw->flags == wire::display::bitmap_flags::top_down);
  CHECK(raw->format == wire::display::bitmap_format::rgb_32bit);
  CHECK(raw->stride == 256);
  CHECK(std::vector<std::byte>{raw->data.begin(), raw->data.end()} == pixels_of(first.patches[0]));
  out.next<to_client::mark>();
  next_mark();
  CHECK(wishes.empty());
  CHECK(display->report().codec == "raw");
}

TEST_CASE_FIXTURE(display_test, "operations come before pictures, and MARK comes once for a surface") {
  init();
  auto u = picture_of({0, 0, 8, 8});
  u.operations = {fill{{1, 2, 3, 4}, 0x112233}, copy_bits{{10, 10, 20, 20}, {5, 6}}};
  u.damage_pixels = 77;
  display->update(u);
  encode_all();
  out.next<to_client::surface_create>();
  out.next<to_client::monitors_config>();
  const auto filled = out.next<to_client::draw_fill>();
  CHECK(filled.base.box == rect{1, 2, 3, 4});
  CHECK(std::get<wire::display::solid_brush>(filled.brush).color == 0x112233);
  CHECK(filled.rop_descriptor == wire::display::ropd::op_put);
  const auto moved = out.next<to_client::copy_bits>();
  CHECK(moved.base.box == rect{10, 10, 20, 20});
  CHECK(moved.source_position == point{5, 6});
  out.next<to_client::draw_copy>();
  out.next<to_client::mark>();
  next_mark();
  CHECK(display->report().damage_pixels == 77);

  drain(*display);
  display->update(picture_of({0, 0, 8, 8}));
  encode_all();
  CHECK(out.all<to_client::mark>().empty());
}

TEST_CASE_FIXTURE(display_test, "another epoch is another surface") {
  init();
  display->update(picture_of(screen));
  encode_all();
  out.forget();
  drain(*display);
  auto u = picture_of({0, 0, 32, 24});
  u.epoch = 2;
  u.size = {32, 24};
  display->update(u);
  encode_all();
  CHECK(out.next<to_client::surface_destroy>().surface_id == 0);
  CHECK(out.next<to_client::surface_create>().width == 32);
  CHECK(out.next<to_client::monitors_config>().heads[0].height == 24);
  out.next<to_client::draw_copy>();
  out.next<to_client::mark>();
}

TEST_CASE_FIXTURE(display_test, "an update waits for the last of its strips, in whatever order they come") {
  init();
  display->update(picture_of(screen));
  REQUIRE(wishes.size() == 2);
  out.forget();
  const auto first = wishes[0], second = wishes[1];
  const auto block_of = [this](const wish& w) { return encode_strip(*w.picture, image_form::lz4, counted); };
  display->encoded({second.update, second.strip, block_of(second)});
  display->encoded({second.update, second.strip, block_of(second)});   // twice
  display->encoded({second.update + 1, first.strip, block_of(first)}); // another update
  display->encoded({second.update, 7, block_of(first)});               // no such strip
  CHECK(out.empty());
  display->encoded({first.update, first.strip, block_of(first)});
  const auto copy = out.next<to_client::draw_copy>();
  auto expected = std::vector<std::byte>{first.picture->pixels.view().begin(), first.picture->pixels.view().end()};
  expected.insert(expected.end(), second.picture->pixels.view().begin(), second.picture->pixels.view().end());
  CHECK(image::lz4_decode(std::get<wire::display::lz4_image>(copy.source.body).data, 64 * 48 * 4).value() == expected);
  out.forget();
  display->encoded({first.update, first.strip, {}}); // late: the update is over
  CHECK(out.empty());
}

TEST_CASE_FIXTURE(display_test, "what LZ4 does not make smaller travels raw") {
  init();
  const auto u = picture_of(screen, true);
  display->update(u);
  encode_all();
  out.next<to_client::surface_create>();
  out.next<to_client::monitors_config>();
  const auto copy = out.next<to_client::draw_copy>();
  const auto* raw = std::get_if<wire::display::bitmap>(&copy.source.body);
  REQUIRE(raw != nullptr);
  CHECK(std::vector<std::byte>{raw->data.begin(), raw->data.end()} == pixels_of(u.patches[0]));
  CHECK(display->report().codec == "raw");
}

TEST_CASE_FIXTURE(display_test, "the form is the operator's, but a client's wish comes first") {
  const auto form = [this] {
    init();
    display->update(picture_of(screen));
    encode_all();
    return display->report().codec;
  };
  CHECK(form() == "lz4");
  make(image_compression::automatic, true); // over this host's own unix socket packing costs more than it saves
  CHECK(form() == "raw");
  for (const auto& [compression, name] : {std::pair{image_compression::lz4, "lz4"},
                                          {image_compression::off, "raw"},
                                          {image_compression::lz, "lz"},
                                          {image_compression::quic, "quic"},
                                          {image_compression::auto_lz, "lz"}}) {
    make(compression, true);
    CHECK(form() == name);
  }
  const auto wishing = [&](image_compression policy, bool local, wished form_wished) {
    make(policy, local);
    CHECK(receive(*display, to_server::preferred_compression{form_wished}));
    return form();
  };
  CHECK(wishing(image_compression::automatic, false, wished::off) == "raw");
  CHECK(wishing(image_compression::off, true, wished::lz4) == "lz4");
  CHECK(wishing(image_compression::automatic, false, wished::quic) == "quic");
  CHECK(wishing(image_compression::automatic, false, wished{200}) == "lz4"); // unknown: nothing changes
}

TEST_CASE_FIXTURE(display_test, "strips of forms that cannot be joined are images of their own") {
  make(image_compression::quic, false);
  init();
  display->update(picture_of(screen));
  encode_all();
  CHECK(out.all<to_client::draw_copy>().size() == 2);
}

TEST_CASE_FIXTURE(display_test, "a slow client gets a gradual picture with loss at once, and without when it rests") {
  make(image_compression::automatic, false, 100e3);
  init();
  const auto photo = [this] {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.patches.push_back({screen, {slope(screen)}});
    return u;
  };
  display->update(photo());
  encode_all();
  const auto sent = out.all<to_client::draw_copy>();
  REQUIRE(sent.size() == 1);
  CHECK(wire::display::type_of(sent[0].source) == wire::display::image_type::jpeg);
  CHECK(display->report().lossy_pixels == 64 * 48);
  REQUIRE(mend_scheduled);

  display->mend(); // too soon: it was new when the clock started
  CHECK(refined.empty());
  drain(*display);
  display->mend();
  REQUIRE(refined == std::vector<std::vector<rect>>{{screen}});
  display->update(photo());
  encode_all();
  const auto again = out.all<to_client::draw_copy>();
  REQUIRE(again.size() == 1);
  CHECK(wire::display::type_of(again[0].source) == wire::display::image_type::quic);
  CHECK(display->report().lossy_pixels == 0);
  mend_scheduled = false;
  display->mend();
  CHECK(refined.size() == 1);
  CHECK_FALSE(mend_scheduled);
}

TEST_CASE_FIXTURE(display_test, "one update is asked for at a time, and the next when the last has left") {
  init();
  drain(*display);
  CHECK(pulls.size() == 1);
  display->update(picture_of(screen));
  drain(*display); // the surface has left, the picture is with the encoders
  CHECK(pulls.size() == 1);
  encode_all();
  CHECK(pulls.size() == 1);
  drain(*display);
  CHECK(pulls.size() == 2);
}

TEST_CASE_FIXTURE(display_test, "an update that needs no message is followed by the next pull at once") {
  init();
  display->update(picture_of(screen));
  encode_all();
  drain(*display);
  REQUIRE(pulls.size() == 2);
  display_update nothing;
  nothing.epoch = 1;
  nothing.size = {64, 48};
  display->update(nothing);
  CHECK(pulls.size() == 3);
}

TEST_CASE_FIXTURE(display_test, "a client that does not acknowledge gets no more updates until it does") {
  init();
  for (int i = 0; pulls.size() < 100 && i < 100; ++i) {
    if (pulls.size() == static_cast<std::size_t>(i)) break;
    display->update(picture_of(screen));
    encode_all();
    drain(*display);
  }
  const auto before = pulls.size();
  CHECK(before >= 10); // two windows of 20 messages, at least two for an update, less what came with the first
  CHECK(before <= 21);
  drain(*display);
  CHECK(pulls.size() == before);
  acknowledge();
  CHECK(pulls.size() == before + 1);
}

TEST_CASE_FIXTURE(display_test, "a client is asked for as much as its line takes, within the limits") {
  init();
  CHECK(pulls.back() == 1024 * 1024); // before anything is known
  const auto transfer = [this](std::chrono::microseconds duration) {
    acknowledge();
    display_update u;
    u.epoch = 1;
    u.size = {1024, 1024};
    u.patches.push_back({{0, 0, 1024, 1024}, {strip({0, 0, 1024, 1024}, true)}});
    display->update(u);
    encode_all();
    drain(*display);
    time += duration;
    answer_marks();
    return pulls.back();
  };
  for (int i = 0; i < 30; ++i) transfer(4s); // 1 MiB/s
  CHECK(pulls.back() < 4096 * 1024);
  for (int i = 0; i < 60; ++i) transfer(40ms); // 100 MiB/s for 33 ms and the way there and back
  CHECK(pulls.back() > 3 * 1024 * 1024);
  CHECK(pulls.back() < 8 * 1024 * 1024);
  for (int i = 0; i < 60; ++i) transfer(1ms);
  CHECK(pulls.back() == defaults::pull_bytes_max);
}

TEST_CASE_FIXTURE(display_test, "nothing is asked for while as much is on the way as the line takes") {
  init();
  display_update u;
  u.epoch = 1;
  u.size = {1024, 1024};
  u.patches.push_back({{0, 0, 1024, 1024}, {strip({0, 0, 1024, 1024}, true)}});
  display->update(u); // 4 MiB of noise, which nothing makes smaller
  encode_all();
  drain(*display);
  CHECK(pulls.size() == 1);
  drain(*display);
  CHECK(pulls.size() == 1);
  time += 100ms;
  answer_marks();
  CHECK(pulls.size() == 2);
}

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

TEST_CASE_FIXTURE(display_test, "a guest's picture travels in its own format, in order with what was drawn around it") {
  init();
  display->update(picture_of(screen));
  encode_all();
  drain(*display);
  out.forget();
  image::bitmap pixels;
  pixels.format = image::bitmap_format::indexed_8bit;
  pixels.width = pixels.height = 16;
  pixels.top_down = false;
  pixels.pixels.resize(256);
  auto colors = std::make_shared<wire::display::palette>();
  colors->entries = {0xff0000, 0x00ff00};
  display_update u;
  u.epoch = 1;
  u.size = {64, 48};
  u.operations = {fill{{0, 0, 8, 8}, 1}, draw_image{{5, 6}, make_picture(pixels.view(), colors).value()},
                  fill{{0, 0, 9, 9}, 2}};
  display->update(u);
  encode_all();
  out.next<to_client::draw_fill>();
  const auto copy = out.next<to_client::draw_copy>();
  CHECK(copy.base.box == rect{5, 6, 21, 22});
  const auto* indexed = std::get_if<wire::display::lz_plt_image>(&copy.source.body);
  REQUIRE(indexed != nullptr);
  CHECK(std::get<wire::display::palette>(indexed->palette).entries == colors->entries);
  CHECK(image::decode_image(copy.source, 256).has_value());
  CHECK(out.next<to_client::draw_fill>().brush == wire::display::any_brush{wire::display::solid_brush{2}});
  CHECK(counted.guest_pictures.value() == 1);
}

TEST_CASE_FIXTURE(display_test, "a palette that the client has stays behind, and the oldest of too many is forgotten") {
  init();
  const auto draw = [this](std::uint32_t color) {
    image::bitmap pixels;
    pixels.format = image::bitmap_format::indexed_8bit;
    pixels.width = pixels.height = 2;
    pixels.pixels.resize(4);
    auto colors = std::make_shared<wire::display::palette>();
    colors->entries = {color};
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{{5, 6}, make_picture(pixels.view(), colors).value()}};
    out.forget();
    display->update(u);
    encode_all();
    drain(*display);
  };
  const auto palette_sent = [this] {
    return std::get<wire::display::bitmap>(out.skip_to<to_client::draw_copy>().source.body).palette;
  };
  draw(1);
  const auto first = std::get<wire::display::palette>(palette_sent());
  draw(1);
  CHECK(palette_sent() == wire::display::any_palette{wire::display::cached_palette{first.unique}});
  CHECK(counted.palette_cache_hits.value() == 1);
  for (std::uint32_t color = 2; color < palette_cache::most_palettes + 2; ++color) draw(color);
  CHECK(out.next<to_client::inval_palette>().id == first.unique);
  CHECK(std::get<wire::display::palette>(palette_sent()).entries.size() == 1);
}

TEST_CASE_FIXTURE(display_test, "a guest's picture that the client has is its id alone, and needs no encoder") {
  make(image_compression::quic, false);
  init(100'000);
  const auto picture = strip({0, 0, 32, 32}, true);
  const auto draw = [&](point position) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{position, picture}};
    out.forget();
    display->update(u);
  };
  draw({0, 0});
  CHECK(wishes.size() == 1);
  encode_all();
  const auto first = out.skip_to<to_client::draw_copy>().source;
  CHECK(first.flags == wire::display::image_flags::cache_me);
  draw({7, 8});
  CHECK(wishes.empty());
  const auto again = out.next<to_client::draw_copy>();
  CHECK(again.base.box == rect{7, 8, 39, 40});
  CHECK(again.source.id == first.id);
  CHECK(again.source.body == wire::display::image_body{wire::display::cached_image{}});
  CHECK(again.source.width == 32);
  CHECK(counted.pixmap_cache_hits.value() == 1);
  CHECK(display->report().lossy_pixels == 0);
}

TEST_CASE_FIXTURE(display_test, "a screen that comes back is its id, too, where bytes are dear") {
  const auto times_sent = [this](image_compression compression) {
    make(compression, false);
    init(100'000);
    const auto before = counted.pixmap_cache_hits.value();
    for (int round = 0; round < 4; ++round) {
      display_update u;
      u.epoch = 1;
      u.size = {64, 48};
      u.patches.push_back({screen, {noise(screen)}});
      display->update(u);
      encode_all();
    }
    return 4 - (counted.pixmap_cache_hits.value() - before);
  };
  CHECK(times_sent(image_compression::quic) == 2); // once like everything, once to be kept
  CHECK(times_sent(image_compression::off) == 4);
}

TEST_CASE_FIXTURE(display_test, "what makes room for another picture is invalidated before it") {
  make(image_compression::quic, false);
  init(4 * 32 * 32);
  std::vector<std::uint64_t> ids;
  for (int n = 0; n < 5; ++n) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{{0, 0}, strip({0, 0, 32, 32}, true)}};
    out.forget();
    display->update(u);
    encode_all();
    if (n == 4) {
      const auto evicted = out.next<to_client::inval_list>().resources;
      CHECK(evicted == std::vector<wire::display::resource>{{wire::display::resource_type::pixmap, ids[0]}});
    }
    ids.push_back(out.skip_to<to_client::draw_copy>().source.id);
  }
}

TEST_CASE_FIXTURE(plain_display_test, "a browser's client is told to keep nothing, whatever cache it names") {
  make(image_compression::quic, false);
  init(100'000);
  const auto picture = strip({0, 0, 32, 32}, true);
  for (int round = 0; round < 3; ++round) {
    display_update u;
    u.epoch = 1;
    u.size = {64, 48};
    u.operations = {draw_image{{0, 0}, picture}};
    out.forget();
    display->update(u);
    encode_all();
    const auto sent = out.skip_to<to_client::draw_copy>().source;
    CHECK(sent.flags == 0);
    CHECK(wire::display::type_of(sent) != wire::display::image_type::from_cache);
  }
}

TEST_CASE_FIXTURE(display_test, "messages about streams are taken, a scanout's end and nonsense are not") {
  CHECK(receive(*display, to_server::stream_report{}));
  CHECK(receive(*display, to_server::preferred_video_codec_type{}));
  CHECK(receive(*display, to_server::gl_draw_done{}).error() == errc::out_of_order);
  CHECK(display->receive(199, {}).error() == errc::unknown_message);
  CHECK(display->receive(to_server::init::type, std::vector<std::byte>(5)).error() == errc::bad_message);
}

} // namespace saffron::actors
