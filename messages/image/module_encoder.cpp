// SPDX-License-Identifier: BSD-3-Clause
#include "messages/image/module_encoder.hpp"

#include <algorithm>
#include <array>

namespace saffron::image {

namespace {

std::span<const std::byte> bytes_of(const saffron_video_packet& packet) {
  return std::as_bytes(std::span{packet.data, packet.size});
}

} // namespace

tl::expected<std::unique_ptr<video_encoder>, std::string>
module_encoder::open(const saffron_video_functions& functions, const video_setting& setting, const char* name) {
  if (!possible(setting)) return tl::unexpected{std::string{"no video has such a size or rate"}};
  const saffron_video_setting wish{name,
                                   setting.size.width,
                                   setting.size.height,
                                   setting.frames_per_second,
                                   setting.bits_per_second,
                                   setting.threads,
                                   usual_matrix(setting.size) == colour_matrix::bt709 ? 1u : 0u};
  std::array<char, 256> reason{};
  handle encoder{functions.create(&wish, reason.data(), reason.size()), {&functions}};
  if (!encoder) return tl::unexpected{std::string{reason.data()}};
  saffron_video_planes planes{};
  if (functions.planes(encoder.get(), &planes) == 0) return tl::unexpected{std::string{"memory is short"}};
  const extent decoded{planes.width, planes.height};
  return std::unique_ptr<video_encoder>{new module_encoder{std::move(encoder), setting, decoded, name}};
}

result<encoded_frame> module_encoder::encode(const bitmap_view& frame, bool key_frame) {
  if (!fits(frame, setting_.size)) return fail{errc::codec_failed};
  saffron_video_planes planes{};
  if (call().planes(encoder_.get(), &planes) == 0) return fail{errc::codec_failed};
  const yuv420_planes to{{planes.width, planes.height}, planes.luma, planes.blue, planes.red, planes.luma_stride,
                         planes.colour_stride};
  saffron_video_packet packet{};
  if (!to_yuv420(frame, usual_matrix(setting_.size), to) ||
      call().encode(encoder_.get(), key_frame ? 1 : 0, &packet) == 0)
    return fail{errc::codec_failed};
  encoded_frame encoded;
  encoded.data = shared_bytes::copy_of(bytes_of(packet));
  encoded.key_frame = packet.key_frame != 0;
  if (packet.quantiser >= 0) encoded.quantiser = static_cast<std::uint32_t>(packet.quantiser);
  return encoded;
}

void module_encoder::set_bit_rate(std::uint64_t bits_per_second) {
  setting_.bits_per_second = std::max<std::uint64_t>(bits_per_second, 1);
  call().set_rate(encoder_.get(), setting_.bits_per_second, setting_.frames_per_second);
}

void module_encoder::set_frame_rate(std::uint32_t frames_per_second) {
  setting_.frames_per_second = std::max(frames_per_second, 1u);
  call().set_rate(encoder_.get(), setting_.bits_per_second, setting_.frames_per_second);
}

} // namespace saffron::image
