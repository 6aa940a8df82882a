// SPDX-License-Identifier: BSD-3-Clause
// The module's one door: libavcodec's encoders as messages/image/video_functions.hpp wants them.
#include "messages/image/avcodec/encoder.hpp"
#include "messages/image/avcodec/log.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <vector>

struct saffron_video_encoder {
  std::unique_ptr<saffron::avcodec::encoder> encoder;
};

namespace saffron::avcodec {

namespace {

void tell(const std::string& reason, char* to, std::size_t size) noexcept {
  if (!to || size == 0) return;
  const auto length = std::min(reason.size(), size - 1);
  std::memcpy(to, reason.data(), length);
  to[length] = '\0';
}

saffron_video_encoder* create(const saffron_video_setting* setting, char* reason, std::size_t reason_size) {
  try {
    std::string why = "memory is short";
    auto made = encoder::open(*setting, why);
    if (made) return new saffron_video_encoder{std::move(made)};
    tell(why, reason, reason_size);
  } catch (const std::bad_alloc&) {
    if (reason && reason_size > 0) *reason = '\0';
  }
  return nullptr;
}

void destroy(saffron_video_encoder* encoder) { delete encoder; }

int planes(saffron_video_encoder* encoder, saffron_video_planes* to) {
  const auto* picture = encoder->encoder->picture();
  if (!picture) return 0;
  *to = {static_cast<std::uint32_t>(picture->width),
         static_cast<std::uint32_t>(picture->height),
         picture->data[0],
         picture->data[1],
         picture->data[2],
         static_cast<std::size_t>(picture->linesize[0]),
         static_cast<std::size_t>(picture->linesize[1])};
  return 1;
}

/// libavcodec's "quality" is the quantiser times this.
constexpr std::int32_t quality_of_quantiser = FF_QP2LAMBDA;

std::int32_t quantiser_of(const AVPacket& packet) {
  std::size_t size = 0;
  const auto* data = av_packet_get_side_data(&packet, AV_PKT_DATA_QUALITY_STATS, &size);
  if (!data || size < 4) return -1;
  const auto quality = data[0] | data[1] << 8 | data[2] << 16 | data[3] << 24; // little endian
  return quality > 0 ? quality / quality_of_quantiser : -1;
}

int encode(saffron_video_encoder* encoder, int key_frame, saffron_video_packet* to) {
  try {
    const auto* packet = encoder->encoder->encode(key_frame != 0);
    if (!packet) return 0;
    *to = {packet->data, static_cast<std::size_t>(packet->size), (packet->flags & AV_PKT_FLAG_KEY) != 0 ? 1u : 0u,
           quantiser_of(*packet)};
    return 1;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

void set_rate(saffron_video_encoder* encoder, std::uint64_t bits_per_second, std::uint32_t frames_per_second) {
  encoder->encoder->set_rate({bits_per_second, frames_per_second});
}

/// What libavcodec was built with.
std::vector<saffron_video_encoder_name> known_encoders() {
  std::vector<saffron_video_encoder_name> known;
  for (const auto& r : all_recipes())
    if (avcodec_find_encoder_by_name(r.name)) known.push_back({r.codec, r.name});
  return known;
}

std::string version_text() {
  const auto version = avcodec_version();
  return "libavcodec " + std::to_string(AV_VERSION_MAJOR(version)) + "." + std::to_string(AV_VERSION_MINOR(version)) +
         "." + std::to_string(AV_VERSION_MICRO(version));
}

} // namespace

} // namespace saffron::avcodec

extern "C" __attribute__((visibility("default"))) const saffron_video_functions* saffron_video_module() {
  using namespace saffron::avcodec;
  static const auto encoders = (keep_messages(), known_encoders());
  static const auto library = version_text();
  static const saffron_video_functions functions{saffron_video_version,
                                                 library.c_str(),
                                                 encoders.data(),
                                                 encoders.size(),
                                                 create,
                                                 destroy,
                                                 planes,
                                                 encode,
                                                 set_rate};
  return &functions;
}
