// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/capabilities.hpp"

namespace saffron::load {

using wire::display_capability;

namespace {

display_capability capability_of(wire::display::video_codec codec) {
  switch (codec) {
  case wire::display::video_codec::vp8: return display_capability::codec_vp8;
  case wire::display::video_codec::h264: return display_capability::codec_h264;
  case wire::display::video_codec::vp9: return display_capability::codec_vp9;
  case wire::display::video_codec::h265: return display_capability::codec_h265;
  case wire::display::video_codec::mjpeg: break;
  }
  return display_capability::codec_mjpeg;
}

} // namespace

wire::capability_set capabilities_of(wire::channel_type type, const options& o) {
  wire::capability_set caps;
  if (type == wire::channel_type::main)
    caps.set(wire::main_capability::name_and_uuid).set(wire::main_capability::agent_connected_tokens);
  if (type == wire::channel_type::inputs) caps.set(wire::inputs_capability::key_scancode);
  if (type != wire::channel_type::display) return caps;
  caps.set(display_capability::sized_stream).set(display_capability::monitors_config);
  // With this one, MJPEG too has to be named.
  caps.set(display_capability::multi_codec);
  for (const auto codec : o.videos) caps.set(display_capability::stream_report).set(capability_of(codec));
  if (o.lz4) caps.set(display_capability::lz4_compression);
  return caps;
}

} // namespace saffron::load
