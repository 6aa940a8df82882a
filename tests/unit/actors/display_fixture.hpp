// SPDX-License-Identifier: BSD-3-Clause
// A display channel, its console and its encoders, all in the hands of a test.
#pragma once

#include "actors/display_channel.hpp"
#include "actors/encoder.hpp"
#include "messages/image/decode.hpp"
#include "messages/image/jpeg.hpp"
#include "messages/image/lz4.hpp"
#include "tests/unit/actors/channel_fixture.hpp"

#include <random>

namespace saffron::actors {

using namespace std::chrono_literals;
namespace to_client = wire::display::to_client;
namespace to_server = wire::display::to_server;
using wire::display_capability;
using wished = wire::display::image_compression;

// Random pixels, which no encoder makes smaller, or all the same.
inline picture_ptr strip(rect area, bool random = false) {
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
inline picture_ptr slope(rect area) {
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
inline picture_ptr noise(rect area) {
  auto p = std::make_shared<picture>(*strip(area));
  std::vector<std::byte> pixels(area.area() * 4);
  std::mt19937 numbers{1};
  for (auto& b : pixels) b = static_cast<std::byte>(numbers());
  p->pixels = shared_bytes::copy_of(pixels);
  return p;
}

inline std::vector<std::byte> pixels_of(const patch& p) {
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
        &counted,
        [this](std::uint8_t dictionary, std::uint32_t pixels) { joined.emplace_back(dictionary, pixels); }};
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
    init(first);
  }
  void init(const to_server::init& first) {
    CHECK(receive(*display, first));
    out.next<to_client::inval_all_palettes>();
    drain(*display);
    REQUIRE(pulls.size() == 1);
  }
  void encode_all() {
    for (const auto& w : std::exchange(wishes, {}))
      CHECK(display->encoded({w.update, w.strip, encode_strip(*w.picture, w.form, counted)}).has_value());
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
  /// GLZ dictionaries, by number and pixels.
  std::vector<std::pair<std::uint8_t, std::uint32_t>> joined;
  /// Videos that are watched no more.
  std::vector<std::uint32_t> left;
  std::vector<std::uint32_t> marks;
  std::vector<std::vector<rect>> refined;
  bool mend_scheduled = false;
  counters counted;
};

inline constexpr rect screen{0, 0, 64, 48};

} // namespace saffron::actors
