// SPDX-License-Identifier: BSD-3-Clause
// Names of video codecs, as options, status and the load generator have them.
#pragma once

#include "messages/wire/display_stream.hpp"

#include <string_view>

namespace saffron::wire::display {

[[nodiscard]] constexpr std::string_view to_string(video_codec codec) noexcept {
  switch (codec) {
  case video_codec::mjpeg: return "mjpeg";
  case video_codec::vp8: return "vp8";
  case video_codec::h264: return "h264";
  case video_codec::vp9: return "vp9";
  case video_codec::h265: return "h265";
  }
  return "unknown";
}

} // namespace saffron::wire::display
