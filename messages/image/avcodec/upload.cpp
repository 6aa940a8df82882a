// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/avcodec/upload.hpp"

#include <algorithm>

namespace saffron::avcodec {

namespace {

/// One picture is uploaded while the one before serves as reference.
constexpr int surfaces = 4;

} // namespace

bool upload::open(AVCodecContext& context, AVPixelFormat format, AVHWDeviceType device) {
  format_ = context.pix_fmt = format;
  if (format == AV_PIX_FMT_YUV420P) return true;
  interleaved_.reset(av_frame_alloc());
  if (!interleaved_) return false;
  return device == AV_HWDEVICE_TYPE_NONE || open_device(context, device);
}

bool upload::open_device(AVCodecContext& context, AVHWDeviceType device) {
  AVBufferRef* opened = nullptr;
  if (av_hwdevice_ctx_create(&opened, device, nullptr, nullptr, 0) < 0) return false;
  device_.reset(opened);
  surfaces_.reset(av_hwframe_ctx_alloc(opened));
  uploaded_.reset(av_frame_alloc());
  if (!surfaces_ || !uploaded_) return false;
  auto* frames = reinterpret_cast<AVHWFramesContext*>(surfaces_->data);
  frames->format = context.pix_fmt = AV_PIX_FMT_VAAPI;
  frames->sw_format = format_;
  frames->width = context.width;
  frames->height = context.height;
  frames->initial_pool_size = surfaces;
  if (av_hwframe_ctx_init(surfaces_.get()) < 0) return false;
  context.hw_frames_ctx = av_buffer_ref(surfaces_.get());
  return context.hw_frames_ctx != nullptr;
}

bool upload::interleave(const AVFrame& picture) {
  auto& to = *interleaved_;
  if (!make_room(to, format_, picture.width, picture.height)) return false;
  for (int y = 0; y < picture.height; ++y)
    std::copy_n(picture.data[0] + y * picture.linesize[0], picture.width, to.data[0] + y * to.linesize[0]);
  const int columns = (picture.width + 1) / 2, rows = (picture.height + 1) / 2;
  for (int y = 0; y < rows; ++y) {
    const auto* blue = picture.data[1] + y * picture.linesize[1];
    const auto* red = picture.data[2] + y * picture.linesize[2];
    auto* out = to.data[1] + y * to.linesize[1];
    for (int x = 0; x < columns; ++x) {
      *out++ = blue[x];
      *out++ = red[x];
    }
  }
  return true;
}

AVFrame* upload::prepare(AVFrame& picture) {
  if (format_ == AV_PIX_FMT_YUV420P) return &picture;
  if (!interleave(picture)) return nullptr;
  if (!device_) return interleaved_.get();
  av_frame_unref(uploaded_.get());
  const bool done = av_hwframe_get_buffer(surfaces_.get(), uploaded_.get(), 0) == 0 &&
                    av_hwframe_transfer_data(uploaded_.get(), interleaved_.get(), 0) == 0;
  return done ? uploaded_.get() : nullptr;
}

} // namespace saffron::avcodec
