// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/stream_reports.hpp"

namespace saffron::load {

namespace ts = wire::display::to_server;

void stream_reports::activate(const wire::display::to_client::stream_activate_report& wish) {
  wished w;
  w.frames = wish.max_window_size;
  w.time = std::chrono::milliseconds{wish.timeout};
  w.next.stream_id = wish.stream_id;
  w.next.unique_id = wish.unique_id;
  w.next.audio_delay = ts::stream_report::no_audio;
  wishes_[wish.stream_id] = w;
}

std::optional<ts::stream_report> stream_reports::shown(std::uint32_t stream, std::uint32_t multi_media_time,
                                                       clock::time_point now) {
  const auto found = wishes_.find(stream);
  if (found == wishes_.end()) return std::nullopt;
  auto& w = found->second;
  if (w.next.frame_count == 0) {
    w.next.start_frame_time = multi_media_time;
    w.begun = now;
  }
  ++w.next.frame_count;
  w.next.end_frame_time = multi_media_time;
  if (w.next.frame_count < w.frames && now - w.begun < w.time) return std::nullopt;
  const auto due = w.next;
  w.next.frame_count = 0;
  return due;
}

} // namespace saffron::load
