// SPDX-License-Identifier: BSD-3-Clause
// What a console knows and does, without the actor: one surface, its draw log, the cursor, and the viewers that read
// both. Nothing is sent to a viewer that has not asked. What was drawn during one message or completion goes out
// together, with flush().
#pragma once

#include "devices/display/canvas.hpp"
#include "devices/display/draw_log.hpp"
#include "devices/display/feed.hpp"
#include "devices/display/moving_areas.hpp"
#include "devices/display/snapshots.hpp"
#include "devices/display/surface.hpp"
#include "messages/counters.hpp"
#include "messages/display.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>

namespace saffron::devices {

/// Where a viewer's updates go. Must not call back into the console.
using display_port = std::function<void(display_update)>;
using cursor_port = std::function<void(cursor_update)>;

class console_state final : public canvas {
public:
  using time_point = moving_areas::time_point;

  /// Without a surface; viewers wait until there is one. `id` is for log lines and status.
  console_state(std::uint8_t id, counters& counts, std::size_t log_length = defaults::draw_log_length,
                const picture_settings& pictures = {})
      : id_(id), counts_(counts), log_(counts, log_length), video_policy_(pictures.video),
        least_motion_(pictures.motion.least_pixels), moving_(rules_of(pictures)) {}
  console_state(const console_state&) = delete;
  console_state& operator=(const console_state&) = delete;
  ~console_state() override { end(); }

  // -- viewers ----------------------------------------------------------------------------------------------------

  /// A viewer's first update is everything. The same id again starts anew with the new port.
  void attach_display(viewer_id viewer, display_port port);
  void attach_cursor(viewer_id viewer, cursor_port port);
  /// One update for this viewer, at once or by a later flush(). Unknown viewers are ignored. A second pull before the
  /// answer only changes the limit.
  void pull_display(viewer_id viewer, std::size_t pixel_bytes, bool video = false);
  /// The viewer wants these areas again, when nothing newer waits for it.
  void refine_display(viewer_id viewer, std::span<const rect> areas);
  void pull_cursor(viewer_id viewer);
  void detach(viewer_id viewer);
  /// Answers the viewers that wait for something different, if anything was drawn since the last flush.
  void flush(time_point now = {});
  /// Ends videos that rest. Returns when to look again; `max()`: when something was drawn.
  time_point end_videos(time_point now);

  // -- sources ----------------------------------------------------------------------------------------------------

  /// Applies the commands in order and returns how many they were: the source's credit. A command that is malformed
  /// (nothing of it on the surface, or pixels of the wrong size) is dropped, which is counted and costs no credit.
  std::uint32_t apply(const draw_batch& batch);
  /// Starts to be fed by `feed` and stops the feed before it. None: only stops.
  void attach_feed(std::shared_ptr<console_feed> feed, transport::activation& actor);
  /// Stops the feed and forgets the viewers.
  void end() noexcept;

  [[nodiscard]] console_status status() const;

  // -- canvas -----------------------------------------------------------------------------------------------------

  [[nodiscard]] extent size() const override { return surface_.size(); }
  [[nodiscard]] result<void> set_size(extent size) override;
  [[nodiscard]] std::span<std::byte> row(std::uint32_t y) override { return surface_.row(y); }
  void touched(rect area) override;
  void draw(const fill& command) override { (void)apply(command); }
  void draw(const copy_bits& command) override { (void)apply(command); }
  /// A generation smaller than the present one is raised to it, so that a new source, which counts from 0, hides no
  /// reset from the viewers.
  void set_cursor(const cursor_state& state) override;
  [[nodiscard]] const cursor_state& cursor() const override { return cursor_; }
  void blank() override;

private:
  struct display_viewer {
    draw_log::reader* place = nullptr;
    display_port port;
    /// Bytes of pixels it waits for; none: it has not asked.
    std::optional<std::size_t> wanted;
    /// It takes videos, and knows this version of what there are.
    bool video = false;
    std::uint64_t video_version = 0;
  };
  struct cursor_viewer {
    cursor_port port;
    /// The version it took last; 0 is none.
    std::uint64_t version = 0;
    bool waiting = false;
  };

  // False: nothing of the command is on the surface, or it makes no sense.
  bool apply(const set_surface& command) { return set_size(command.size).has_value(); }
  bool apply(const fill& command);
  bool apply(const copy_bits& command);
  bool apply(const put_pixels& command);
  bool apply(const draw_image& command);
  [[nodiscard]] bool has_news(const display_viewer& v) const noexcept {
    return log_.has_news(*v.place) || (v.video && v.video_version != video_version_);
  }
  [[nodiscard]] static motion_rules rules_of(const picture_settings& pictures);
  void watch_motion(time_point now);
  void watch_areas(const region& drawn, time_point now);
  void add_frames(display_viewer& v, display_update& update);
  void answer(display_viewer& v);
  void answer(cursor_viewer& v);
  void read_from_feed(rect area);
  void pixels_changed(rect area);
  void report_dropped(std::size_t commands);

  std::uint8_t id_;
  counters& counts_;
  surface surface_;
  /// Counts surfaces; 0: there was none yet.
  std::uint32_t epoch_ = 0;
  draw_log log_;
  snapshots snapshots_;
  video_policy video_policy_;
  std::uint64_t least_motion_;
  moving_areas moving_;
  /// Counts changes of moving_.moving(). Viewers start at 0.
  std::uint64_t video_version_ = 0;
  /// Pixels drawn since the last flush.
  region drawn_;
  cursor_state cursor_;
  std::uint64_t cursor_version_ = 1;
  std::map<viewer_id, display_viewer> displays_;
  std::map<viewer_id, cursor_viewer> cursors_;
  std::shared_ptr<console_feed> feed_;
  /// Something was drawn since the last flush.
  bool different_ = false;
  std::uint64_t draws_ = 0;
  /// The present source's malformed commands are in the log already.
  bool complained_ = false;
};

} // namespace saffron::devices
