// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_streams.hpp"

#include <algorithm>
#include <array>

namespace saffron::actors {

namespace {

/// Best first. Each takes about half of the bytes of the one before.
constexpr std::array qualities{image_form::jpeg, image_form::coarse_jpeg, image_form::rough_jpeg};
/// Numbers that every client has room for (the reference's).
constexpr std::size_t most_streams = 50;
/// Of the time from frame to frame, how much a frame may take on the line; and how little it must take before a better
/// quality is tried, for so many frames.
constexpr double full = 0.8, half_empty = 0.3;
constexpr int easy_frames = 30;
/// A pause is not a slow pace.
constexpr double longest_interval = 0.5;
constexpr double weight = 0.2;

} // namespace

std::vector<video_streams::stream> video_streams::ended(const std::vector<video_area>& now) {
  const auto still_there = [&](const stream& s) { return std::find(now.begin(), now.end(), s.of) != now.end(); };
  const auto first = std::stable_partition(streams_.begin(), streams_.end(), still_there);
  std::vector<stream> gone(first, streams_.end());
  streams_.erase(first, streams_.end());
  return gone;
}

video_streams::stream* video_streams::find(const video_area& area) {
  const auto found = std::find_if(streams_.begin(), streams_.end(), [&](const stream& s) { return s.of == area; });
  return found == streams_.end() ? nullptr : &*found;
}

video_streams::stream* video_streams::by_number(std::uint32_t id) {
  const auto found = std::find_if(streams_.begin(), streams_.end(), [id](const stream& s) { return s.id == id; });
  return found == streams_.end() ? nullptr : &*found;
}

video_streams::stream* video_streams::open(const video_area& area) {
  if (streams_.size() == most_streams) return nullptr;
  std::uint32_t id = 0;
  while (by_number(id) != nullptr) ++id;
  stream s;
  s.of = area;
  s.id = id;
  s.unique = ++last_unique_;
  streams_.push_back(s);
  return &streams_.back();
}

image_form video_streams::form_of(const stream& s) { return qualities[s.quality]; }

void video_streams::sent(stream& s, std::size_t bytes, double bytes_per_second, time_point now) {
  const auto passed = std::chrono::duration<double>(now - s.last_frame).count();
  if (s.last_frame != time_point{} && passed < longest_interval)
    s.interval = s.interval == 0 ? passed : (1 - weight) * s.interval + weight * passed;
  s.last_frame = now;
  if (bytes_per_second <= 0 || s.interval == 0) return;
  const auto share = static_cast<double>(bytes) / bytes_per_second / s.interval;
  if (share > full) return dropped(s);
  s.easy = share < half_empty ? s.easy + 1 : 0;
  if (s.easy < easy_frames || s.quality == 0) return;
  --s.quality;
  s.easy = 0;
}

void video_streams::dropped(stream& s) {
  s.easy = 0;
  s.quality = std::min(s.quality + 1, qualities.size() - 1);
}

wire::display::to_client::stream_create create_of(const video_streams::stream& s) {
  wire::display::to_client::stream_create m;
  m.stream_id = s.id;
  m.codec = wire::display::video_codec::mjpeg;
  m.stream_width = m.source_width = static_cast<std::uint32_t>(s.of.area.width());
  m.stream_height = m.source_height = static_cast<std::uint32_t>(s.of.area.height());
  m.destination = s.of.area;
  return m;
}

} // namespace saffron::actors
