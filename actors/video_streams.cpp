// SPDX-License-Identifier: BSD-3-Clause
#include "actors/video_streams.hpp"

#include "messages/image/reduce.hpp"

#include <algorithm>

namespace saffron::actors {

namespace {

/// Numbers that every client has room for (the reference's).
constexpr std::size_t most_streams = 50;
/// Of the time from frame to frame, how much a frame may take on the line; and how little it must take before a better
/// rate is tried, for so many frames.
constexpr double full = 0.8, half_empty = 0.3;
constexpr int easy_frames = 30;
/// A pause is not a slow pace.
constexpr double longest_interval = 0.5;
constexpr double weight = 0.2;

bool only_even(video_codec codec) noexcept { return codec == video_codec::h264 || codec == video_codec::h265; }

} // namespace

extent size_of(const rect& area) noexcept {
  return {static_cast<std::uint32_t>(area.width()), static_cast<std::uint32_t>(area.height())};
}

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

video_streams::stream* video_streams::open(const video_area& area, video_codec codec, double bytes_per_second) {
  if (streams_.size() == most_streams) return nullptr;
  std::uint32_t id = 0;
  while (by_number(id) != nullptr) ++id;
  stream s;
  s.of = area;
  s.id = id;
  s.unique = ++last_unique_;
  s.codec = codec;
  s.best = best_rate(codec, size_of(area.area));
  s.rate = first_rate(s.best, bytes_per_second);
  s.reduction = s.created_reduction = reduction_for(codec, size_of(area.area), s.rate);
  streams_.push_back(s);
  return &streams_.back();
}

// Another rate is another encoder, which starts with a key frame.
void video_streams::change_rate(stream& s, std::size_t step) const {
  s.rate = step;
  if (sized_) s.reduction = reduction_for(s.codec, size_of(s.of.area), step);
  s.last = 0;
  s.bytes = 0;
  s.easy = 0;
}

void video_streams::sent(stream& s, std::size_t bytes, double bytes_per_second, time_point now) {
  const auto passed = std::chrono::duration<double>(now - s.last_frame).count();
  if (s.last_frame != time_point{} && passed < longest_interval)
    s.interval = s.interval == 0 ? passed : (1 - weight) * s.interval + weight * passed;
  s.last_frame = now;
  ++s.unreported;
  s.bytes = s.bytes == 0 ? static_cast<double>(bytes) : (1 - weight) * s.bytes + weight * static_cast<double>(bytes);
  if (bytes_per_second <= 0 || s.interval == 0) return;
  const auto share = s.bytes / bytes_per_second / s.interval;
  if (share > full) return dropped(s);
  s.easy = share < half_empty ? s.easy + 1 : 0;
  if (s.easy >= easy_frames && s.rate < s.best) change_rate(s, s.rate + 1);
}

void video_streams::dropped(stream& s) {
  if (s.rate > 0) change_rate(s, s.rate - 1);
}

// 4:2:0 has half the columns and rows for colours, and H.264 and H.265 cannot say that the last one is half. What was
// added, or is left of a reduction, lies right of the area and below it.
frame_place place_of(const video_streams::stream& s) noexcept {
  const auto size = size_of(s.of.area);
  extent decoded{image::reduced(size.width, s.reduction), image::reduced(size.height, s.reduction)};
  if (only_even(s.codec)) decoded = {decoded.width + decoded.width % 2, decoded.height + decoded.height % 2};
  const auto& corner = s.of.area;
  return {decoded,
          {corner.left, corner.top, corner.left + static_cast<std::int32_t>(decoded.width * s.reduction),
           corner.top + static_cast<std::int32_t>(decoded.height * s.reduction)}};
}

// The clip is needed from the start where a later reduction may need it.
wire::display::to_client::stream_create create_of(const video_streams::stream& s) {
  constexpr std::int32_t always_whole = 8;
  const auto place = place_of(s);
  wire::display::to_client::stream_create m;
  m.stream_id = s.id;
  m.codec = s.codec;
  m.stream_width = m.source_width = place.decoded.width;
  m.stream_height = m.source_height = place.decoded.height;
  m.destination = place.destination;
  if (s.of.area.width() % always_whole != 0 || s.of.area.height() % always_whole != 0)
    m.clip = {wire::display::clip_type::rects, {s.of.area}};
  return m;
}

} // namespace saffron::actors
