// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_choice.hpp"

#include <algorithm>
#include <array>

namespace saffron::actors {

namespace {

using wire::display_capability;

constexpr std::uint64_t lowest_rate = 250'000;
/// Bits for a pixel of a frame at which artefacts are hard to see, and the pace that they are meant for.
constexpr double mjpeg_bits_per_pixel = 1.5, vp8_bits_per_pixel = 0.15, other_bits_per_pixel = 0.12;
constexpr double usual_frames_per_second = 30;
/// With a sixth of those bits blocks are worse than blur. Smaller frames than this are not worth it.
constexpr double share_of_blocks = 1.0 / 6;
constexpr std::uint32_t most_reduction = 4, least_edge = 64;

bool has(const codec_list& list, video_codec codec) { return std::find(list.begin(), list.end(), codec) != list.end(); }

double bits_per_pixel(video_codec codec) noexcept {
  if (codec == video_codec::mjpeg) return mjpeg_bits_per_pixel;
  return codec == video_codec::vp8 ? vp8_bits_per_pixel : other_bits_per_pixel;
}

// H.265 last of those with memory: in software it costs three times the CPU of H.264.
codec_list usual_order(extent size, double bytes_per_second) {
  using c = video_codec;
  if (bytes_per_second * 8 / 2 >= static_cast<double>(video_rate(best_rate(c::mjpeg, size))))
    return {c::mjpeg, c::h264, c::vp8, c::vp9, c::h265};
  return {c::h264, c::vp8, c::vp9, c::h265, c::mjpeg};
}

} // namespace

codec_list decodable(const wire::capability_set& client) {
  if (!client.has(display_capability::multi_codec)) return {video_codec::mjpeg};
  constexpr std::array all{std::pair{display_capability::codec_mjpeg, video_codec::mjpeg},
                           std::pair{display_capability::codec_vp8, video_codec::vp8},
                           std::pair{display_capability::codec_h264, video_codec::h264},
                           std::pair{display_capability::codec_vp9, video_codec::vp9},
                           std::pair{display_capability::codec_h265, video_codec::h265}};
  codec_list out;
  for (const auto& [capability, codec] : all)
    if (client.has(capability)) out.push_back(codec);
  return out;
}

std::optional<video_codec> choose_codec(const codec_wishes& wishes, extent size, double bytes_per_second) {
  auto order = wishes.preferred;
  const auto rest = wishes.allowed.empty() ? usual_order(size, bytes_per_second) : wishes.allowed;
  order.insert(order.end(), rest.begin(), rest.end());
  const auto good = std::find_if(order.begin(), order.end(), [&](video_codec c) {
    return has(wishes.encodable, c) && has(wishes.decodable, c) && (wishes.allowed.empty() || has(wishes.allowed, c));
  });
  return good == order.end() ? std::nullopt : std::optional{*good};
}

std::uint64_t video_rate(std::size_t step) noexcept { return lowest_rate << std::min(step, video_rate_steps - 1); }

std::size_t best_rate(video_codec codec, extent size) noexcept {
  const auto wanted = bits_per_pixel(codec) * usual_frames_per_second * size.width * size.height;
  std::size_t step = 0;
  while (step + 1 < video_rate_steps && static_cast<double>(video_rate(step)) < wanted) ++step;
  return step;
}

std::uint32_t reduction_for(video_codec codec, extent size, std::size_t step) noexcept {
  const auto pixels = usual_frames_per_second * size.width * size.height;
  std::uint32_t factor = 1;
  const auto too_few = [&] {
    return static_cast<double>(video_rate(step)) * factor * factor < pixels * bits_per_pixel(codec) * share_of_blocks;
  };
  while (factor < most_reduction && std::min(size.width, size.height) / factor / 2 >= least_edge && too_few())
    factor *= 2;
  return factor;
}

std::size_t first_rate(std::size_t best, double bytes_per_second) noexcept {
  if (bytes_per_second <= 0) return best;
  auto step = best;
  while (step > 0 && static_cast<double>(video_rate(step)) > bytes_per_second * 8 / 2) --step;
  return step;
}

} // namespace saffron::actors
