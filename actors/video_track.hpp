// SPDX-License-Identifier: BSD-3-Clause
// The frames of one video in one coding, for everybody who watches it: each picture is encoded once, the last few
// frames are kept, and a viewer that has missed some gets those, or the newest key frame, or waits for the next one.
#pragma once

#include "messages/counters.hpp"
#include "messages/display.hpp"
#include "messages/image/video.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <vector>

namespace saffron::actors {

class video_track {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Key frames for viewers that cannot follow come no more often than this: everybody else pays for them.
  static constexpr auto key_interval = std::chrono::milliseconds{500};
  /// Frames kept for viewers that skipped some. Catching up with more than these costs more than a key frame.
  static constexpr std::size_t most_kept = 8;

  /// Pictures are made smaller by `reduction` before they are encoded.
  video_track(std::unique_ptr<image::video_encoder> encoder, std::uint32_t reduction, counters& counted)
      : encoder_(std::move(encoder)), reduction_(reduction), counted_(counted) {}

  /// What a viewer needs that has frame `last` (0: none) to be as new as `shown`, or newer. Nothing: it has to wait.
  /// errc::codec_failed: the encoder gave up.
  [[nodiscard]] result<std::vector<coded_frame>> serve(const picture& shown, std::uint64_t last, time_point now);

private:
  [[nodiscard]] std::vector<coded_frame> frames_after(std::uint64_t last) const;
  [[nodiscard]] result<image::encoded_frame> encoded(const picture& shown, bool key);
  [[nodiscard]] result<void> encode(const picture& shown, bool key, time_point now);
  void note_pace(time_point now);

  std::unique_ptr<image::video_encoder> encoder_;
  std::uint32_t reduction_;
  counters& counted_;
  /// The newest is last; a key frame is first or was dropped.
  std::deque<coded_frame> kept_;
  std::uint64_t last_number_ = 0, newest_picture_ = 0;
  /// Somebody waits for a key frame.
  bool key_wanted_ = true;
  time_point last_key_{}, last_frame_{};
  /// Seconds from frame to frame, lately; 0 before the second.
  double interval_ = 0;
};

} // namespace saffron::actors
