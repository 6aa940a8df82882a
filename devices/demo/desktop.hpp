// SPDX-License-Identifier: BSD-3-Clause
// A desktop without a computer: a picture that changes with keys, pointer and time, and the draw commands that lead
// from each picture to the next. No actors, no clock of its own.
#pragma once

#include "devices/demo/cairo_handles.hpp"
#include "devices/demo/film.hpp"
#include "devices/demo/motion.hpp"
#include "devices/demo/painter.hpp"
#include "devices/demo/slideshow.hpp"
#include "messages/display.hpp"
#include "messages/errc.hpp"
#include "messages/input.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace saffron::devices::demo {

struct desktop_settings {
  /// Clamped to what a desktop can be.
  extent size{1024, 768};
  /// On the panel.
  std::string title = "demo";
  /// Time stands still at 10:09:36: two runs draw the same pictures.
  bool still = false;
  /// Instead of a desktop: a pattern that changes every pixel with every advance() and is inverted by every key.
  bool full_motion = false;
  /// Instead of a desktop: pictures in all formats; every key, and every two seconds, shows the next slide.
  bool slideshow = false;
  /// A video of this size plays in the middle, a frame with every advance(). Cut to the surface; 0 x 0: none.
  extent video{0, 0};
  time_of_day time;
};

class desktop {
public:
  explicit desktop(desktop_settings settings = {});

  // -- what happens to it ---------------------------------------------------------------------------------------------

  void type(char c);
  /// A key was pressed, of any kind.
  void show_key(key_number key);
  void show_locks(std::uint16_t locks);
  /// Positions and motions are clamped to the desktop; the display number is ignored.
  void pointer(const pointer_event& event);
  /// Time has passed. Nothing happens when still.
  void advance(std::chrono::microseconds passed, time_of_day now);
  void resize(extent size);

  // -- what comes of it -----------------------------------------------------------------------------------------------

  /// True when draw() would return something.
  [[nodiscard]] bool changed() const;
  /// Brings the picture up to date and returns how: the commands make it out of the picture before. The first time, and
  /// after a resize, they start with set_surface.
  [[nodiscard]] std::vector<draw_command> draw();
  /// Whoever had the pictures has lost them: the next draw() starts from nothing.
  void start_anew() { whole_ = true; }
  /// As draw() left it: rows of size().width pixels 0x00RRGGBB, top row first.
  [[nodiscard]] std::span<const std::uint32_t> picture() const noexcept { return pixels_; }
  [[nodiscard]] extent size() const noexcept { return where().size; }

  [[nodiscard]] cursor_kind cursor() const noexcept { return scene_.cursor; }
  [[nodiscard]] point cursor_position() const noexcept { return scene_.pointer; }
  [[nodiscard]] const layout& where() const noexcept { return painter_.where(); }

private:
  void on(const pointer_position& p);
  void on(const pointer_motion& m);
  void on(const pointer_button& b);
  void damage(const rect& area);
  void move_to(std::int64_t x, std::int64_t y);
  [[nodiscard]] point ball_position() const;
  void draw_text_changes(std::vector<draw_command>& out);
  void repaint(const rect& area, std::vector<draw_command>& out);
  /// What viewers get of the picture's `area`, in bands.
  void take(const rect& area, std::vector<draw_command>& out);
  void make_surface();
  void next_slide();
  void draw_video(std::vector<draw_command>& out);
  [[nodiscard]] rect video_area() const;
  void draw_slide(std::vector<draw_command>& out);
  void show(const draw_image& i);

  desktop_settings settings_;
  painter painter_;
  scene scene_;
  std::chrono::microseconds age_{0};
  /// Only for full motion.
  std::optional<motion> motion_;
  std::optional<film> film_;
  bool film_moved_ = false;
  std::uint32_t frame_ = 0;
  slideshow slides_;
  std::size_t slide_ = 0;
  bool inverted_ = false;
  /// Nothing of the picture is known to the viewer.
  bool whole_ = true;
  /// What differs from the picture, besides the text.
  region_handle damage_;
  std::vector<std::uint32_t> pixels_;
  surface_handle surface_;
  context_handle context_;
};

/// The picture as a PPM file (P6). errc::file_failed when that cannot be written.
[[nodiscard]] result<void> write_picture(const desktop& from, const std::string& path);

} // namespace saffron::devices::demo
