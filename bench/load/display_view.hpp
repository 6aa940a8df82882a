// SPDX-License-Identifier: BSD-3-Clause
// What the messages of one display channel do to the picture: where something was drawn, whether the first full frame
// is there, and if wanted the pixels themselves.
#pragma once

#include "bench/load/canvas.hpp"
#include "bench/load/coverage.hpp"
#include "bench/load/framing.hpp"
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
};

class display_view {
public:
  enum class decoding : std::uint8_t { none, watched, everything };

  /// With decoding::watched only what touches `watch` is drawn: copies from elsewhere bring nothing new.
  explicit display_view(decoding wanted, rect watch = {});

  display_change apply(const message_view& m);

  /// Every pixel of the primary surface was drawn once since it was created.
  [[nodiscard]] bool full_frame() const noexcept { return primary_ && open_.complete(); }
  [[nodiscard]] extent primary_size() const noexcept { return primary_ ? surfaces_.at(*primary_) : extent{}; }
  [[nodiscard]] const canvas* pixels() const noexcept { return canvas_ ? &*canvas_ : nullptr; }

private:
  struct video_stream {
    std::uint32_t surface_id = 0;
    rect destination;
  };

  display_change apply_beginning(const message_view& m);
  void note(const wire::display::to_client::message& message, display_change& change);
  void note_draw(display_change& change, std::uint32_t surface, const rect& box,
                 const wire::display::clip_region* clip);
  void note_stream(display_change& change, std::uint32_t stream, const rect* destination);

  std::unordered_map<std::uint32_t, extent> surfaces_;
  std::unordered_map<std::uint32_t, video_stream> streams_;
  std::optional<std::uint32_t> primary_;
  coverage open_;
  std::optional<canvas> canvas_;
  std::optional<rect> only_;
};

} // namespace saffron::load
