// SPDX-License-Identifier: BSD-3-Clause
// Owners of what libavcodec allocates, each freed by its own function.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/buffer.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>
}

#include <memory>

namespace saffron::avcodec {

/// Calls one of libavcodec's functions that free and clear a pointer.
template <auto Free>
struct freed_by {
  void operator()(auto* what) const noexcept { Free(&what); }
};

using context_handle = std::unique_ptr<AVCodecContext, freed_by<avcodec_free_context>>;
using frame_handle = std::unique_ptr<AVFrame, freed_by<av_frame_free>>;
using packet_handle = std::unique_ptr<AVPacket, freed_by<av_packet_free>>;
using buffer_handle = std::unique_ptr<AVBufferRef, freed_by<av_buffer_unref>>;
using options_handle = std::unique_ptr<AVDictionary, freed_by<av_dict_free>>;

/// Gives the frame memory for a picture that nobody else reads: its own, or new one while an encoder still holds the
/// last picture. False if memory is short.
[[nodiscard]] inline bool make_room(AVFrame& frame, AVPixelFormat format, int width, int height) {
  if (av_frame_is_writable(&frame) != 0) return true;
  av_frame_unref(&frame);
  frame.format = format;
  frame.width = width;
  frame.height = height;
  return av_frame_get_buffer(&frame, 0) == 0;
}

} // namespace saffron::avcodec
