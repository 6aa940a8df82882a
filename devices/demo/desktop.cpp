// SPDX-License-Identifier: BSD-3-Clause
#include "devices/demo/desktop.hpp"

#include "devices/demo/brush.hpp"
#include "devices/input/mouse.hpp"
#include "messages/image/convert.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace saffron::devices::demo {

namespace {

using namespace std::chrono_literals;

constexpr time_of_day still_time{10, 9, 36};
/// Half a blink of the caret.
constexpr auto blink = 500ms;
constexpr auto slide_time = 2s;
/// Largest put_pixels: the allocator keeps blocks of this size, while larger ones would be fresh pages each time.
constexpr std::size_t band_bytes = 4 * 1024 * 1024;
/// Where in its flight the ball starts.
constexpr double ball_start = 2.87;

/// Goes from 0 to 1 and back in `period`.
double there_and_back(double t, double period) {
  const double phase = std::fmod(t, period) / period;
  return phase < 0.5 ? 2 * phase : 2 - 2 * phase;
}

} // namespace

desktop::desktop(desktop_settings settings)
    : settings_(std::move(settings)),
      painter_(layout{clamped(settings_.size)}), scene_{.title = settings_.title,
                                                        .text = {where().columns, where().rows}},
      damage_(cairo_region_create()) {
  scene_.time = settings_.still ? still_time : settings_.time;
  make_surface();
  move_to(where().size.width / 2, where().size.height / 2);
  scene_.ball = ball_position();
}

// -- what happens to it -----------------------------------------------------------------------------------------------

void desktop::type(char c) { scene_.text.type(c); }

void desktop::show_key(key_number key) {
  if (settings_.slideshow) return next_slide();
  inverted_ = !inverted_;
  if (std::exchange(scene_.key, key) != key || settings_.full_motion) damage(where().readout);
}

void desktop::show_locks(std::uint16_t locks) {
  if (std::exchange(scene_.locks, locks) != locks) damage(where().panel_locks);
}

void desktop::pointer(const pointer_event& event) {
  std::visit([this](const auto& e) { on(e); }, event);
}

void desktop::on(const pointer_position& p) { move_to(p.x, p.y); }

void desktop::on(const pointer_motion& m) {
  move_to(std::int64_t{scene_.pointer.x} + m.dx, std::int64_t{scene_.pointer.y} + m.dy);
}

void desktop::on(const pointer_button& b) {
  if (!valid(b)) return;
  const auto bit = std::uint32_t{1} << b.button;
  scene_.buttons = b.pressed ? scene_.buttons | bit : scene_.buttons & ~bit;
  if (b.pressed && b.button == buttons::wheel_up) ++scene_.wheel;
  if (b.pressed && b.button == buttons::wheel_down) --scene_.wheel;
  damage(where().readout);
}

void desktop::advance(std::chrono::microseconds passed, time_of_day now) {
  if (settings_.still) return;
  ++frame_;
  film_moved_ = film_.has_value();
  if (settings_.full_motion) {
    damage(whole(where().size));
    return;
  }
  age_ += passed;
  if (settings_.slideshow) {
    if (age_ / slide_time != (age_ - passed) / slide_time) next_slide();
    return;
  }
  damage(ball_area(where(), scene_.ball));
  scene_.ball = ball_position();
  damage(ball_area(where(), scene_.ball));
  if (const bool lit = age_ / blink % 2 == 0; lit != scene_.caret) {
    scene_.caret = lit;
    scene_.text.touch_caret();
  }
  if (now == scene_.time) return;
  if (now.minute != scene_.time.minute || now.hour != scene_.time.hour) damage(where().panel_clock);
  scene_.time = now;
  damage(where().dial);
}

void desktop::resize(extent size) {
  size = clamped(size);
  if (size == where().size) return;
  painter_ = painter{layout{size}};
  scene_.text.resize(where().columns, where().rows);
  scene_.ball = ball_position();
  make_surface();
  move_to(scene_.pointer.x, scene_.pointer.y);
  whole_ = true;
}

// -- what comes of it -------------------------------------------------------------------------------------------------

bool desktop::changed() const {
  const bool has_text = !settings_.full_motion && !settings_.slideshow;
  return whole_ || film_moved_ || cairo_region_is_empty(damage_.get()) == 0 || (has_text && scene_.text.changed());
}

std::vector<draw_command> desktop::draw() {
  std::vector<draw_command> out;
  if (!changed()) return out;
  const auto all = whole(where().size);
  if (whole_) out.emplace_back(set_surface{where().size});
  if (settings_.full_motion) {
    motion_->paint(pixels_, where().size, frame_, inverted_);
    take(all, out);
  } else if (settings_.slideshow) {
    draw_slide(out);
  } else if (whole_) {
    repaint(all, out);
    (void)scene_.text.take_changes();
  } else {
    draw_text_changes(out);
    for (int i = 0; i < cairo_region_num_rectangles(damage_.get()); ++i) {
      cairo_rectangle_int_t r;
      cairo_region_get_rectangle(damage_.get(), i, &r);
      repaint({r.x, r.y, r.x + r.width, r.y + r.height}, out);
    }
  }
  if (film_) draw_video(out);
  film_moved_ = false;
  whole_ = false;
  damage_.reset(cairo_region_create());
  return out;
}

// The cells lie on nothing but their own ground, so what scrolls may be copied within the picture.
void desktop::draw_text_changes(std::vector<draw_command>& out) {
  const auto changes = scene_.text.take_changes();
  if (changes.scrolled != 0 && changes.scrolled < where().rows) {
    const auto kept = where().rows - changes.scrolled;
    const auto to = where().row(0, kept), from = where().row(changes.scrolled, kept);
    for (int y = 0; y < to.height(); ++y) {
      const auto width = std::size_t{where().size.width};
      const auto* source = pixels_.data() + static_cast<std::size_t>(from.top + y) * width;
      auto* target = pixels_.data() + static_cast<std::size_t>(to.top + y) * width;
      std::copy(source + from.left, source + from.right, target + to.left);
    }
    out.emplace_back(copy_bits{to, {from.left, from.top}});
  }
  for (const auto number : changes.rows) {
    const auto row = where().row(number);
    if (scene_.text.blank(number) && !(scene_.caret && scene_.text.caret_row() == number)) {
      for (int y = row.top; y < row.bottom; ++y)
        std::fill_n(pixels_.data() + static_cast<std::size_t>(y) * where().size.width + row.left, row.width(),
                    palette::shell);
      out.emplace_back(fill{row, palette::shell});
    } else {
      repaint(row, out);
    }
  }
}

void desktop::repaint(const rect& area, std::vector<draw_command>& out) {
  cairo_surface_mark_dirty(surface_.get());
  {
    const clip_to clip{context_.get(), area};
    painter_.paint(context_.get(), scene_);
  }
  cairo_surface_flush(surface_.get());
  take(area, out);
}

void desktop::take(const rect& area, std::vector<draw_command>& out) {
  const auto width = static_cast<std::size_t>(area.width()), row_bytes = width * sizeof(std::uint32_t);
  const auto rows = static_cast<int>(std::max<std::size_t>(1, band_bytes / row_bytes));
  for (int top = area.top; top < area.bottom; top += rows) {
    const rect band{area.left, top, area.right, std::min(top + rows, area.bottom)};
    auto [bytes, write] = shared_bytes::make(band.area() * sizeof(std::uint32_t));
    for (int y = band.top; y < band.bottom; ++y, write += row_bytes) {
      auto* row = pixels_.data() + static_cast<std::size_t>(y) * where().size.width + area.left;
      for (std::size_t x = 0; x < width; ++x) row[x] &= 0xffffff; // undefined after Cairo; 0 as in a fill
      std::memcpy(write, row, row_bytes);
    }
    out.emplace_back(put_pixels{band, std::move(bytes)});
  }
}

void desktop::draw_video(std::vector<draw_command>& out) {
  const auto area = video_area();
  film_->paint(pixels_, where().size.width, {area.left, area.top}, frame_);
  take(area, out);
}

rect desktop::video_area() const {
  const auto& screen = where().size;
  const auto size = film_->size();
  const auto left = static_cast<std::int32_t>(screen.width - size.width) / 2;
  const auto top = static_cast<std::int32_t>(screen.height - size.height) / 2;
  return {left, top, left + static_cast<std::int32_t>(size.width), top + static_cast<std::int32_t>(size.height)};
}

void desktop::draw_slide(std::vector<draw_command>& out) {
  for (const auto& command : slides_.slide(slide_, where().size)) {
    out.push_back(command);
    if (const auto* f = std::get_if<fill>(&command)) std::fill(pixels_.begin(), pixels_.end(), f->color);
    if (const auto* i = std::get_if<draw_image>(&command)) show(*i);
  }
}

void desktop::show(const draw_image& i) {
  const auto& p = *i.shown;
  const auto colors = p.palette ? std::span{p.palette->entries} : std::span<const std::uint32_t>{};
  const auto shown = image::to_rgb32(p.view(), colors);
  if (!shown) return;
  const auto width = static_cast<std::size_t>(p.area.width());
  for (int y = 0; y < p.area.height(); ++y)
    std::memcpy(pixels_.data() + static_cast<std::size_t>(i.position.y + y) * where().size.width + i.position.x,
                shown->pixels.data() + static_cast<std::size_t>(y) * width * 4, width * 4);
}

// -- parts ------------------------------------------------------------------------------------------------------------

void desktop::next_slide() {
  ++slide_;
  damage(whole(where().size));
}

void desktop::damage(const rect& area) {
  const auto r = to_cairo(on_surface(settings_.full_motion ? whole(where().size) : area, where().size));
  if (r.width > 0 && r.height > 0) cairo_region_union_rectangle(damage_.get(), &r);
}

void desktop::move_to(std::int64_t x, std::int64_t y) {
  const point p{static_cast<std::int32_t>(std::clamp<std::int64_t>(x, 0, where().size.width - 1)),
                static_cast<std::int32_t>(std::clamp<std::int64_t>(y, 0, where().size.height - 1))};
  if (p == scene_.pointer) return;
  scene_.pointer = p;
  damage(where().readout);
  const auto kind = where().cursor_at(p);
  const auto before = std::exchange(scene_.cursor, kind);
  if (kind == before) return;
  for (const auto& t : where().targets)
    if (t.cursor == kind || t.cursor == before) damage(t.area);
}

// It flies from side to side and bounces on the lower edge.
point desktop::ball_position() const {
  const double t = ball_start + std::chrono::duration<double>(age_).count();
  const double r = where().ball_radius, width = where().size.width - 4 * r;
  const double height = std::max(where().floor.height() - 3.5 * r, r);
  const double across = there_and_back(t, 9.0), arc = there_and_back(t, 1.4);
  return {static_cast<int>(2 * r + width * across),
          static_cast<int>(where().floor.bottom - 2 * r - height * arc * (2 - arc))};
}

void desktop::make_surface() {
  const auto width = static_cast<int>(where().size.width), height = static_cast<int>(where().size.height);
  context_.reset();
  surface_.reset();
  if (settings_.full_motion) motion_.emplace(where().size.width);
  const extent video{std::min(settings_.video.width, where().size.width),
                     std::min(settings_.video.height, where().size.height)};
  film_.reset();
  if (video.width > 0 && video.height > 0) film_.emplace(video);
  pixels_.assign(std::size_t{where().size.width} * where().size.height, 0);
  surface_.reset(cairo_image_surface_create_for_data(reinterpret_cast<unsigned char*>(pixels_.data()),
                                                     CAIRO_FORMAT_RGB24, width, height, width * 4));
  context_.reset(cairo_create(surface_.get()));
}

result<void> write_picture(const desktop& from, const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::fopen(path.c_str(), "wb"), std::fclose};
  if (!file) return fail{errc::file_failed};
  std::vector<unsigned char> rgb_bytes;
  rgb_bytes.reserve(from.picture().size() * 3);
  for (const auto p : from.picture())
    for (int shift : {16, 8, 0}) rgb_bytes.push_back(static_cast<unsigned char>(p >> shift));
  const bool written = std::fprintf(file.get(), "P6\n%u %u\n255\n", from.size().width, from.size().height) > 0 &&
                       std::fwrite(rgb_bytes.data(), 1, rgb_bytes.size(), file.get()) == rgb_bytes.size() &&
                       std::fflush(file.get()) == 0;
  if (!written) return fail{errc::file_failed};
  return {};
}

} // namespace saffron::devices::demo
