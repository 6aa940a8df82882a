// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/capabilities.hpp"

#include <doctest/doctest.h>

using namespace saffron::load;
using saffron::wire::channel_type;
using saffron::wire::display_capability;
using saffron::wire::display::video_codec;

TEST_CASE("who wants no videos names no codec, MJPEG neither") {
  const auto caps = capabilities_of(channel_type::display, {});
  CHECK(caps.has(display_capability::multi_codec));
  CHECK(!caps.has(display_capability::codec_mjpeg));
  CHECK(!caps.has(display_capability::codec_h264));
  CHECK(!caps.has(display_capability::stream_report));
}

TEST_CASE("codecs are announced one by one, and that they are reported") {
  options o;
  o.videos = {video_codec::mjpeg, video_codec::vp9};
  const auto caps = capabilities_of(channel_type::display, o);
  CHECK(caps.has(display_capability::multi_codec));
  CHECK(caps.has(display_capability::stream_report));
  CHECK(caps.has(display_capability::codec_mjpeg));
  CHECK(caps.has(display_capability::codec_vp9));
  CHECK(!caps.has(display_capability::codec_vp8));
  CHECK(!caps.has(display_capability::codec_h264));
  CHECK(!caps.has(display_capability::codec_h265));
}

TEST_CASE("other channels say nothing about pictures") {
  options o;
  o.videos = {video_codec::h264};
  CHECK(capabilities_of(channel_type::cursor, o) == saffron::wire::capability_set{});
  CHECK(capabilities_of(channel_type::inputs, o).has(saffron::wire::inputs_capability::key_scancode));
}
