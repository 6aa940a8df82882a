// SPDX-License-Identifier: BSD-3-Clause
#include "devices/display/console_state.hpp"

#include "messages/image/convert.hpp"
#include "messages/image/graduality.hpp"
#include "messages/log.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace saffron::devices {

namespace {

/// A whole screen becomes a video sooner than a part of it, which may be a window that is dragged.
constexpr std::size_t desktop_frames = 5;

bool same(const cursor_state& a, const cursor_state& b) noexcept {
  return a.shape == b.shape && a.position == b.position && a.visible == b.visible && a.trail_length == b.trail_length &&
         a.trail_frequency == b.trail_frequency && a.generation == b.generation;
}

} // namespace

// -- viewers ----------------------------------------------------------------------------------------------------------

void console_state::attach_display(viewer_id viewer, display_port port) {
  detach(viewer);
  displays_.emplace(viewer, display_viewer{&log_.open(viewer), std::move(port), {}});
}

void console_state::attach_cursor(viewer_id viewer, cursor_port port) {
  detach(viewer);
  cursors_.emplace(viewer, cursor_viewer{std::move(port)});
}

void console_state::pull_display(viewer_id viewer, std::size_t pixel_bytes, bool video) {
  const auto found = displays_.find(viewer);
  if (found == displays_.end()) return;
  found->second.wanted = pixel_bytes;
  found->second.video = video;
  if (has_news(found->second)) answer(found->second);
}

void console_state::refine_display(viewer_id viewer, std::span<const rect> areas) {
  const auto found = displays_.find(viewer);
  if (found == displays_.end()) return;
  for (const auto& area : areas)
    if (const auto inside = clip(area, size()); !inside.empty()) found->second.place->damage().add_older(inside);
  if (found->second.wanted && has_news(found->second)) answer(found->second);
}

void console_state::pull_cursor(viewer_id viewer) {
  const auto found = cursors_.find(viewer);
  if (found == cursors_.end()) return;
  found->second.waiting = true;
  if (found->second.version != cursor_version_) answer(found->second);
}

void console_state::detach(viewer_id viewer) {
  if (const auto found = displays_.find(viewer); found != displays_.end()) {
    log_.close(*found->second.place);
    displays_.erase(found);
  }
  cursors_.erase(viewer);
}

void console_state::flush(time_point now) {
  if (!std::exchange(different_, false)) return;
  watch_motion(now);
  for (auto& [id, v] : displays_)
    if (v.wanted && has_news(v)) answer(v);
  for (auto& [id, v] : cursors_)
    if (v.waiting && v.version != cursor_version_) answer(v);
}

void console_state::answer(display_viewer& v) {
  const auto wanted = *std::exchange(v.wanted, std::nullopt);
  display_update update;
  update.epoch = epoch_;
  update.size = surface_.size();
  update.operations = log_.advance(*v.place, wanted);
  auto& damage = v.place->damage();
  if (v.video && !damage.first()) add_frames(v, update);
  for (const auto& area : damage.take(wanted / bytes_per_pixel)) {
    read_from_feed(area);
    update.patches.push_back(snapshots_.take(surface_, area));
  }
  update.damage_pixels = damage.pixels();
  v.port(std::move(update));
}

void console_state::add_frames(display_viewer& v, display_update& update) {
  v.video_version = video_version_;
  update.videos = moving_.moving();
  for (const auto& video : update.videos) {
    if (!v.place->damage().take_off(video.area)) continue;
    read_from_feed(video.area);
    update.frames.push_back({video, snapshots_.take_whole(surface_, video.area)});
  }
}

void console_state::answer(cursor_viewer& v) {
  v.waiting = false;
  v.version = cursor_version_;
  v.port({cursor_});
}

// -- videos -----------------------------------------------------------------------------------------------------------

motion_rules console_state::rules_of(const picture_settings& pictures) {
  auto rules = pictures.motion;
  if (pictures.video == video_policy::all || pictures.video == video_policy::desktop) rules.gradual_one_in = 0;
  if (pictures.video == video_policy::desktop) rules.frames = std::min(rules.frames, desktop_frames);
  return rules;
}

// What was drawn in one go is a frame, in however many pieces it came.
void console_state::watch_motion(time_point now) {
  if (video_policy_ == video_policy::off) return;
  const auto before = moving_.moving().size();
  const auto drawn = std::exchange(drawn_, {});
  if (video_policy_ == video_policy::desktop) {
    if (drawn.area() >= least_motion_) moving_.drawn(whole(size()), now, [] { return true; });
  } else {
    watch_areas(drawn, now);
  }
  if (moving_.moving().size() != before) ++video_version_;
}

void console_state::watch_areas(const region& drawn, time_point now) {
  for (const auto& area : patch_areas(drawn))
    moving_.drawn(area, now, [&] {
      read_from_feed(area);
      return image::is_gradual(surface_.view(area));
    });
}

console_state::time_point console_state::end_videos(time_point now) {
  if (moving_.expire(now)) {
    ++video_version_;
    different_ = true;
  }
  return moving_.next_end();
}

// -- sources ----------------------------------------------------------------------------------------------------------

std::uint32_t console_state::apply(const draw_batch& batch) {
  const auto good = std::count_if(batch.commands.begin(), batch.commands.end(), [this](const draw_command& any) {
    return std::visit([this](const auto& command) { return apply(command); }, any);
  });
  const auto dropped = batch.commands.size() - static_cast<std::size_t>(good);
  if (dropped != 0) report_dropped(dropped);
  return static_cast<std::uint32_t>(batch.commands.size());
}

void console_state::report_dropped(std::size_t commands) {
  counts_.guest_commands_dropped.add(commands);
  if (!std::exchange(complained_, true)) // a guest must not fill the log
    log::warning("console {} dropped {} malformed draw commands of its source; later ones are only counted", id_,
                 commands);
}

void console_state::attach_feed(std::shared_ptr<console_feed> feed, transport::activation& actor) {
  if (const auto before = std::exchange(feed_, std::move(feed))) before->stop();
  complained_ = false;
  if (const auto started = feed_) started->start(*this, actor);
}

void console_state::end() noexcept {
  if (const auto before = std::exchange(feed_, nullptr)) before->stop();
  for (auto& [id, v] : displays_) log_.close(*v.place);
  displays_.clear();
  cursors_.clear();
}

console_status console_state::status() const {
  return {id_,          surface_.size().width,  surface_.size().height, draws_, displays_.size(), log_.missing_pixels(),
          log_.bytes(), snapshots_.kept_bytes()};
}

// -- canvas -----------------------------------------------------------------------------------------------------------

result<void> console_state::set_size(extent size) {
  auto made = surface::make(size);
  if (!made) return fail{made.error()};
  surface_ = std::move(*made);
  ++epoch_;
  snapshots_.clear();
  moving_.clear();
  ++video_version_;
  drawn_.clear();
  log_.restart(size);
  different_ = true;
  return {};
}

void console_state::touched(rect area) {
  if (const auto inside = clip(area, size()); !inside.empty()) {
    log_.add_pixels(inside);
    if (video_policy_ != video_policy::off) drawn_.add(inside);
    pixels_changed(inside);
  }
}

bool console_state::apply(const fill& command) {
  const fill inside{clip(command.area, size()), command.color & 0x00ffffff};
  if (inside.area.empty()) return false;
  surface_.fill(inside.area, inside.color);
  log_.add(inside);
  if (video_policy_ == video_policy::desktop) drawn_.add(inside.area);
  pixels_changed(inside.area);
  return true;
}

bool console_state::apply(const copy_bits& command) {
  const auto [area, source] = clip(command.area, command.source, size());
  if (area.empty()) return false;
  read_from_feed({source.x, source.y, source.x + area.width(), source.y + area.height()});
  surface_.copy(area, source);
  log_.add(copy_bits{area, source});
  if (video_policy_ == video_policy::desktop) drawn_.add(area);
  pixels_changed(area);
  return true;
}

bool console_state::apply(const put_pixels& command) {
  const auto inside = clip(command.area, size());
  if (inside.empty()) return false;
  const auto& all = command.area; // its edges may be any numbers
  const auto width = static_cast<std::uint64_t>(std::int64_t{all.right} - all.left);
  const auto height = static_cast<std::uint64_t>(std::int64_t{all.bottom} - all.top);
  if (width > defaults::surface_bytes || height > defaults::surface_bytes ||
      command.pixels.size() != width * height * bytes_per_pixel)
    return false;
  const auto stride = width * bytes_per_pixel;
  const auto skipped = static_cast<std::uint64_t>(inside.top - all.top) * stride +
                       static_cast<std::uint64_t>(inside.left - all.left) * bytes_per_pixel;
  surface_.put(inside, command.pixels.data() + skipped, stride);
  log_.add_pixels(inside);
  if (video_policy_ != video_policy::off) drawn_.add(inside);
  pixels_changed(inside);
  return true;
}

// What lies on the surface in full can be forwarded; of the others only the pixels that do are kept.
bool console_state::apply(const draw_image& command) {
  constexpr auto edge = static_cast<std::int32_t>(defaults::surface_edge);
  const auto& [x, y] = command.position;
  if (!command.shown || x < -edge || x > edge || y < -edge || y > edge) return false;
  const auto area = command.area();
  const auto inside = clip(area, size());
  static const std::vector<std::uint32_t> no_colors;
  const auto pixels =
      image::to_rgb32(command.shown->view(), command.shown->palette ? command.shown->palette->entries : no_colors);
  if (inside.empty() || !pixels) return false;
  const auto stride = static_cast<std::size_t>(area.width()) * bytes_per_pixel;
  const auto skipped = static_cast<std::size_t>(inside.top - area.top) * stride +
                       static_cast<std::size_t>(inside.left - area.left) * bytes_per_pixel;
  surface_.put(inside, pixels->pixels.data() + skipped, stride);
  if (inside == area)
    log_.add(command);
  else
    log_.add_pixels(inside);
  pixels_changed(inside);
  return true;
}

void console_state::pixels_changed(rect area) {
  snapshots_.drawn(area);
  different_ = true;
  ++draws_;
}

// The pixels may still be where the feed reads them from.
void console_state::read_from_feed(rect area) {
  if (feed_) feed_->before_read(area);
}

void console_state::set_cursor(const cursor_state& state) {
  auto next = state;
  next.generation = std::max(state.generation, cursor_.generation);
  if (same(next, cursor_)) return;
  cursor_ = std::move(next);
  ++cursor_version_;
  different_ = true;
}

void console_state::blank() {
  complained_ = false;
  (void)apply(fill{whole(size()), 0});
  cursor_state none;
  none.generation = cursor_.generation + 1;
  set_cursor(none);
}

} // namespace saffron::devices
