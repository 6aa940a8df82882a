// SPDX-License-Identifier: BSD-3-Clause
// What the video encoders of SPICE's streams have in common. A stream's message holds one complete frame that is shown
// at once, so no encoder may keep a picture back, reorder pictures or make frames that are not shown.
#pragma once

#include "messages/bytes.hpp"
#include "messages/errc.hpp"
#include "messages/geometry.hpp"
#include "messages/image/bitmap.hpp"
#include "messages/wire/display_stream.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace saffron::image {

using wire::display::video_codec;

/// No codec's name for a picture is wider: JPEG ends at 65535, VP8 and H.264 in practice at 16384.
inline constexpr std::uint32_t max_video_edge = 16384;

struct video_setting {
  video_codec codec = video_codec::mjpeg;
  /// Of every frame. Another size is another encoder.
  extent size;
  /// How many frames are to be expected in a second; only the share of bits that one frame gets depends on it.
  std::uint32_t frames_per_second = 30;
  std::uint64_t bits_per_second = 8'000'000;
  /// How many cores one frame may use.
  std::uint32_t threads = 1;
};

/// Such a video can be encoded: edges of 1..max_video_edge, rates and threads that are not zero.
[[nodiscard]] constexpr bool possible(const video_setting& s) noexcept {
  return s.size.width > 0 && s.size.height > 0 && s.size.width <= max_video_edge && s.size.height <= max_video_edge &&
         s.frames_per_second > 0 && s.bits_per_second > 0 && s.threads > 0;
}

struct encoded_frame {
  /// Never empty. H.264 and H.265 are Annex B byte streams with all parameter sets before each key frame.
  shared_bytes data;
  /// A decoder can begin here.
  bool key_frame = false;
  /// JPEG's quality, 1..100.
  std::optional<std::uint32_t> quality;
  /// The mean quantiser, larger is coarser: 0..51 of H.264 and H.265, 0..63 of VP8 and VP9. Some hardware does not
  /// tell.
  std::optional<std::uint32_t> quantiser;
};

/// The encoder of one stream. Its first frame is a key frame, the others only if asked for, or after a great change of
/// the rate (see set_bit_rate). Not for use by two threads at once.
class video_encoder {
public:
  video_encoder() = default;
  video_encoder(const video_encoder&) = delete;
  video_encoder& operator=(const video_encoder&) = delete;
  virtual ~video_encoder() = default;

  /// One frame, of top-down rgb_32bit pixels of exactly the setting's size; any stride. errc::codec_failed for another
  /// picture, or if the encoder failed. After a failure that the picture is not to blame for, another encoder is
  /// needed.
  [[nodiscard]] virtual result<encoded_frame> encode(const bitmap_view& frame, bool key_frame) = 0;

  /// From the next frame on. Zero is taken for one. An encoder that cannot change its rate begins anew, with a key
  /// frame, when the wish has moved far enough from what it was begun with.
  virtual void set_bit_rate(std::uint64_t bits_per_second) = 0;
  virtual void set_frame_rate(std::uint32_t frames_per_second) = 0;

  /// The setting that it was made with, and the rates set since.
  [[nodiscard]] virtual const video_setting& setting() const noexcept = 0;
  /// What a client's decoder makes of a frame. It is the setting's size, but even for H.264 and H.265, whose headers
  /// cannot say odd sizes in 4:2:0. The column and row that were added repeat their neighbours: a stream whose
  /// destination has this size, clipped to the true one, shows every pixel at its place.
  [[nodiscard]] virtual extent decoded_size() const noexcept = 0;
  /// Which encoder it is: "turbojpeg", "libx264".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
};

/// The frame is one that an encoder of this size takes.
[[nodiscard]] inline bool fits(const bitmap_view& frame, extent size) noexcept {
  return frame.format == bitmap_format::rgb_32bit && frame.top_down && frame.whole() && frame.width == size.width &&
         frame.height == size.height;
}

} // namespace saffron::image
