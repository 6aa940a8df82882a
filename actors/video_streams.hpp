// SPDX-License-Identifier: BSD-3-Clause
// The video streams that one client has open: which areas have one, under which number, and at which quality their
// frames travel. Frames are JPEGs of the console's pictures, so clients of one quality share each frame.
#pragma once

#include "messages/display.hpp"
#include "messages/wire/display.hpp"

#include <chrono>
#include <optional>
#include <vector>

namespace saffron::actors {

class video_streams {
public:
  using time_point = std::chrono::steady_clock::time_point;

  struct stream {
    video_area of;
    /// The protocol's number, and the one by which reports name this stream.
    std::uint32_t id = 0, unique = 0;
    /// Index into the qualities, best first.
    std::size_t quality = 0;
    /// Frames in a row that would have allowed a better quality.
    int easy = 0;
    time_point last_frame{};
    /// Seconds from frame to frame, lately; 0 before the second.
    double interval = 0;
  };

  /// Streams of areas that are no more. They are forgotten.
  [[nodiscard]] std::vector<stream> ended(const std::vector<video_area>& now);
  /// All of them, forgotten.
  [[nodiscard]] std::vector<stream> end_all() { return ended({}); }
  [[nodiscard]] stream* find(const video_area& area);
  /// A new stream for this area. None: there are as many as clients take.
  [[nodiscard]] stream* open(const video_area& area);

  /// What this frame of the stream is encoded as.
  [[nodiscard]] static image_form form_of(const stream& s);
  /// A frame of so many bytes leaves, on a line that takes `bytes_per_second` (0: unknown).
  void sent(stream& s, std::size_t bytes, double bytes_per_second, time_point now);
  /// The client could not show frames in time.
  void dropped(stream& s);
  [[nodiscard]] stream* by_number(std::uint32_t id);

  [[nodiscard]] std::size_t size() const noexcept { return streams_.size(); }

private:
  std::vector<stream> streams_;
  std::uint32_t last_unique_ = 0;
};

[[nodiscard]] wire::display::to_client::stream_create create_of(const video_streams::stream& s);

} // namespace saffron::actors
