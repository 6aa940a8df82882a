// SPDX-License-Identifier: BSD-3-Clause
// One running encoder of libavcodec.
#pragma once

#include "messages/image/avcodec/handles.hpp"
#include "messages/image/avcodec/recipes.hpp"
#include "messages/image/avcodec/upload.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace saffron::avcodec {

/// Bits of one second, and among how many frames they are shared out.
struct rate {
  std::uint64_t bits_per_second = 0;
  std::uint32_t frames_per_second = 1;
  [[nodiscard]] double share() const noexcept { return static_cast<double>(bits_per_second) / frames_per_second; }
};

class encoder {
public:
  /// Null if it cannot be opened, and then why.
  [[nodiscard]] static std::unique_ptr<encoder> open(const saffron_video_setting& setting, std::string& reason);

  /// Memory for the next picture. Null if it is short.
  [[nodiscard]] const AVFrame* picture();
  /// Encodes the picture. Null if the encoder failed or kept it back; the packet lives until the next call.
  [[nodiscard]] const AVPacket* encode(bool key_frame);
  void set_rate(rate wished) noexcept;

private:
  encoder(const recipe& how, const saffron_video_setting& setting);
  [[nodiscard]] bool start(std::string& reason);
  /// Before each picture: what the rate's wish means for a running encoder. False if it had to begin anew and failed.
  [[nodiscard]] bool follow_rate();
  [[nodiscard]] bool far_from_begun() const noexcept;

  const recipe* recipe_;
  int width_, height_, threads_;
  bool bt709_;
  rate wished_, begun_;

  context_handle context_;
  upload upload_;
  frame_handle picture_;
  packet_handle packet_;
  std::int64_t time_ = 0;
  bool begins_ = true; // the next picture is the encoder's first
};

} // namespace saffron::avcodec
