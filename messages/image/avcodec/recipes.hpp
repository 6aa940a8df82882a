// SPDX-License-Identifier: BSD-3-Clause
// Which of libavcodec's encoders serve, and how each is told to give one frame for one picture at once, at a steady
// rate, with key frames only where they are asked for. Facts: `ffmpeg -h encoder=NAME`, and the encoders' own manuals.
#pragma once

#include "messages/image/video_functions.hpp"

extern "C" {
#include <libavutil/hwcontext.h>
#include <libavutil/pixfmt.h>
}

#include <span>
#include <string_view>

namespace saffron::avcodec {

/// What an encoder can do about another rate while it runs.
enum class rate_change {
  /// It reads the fields of its context before each frame.
  reconfigured,
  /// Its rate stays, but it sees time pass faster or slower: a frame gets the bits of the time that it lasts.
  by_time,
  /// Nothing: another one takes over, which begins with a key frame.
  anew,
};

struct recipe {
  /// SPICE_VIDEO_CODEC_TYPE_*.
  std::uint32_t codec;
  const char* name;
  /// key=value, with commas between; "$threads" is their number.
  const char* options;
  rate_change on_rate;
  /// Finer than this nobody sees, and a still picture would take the whole rate. In the codec's own steps.
  int finest_quantiser;
  /// 4:2:0 in three planes, or in two (NV12) for hardware.
  AVPixelFormat format = AV_PIX_FMT_YUV420P;
  /// Where the pictures are uploaded to before.
  AVHWDeviceType device = AV_HWDEVICE_TYPE_NONE;
  /// The codec's headers cannot say odd sizes.
  bool even = true;
  /// How many threads it may have. VP8's wait for each other by spinning: on a machine that is busy a second one costs
  /// several times what it brings.
  int most_threads = 16;
};

/// Best first for each codec: the software encoders, which are the same everywhere, before the hardware's.
[[nodiscard]] std::span<const recipe> all_recipes() noexcept;

/// Null if there is none of this name.
[[nodiscard]] const recipe* find_recipe(std::string_view name) noexcept;

} // namespace saffron::avcodec
