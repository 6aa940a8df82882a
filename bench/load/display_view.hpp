// SPDX-License-Identifier: BSD-3-Clause
// What the messages of one display channel do to the picture: where something was drawn, whether the first full frame
// is there, and if wanted the pixels themselves.
#pragma once

#include "bench/load/canvas.hpp"
#include "bench/load/coverage.hpp"
#include "bench/load/framing.hpp"
#include "bench/load/stream_reports.hpp"
#include "messages/errc.hpp"

#include <optional>
#include <unordered_map>

namespace saffron::load {

/// What one message did.
struct display_change {
  /// Not errc::none when the server must not send such a message.
  errc violation = errc::none;
  /// Something was drawn, on the primary surface or on another.
  bool drew = false;
  bool on_primary = false;
  /// Where, at most, inside the surface.
  rect area;
  /// Pixels that were drawn, those of overlapping clip rectangles twice.
  std::uint64_t pixels = 0;
  /// It was a frame of a video.
  bool video_frame = false;
  /// A video begins, in this codec.
  std::optional<wire::display::video_codec> begun;
  /// What the server is to be told about a video.
  std::optional<wire::display::to_server::stream_report> report;
};

class display_view {
public:
  enum class decoding : std::uint8_t { none, watched, everything };

  /// With decoding::watched only what touches `watch` is drawn: copies from elsewhere bring nothing new.
  explicit display_view(decoding wanted, rect watch = {});

  /// `at` is when its last byte was read.
  display_change apply(const message_view& m, clock::time_point at = {});

  /// Every pixel of the primary surface was drawn once since it was created.
  [[nodiscard]] bool full_frame() const noexcept { return primary_ && open_.complete(); }
  [[nodiscard]] extent primary_size() const noexcept { return primary_ ? surfaces_.at(*primary_) : extent{}; }
  [[nodiscard]] const canvas* pixels() const noexcept { return canvas_ ? &*canvas_ : nullptr; }

private:
  struct video_stream {
    std::uint32_t surface_id = 0;
    rect destination;
    wire::display::clip_region clip;
  };
  /// A frame of a video; its destination if that is not the video's.
  struct frame {
    std::uint32_t stream = 0;
    std::uint32_t multi_media_time = 0;
    const rect* destination = nullptr;
  };

  display_change apply_beginning(const message_view& m, clock::time_point at);
  void note(const wire::display::to_client::message& message, display_change& change, clock::time_point at);
  void note_draw(display_change& change, std::uint32_t surface, const rect& box,
                 const wire::display::clip_region* clip);
  void note_frame(display_change& change, const frame& f, clock::time_point at);

  std::unordered_map<std::uint32_t, extent> surfaces_;
  std::unordered_map<std::uint32_t, video_stream> streams_;
  stream_reports reports_;
  std::optional<std::uint32_t> primary_;
  coverage open_;
  std::optional<canvas> canvas_;
  std::optional<rect> only_;
};

} // namespace saffron::load
