// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/mjpeg.hpp"

#include "messages/image/jpeg.hpp"

#include <algorithm>

namespace saffron::image {

mjpeg_encoder::mjpeg_encoder(const video_setting& setting) noexcept
    : setting_(setting), control_(setting.size, setting.bits_per_second, setting.frames_per_second) {}

result<encoded_frame> mjpeg_encoder::encode(const bitmap_view& frame, bool /*key_frame: each is one*/) {
  if (!fits(frame, setting_.size)) return fail{errc::codec_failed};
  const auto quality = control_.quality();
  auto data = jpeg_encode(frame, quality);
  if (!data) return fail{data.error()};
  control_.frame_was(data->size());
  encoded_frame encoded;
  encoded.data = *std::move(data);
  encoded.key_frame = true;
  encoded.quality = static_cast<std::uint32_t>(quality);
  return encoded;
}

void mjpeg_encoder::set_bit_rate(std::uint64_t bits_per_second) {
  setting_.bits_per_second = std::max<std::uint64_t>(bits_per_second, 1);
  control_.set_rate(setting_.bits_per_second, setting_.frames_per_second);
}

void mjpeg_encoder::set_frame_rate(std::uint32_t frames_per_second) {
  setting_.frames_per_second = std::max(frames_per_second, 1u);
  control_.set_rate(setting_.bits_per_second, setting_.frames_per_second);
}

} // namespace saffron::image
