// SPDX-License-Identifier: BSD-3-Clause
// Motion JPEG, the video that every SPICE client decodes: each frame a JPEG of its own with all its tables, 4:2:0.
#pragma once

#include "messages/image/quality_control.hpp"
#include "messages/image/video.hpp"

#include <memory>

namespace saffron::image {

/// Keeps to the bit rate by the quality alone, between quality_control's bounds: at a rate below what the lowest
/// quality gives, frames are larger than their share, and fewer of them should be sent.
class mjpeg_encoder final : public video_encoder {
public:
  /// `setting` must be possible() and of the codec MJPEG.
  explicit mjpeg_encoder(const video_setting& setting) noexcept;

  [[nodiscard]] result<encoded_frame> encode(const bitmap_view& frame, bool key_frame) override;
  void set_bit_rate(std::uint64_t bits_per_second) override;
  void set_frame_rate(std::uint32_t frames_per_second) override;
  [[nodiscard]] const video_setting& setting() const noexcept override { return setting_; }
  [[nodiscard]] extent decoded_size() const noexcept override { return setting_.size; }
  [[nodiscard]] std::string_view name() const noexcept override { return "turbojpeg"; }

private:
  video_setting setting_;
  quality_control control_;
};

} // namespace saffron::image
