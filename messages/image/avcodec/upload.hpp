// SPDX-License-Identifier: BSD-3-Clause
// What stands between a picture in memory and an encoder in hardware: the form NV12, and the device's own memory.
#pragma once

#include "messages/image/avcodec/handles.hpp"

extern "C" {
#include <libavutil/hwcontext.h>
}

namespace saffron::avcodec {

/// Brings pictures of one size into the form that an encoder reads.
class upload {
public:
  /// Prepares `context`, whose size is set: its pixel format, and the device if there is one. False if there is no such
  /// device, or memory is short.
  [[nodiscard]] bool open(AVCodecContext& context, AVPixelFormat format, AVHWDeviceType device);

  /// What the encoder is to be given for `picture` (three planes): itself, or a frame that lives until the next call.
  /// Null if the device fails.
  [[nodiscard]] AVFrame* prepare(AVFrame& picture);

private:
  [[nodiscard]] bool open_device(AVCodecContext& context, AVHWDeviceType device);
  [[nodiscard]] bool interleave(const AVFrame& picture);

  AVPixelFormat format_ = AV_PIX_FMT_NONE;
  buffer_handle device_, surfaces_;
  frame_handle interleaved_, uploaded_;
};

} // namespace saffron::avcodec
