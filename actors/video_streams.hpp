// SPDX-License-Identifier: BSD-3-Clause
// The video streams that one client has open: which areas have one, under which number, and in which coding their
// frames travel. Codings are few, so that clients share their frames.
#pragma once

#include "actors/video_choice.hpp"
#include "messages/display.hpp"
#include "messages/wire/display.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace saffron::actors {

class video_streams {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Clients are asked to report every fifth frame.
  static constexpr int most_unreported = 60;

  struct stream {
    video_area of;
    /// The protocol's number, and the one by which reports name this stream.
    std::uint32_t id = 0, unique = 0;
    video_codec codec = video_codec::mjpeg;
    /// Step of video_rate(), and the best one for this size.
    std::size_t rate = 0, best = 0;
    /// Of the frames now, and of those that the stream was created for: others need sized frames.
    std::uint32_t reduction = 1, created_reduction = 1;
    /// The last frame of this coding that was sent; 0: none.
    std::uint64_t last = 0;
    /// Frames since the client's last report.
    int unreported = 0;
    /// Frames in a row that would have allowed a better rate.
    int easy = 0;
    time_point last_frame{};
    /// Seconds from frame to frame, lately; 0 before the second.
    double interval = 0;
    /// Bytes of a frame, lately.
    double bytes = 0;

    /// Of a client that reports: it plays nothing of this. spice-gtk ends a stream without a word when the decoder that
    /// it announced turns out to lack a part.
    [[nodiscard]] bool silent() const noexcept { return codec != video_codec::mjpeg && unreported >= most_unreported; }
    [[nodiscard]] video_coding coding() const noexcept { return {codec, video_rate(rate), reduction}; }
  };

  /// `sized`: frames of a stream may change their size.
  explicit video_streams(bool sized = false) : sized_(sized) {}

  /// Streams of areas that are no more. They are forgotten.
  [[nodiscard]] std::vector<stream> ended(const std::vector<video_area>& now);
  /// All of them, forgotten.
  [[nodiscard]] std::vector<stream> end_all() { return ended({}); }
  [[nodiscard]] stream* find(const video_area& area);
  /// A new stream for this area, on a line that takes `bytes_per_second` (0: unknown). None: there are as many as
  /// clients take.
  [[nodiscard]] stream* open(const video_area& area, video_codec codec, double bytes_per_second);

  /// Frames of so many bytes leave, on a line that takes `bytes_per_second` (0: unknown).
  void sent(stream& s, std::size_t bytes, double bytes_per_second, time_point now);
  /// The client could not show frames in time.
  void dropped(stream& s);
  [[nodiscard]] stream* by_number(std::uint32_t id);

  [[nodiscard]] std::size_t size() const noexcept { return streams_.size(); }
  [[nodiscard]] const std::vector<stream>& all() const noexcept { return streams_; }

private:
  void change_rate(stream& s, std::size_t step) const;

  std::vector<stream> streams_;
  std::uint32_t last_unique_ = 0;
  bool sized_;
};

[[nodiscard]] extent size_of(const rect& area) noexcept;

/// What a client's decoder makes of the stream's frames, and where that is drawn.
struct frame_place {
  extent decoded;
  rect destination;
};
[[nodiscard]] frame_place place_of(const video_streams::stream& s) noexcept;

[[nodiscard]] wire::display::to_client::stream_create create_of(const video_streams::stream& s);

} // namespace saffron::actors
