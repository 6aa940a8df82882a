// SPDX-License-Identifier: BSD-3-Clause
// A client's decoder: libavcodec's own, given one message's frame at a time, and colours as the stream's headers say.
#pragma once

#include "messages/image/video.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>

namespace saffron::tests {

class stream_decoder {
public:
  explicit stream_decoder(image::video_codec codec) {
    if (!context_ || !packet_ || !shown_ || !none_ || avcodec_open2(context_.get(), find(codec), nullptr) != 0)
      throw std::runtime_error("no such decoder");
  }

  /// One message's frame shows exactly one picture, at once.
  [[nodiscard]] bool decode(std::span<const std::byte> data) {
    if (av_new_packet(packet_.get(), static_cast<int>(data.size())) != 0) return false;
    std::ranges::copy(data, reinterpret_cast<std::byte*>(packet_->data));
    const bool taken = avcodec_send_packet(context_.get(), packet_.get()) == 0;
    av_packet_unref(packet_.get());
    return taken && avcodec_receive_frame(context_.get(), shown_.get()) == 0 &&
           avcodec_receive_frame(context_.get(), none_.get()) == AVERROR(EAGAIN);
  }

  /// The last frame: its planes, and what its headers said.
  [[nodiscard]] const AVFrame& shown() const { return *shown_; }

  /// The last frame as a screen shows it, by the formula of its standard.
  [[nodiscard]] image::bitmap picture() const {
    const auto& f = *shown_;
    if (f.format != AV_PIX_FMT_YUV420P) throw std::runtime_error("not 4:2:0 of 8 bits");
    // As GStreamer does: what VP8 does not say goes by the height.
    const bool bt709 = context_->codec_id == AV_CODEC_ID_VP8 ? f.height > 576 : f.colorspace == AVCOL_SPC_BT709;
    const double of_red = bt709 ? 0.2126 : 0.299, of_blue = bt709 ? 0.0722 : 0.114;
    const auto sample = [&](int plane, int x, int y) { return double(f.data[plane][y * f.linesize[plane] + x]); };
    const auto byte = [](double v) { return static_cast<std::byte>(std::clamp(std::lround(v), 0L, 255L)); };
    image::bitmap to;
    to.width = static_cast<std::uint32_t>(f.width);
    to.height = static_cast<std::uint32_t>(f.height);
    for (int y = 0; y < f.height; ++y)
      for (int x = 0; x < f.width; ++x) {
        const double light = (sample(0, x, y) - 16) * 255 / 219;
        const double blue = light + 2 * (1 - of_blue) * (sample(1, x / 2, y / 2) - 128) * 255 / 224;
        const double red = light + 2 * (1 - of_red) * (sample(2, x / 2, y / 2) - 128) * 255 / 224;
        const double green = (light - of_red * red - of_blue * blue) / (1 - of_red - of_blue);
        for (const auto channel : {byte(blue), byte(green), byte(red), std::byte{0}}) to.pixels.push_back(channel);
      }
    return to;
  }

private:
  static const AVCodec* find(image::video_codec codec) {
    switch (codec) {
    case image::video_codec::vp8: return avcodec_find_decoder(AV_CODEC_ID_VP8);
    case image::video_codec::vp9: return avcodec_find_decoder(AV_CODEC_ID_VP9);
    case image::video_codec::h264: return avcodec_find_decoder(AV_CODEC_ID_H264);
    case image::video_codec::h265: return avcodec_find_decoder(AV_CODEC_ID_HEVC);
    case image::video_codec::mjpeg: break;
    }
    return avcodec_find_decoder(AV_CODEC_ID_MJPEG);
  }

  struct freer {
    void operator()(AVCodecContext* c) const { avcodec_free_context(&c); }
    void operator()(AVPacket* p) const { av_packet_free(&p); }
    void operator()(AVFrame* f) const { av_frame_free(&f); }
  };
  std::unique_ptr<AVCodecContext, freer> context_{avcodec_alloc_context3(nullptr)};
  std::unique_ptr<AVPacket, freer> packet_{av_packet_alloc()};
  std::unique_ptr<AVFrame, freer> shown_{av_frame_alloc()}, none_{av_frame_alloc()};
};

} // namespace saffron::tests
