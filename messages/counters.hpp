// SPDX-License-Identifier: BSD-3-Clause
// What is counted, over the life of the process. Any thread adds, `saffron status` reads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace saffron {

class counter {
public:
  void add(std::uint64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
  std::atomic<std::uint64_t> value_{0};
};

struct counters {
  /// Connections accepted, before any byte was read.
  counter connections_accepted;
  /// Connections closed at once: too many half-open links, or too many connects per second.
  counter connections_refused;
  /// Links that ended with an error reply or without one: bad magic, version, ticket, time-out.
  counter links_failed;
  /// Links refused for their ticket alone.
  counter tickets_refused;
  /// Links that became a channel.
  counter links_completed;
  /// Messages from clients that were malformed, too large, unknown or not allowed; each closes its channel.
  counter messages_refused;
  /// Channels closed because the peer did not answer in time.
  counter channels_timed_out;
  /// Bytes read from and written to clients.
  counter bytes_received;
  counter bytes_sent;
  /// Times a client's missed draw commands collapsed into a damage region.
  counter damage_collapses;
  /// Images encoded, and uses of an image that was encoded already.
  counter images_encoded;
  counter images_shared;
  /// Images sent, by the form they travelled in.
  counter images_raw, images_lz4, images_lz, images_quic, images_glz, images_jpeg;
  /// Of the images: pictures of guests that travelled in their own format.
  counter guest_pictures;
  /// Images and palettes that stayed behind because the client has them in its cache.
  counter pixmap_cache_hits, palette_cache_hits;
  /// Video streams opened, and their frames sent.
  counter video_streams, video_frames;
  /// Frames of videos encoded, and uses of a frame that was encoded already.
  counter video_frames_encoded, video_frames_shared;
  /// Draw commands or messages from a VM's side that were dropped as malformed.
  counter guest_commands_dropped;
  /// Attachments to a VM's source that failed or broke.
  counter sources_lost;
  /// Key and pointer events dropped: no right to send them, or no device that takes them.
  counter input_dropped;
  /// Clients that a char device wanted to be rid of: too slow, without tokens, or writing without one.
  counter device_clients_removed;
  /// Bytes of clients that only read a shared port.
  counter device_data_dropped;
};

struct counter_name {
  std::string_view name;
  counter counters::*member;
};

/// The names under which the counters are published; tests hold them against a golden list.
inline constexpr std::array<counter_name, 30> counter_names{{
    {"connections_accepted", &counters::connections_accepted},
    {"connections_refused", &counters::connections_refused},
    {"links_failed", &counters::links_failed},
    {"tickets_refused", &counters::tickets_refused},
    {"links_completed", &counters::links_completed},
    {"messages_refused", &counters::messages_refused},
    {"channels_timed_out", &counters::channels_timed_out},
    {"bytes_received", &counters::bytes_received},
    {"bytes_sent", &counters::bytes_sent},
    {"damage_collapses", &counters::damage_collapses},
    {"images_encoded", &counters::images_encoded},
    {"images_shared", &counters::images_shared},
    {"images_raw", &counters::images_raw},
    {"images_lz4", &counters::images_lz4},
    {"images_lz", &counters::images_lz},
    {"images_quic", &counters::images_quic},
    {"images_glz", &counters::images_glz},
    {"images_jpeg", &counters::images_jpeg},
    {"guest_pictures", &counters::guest_pictures},
    {"pixmap_cache_hits", &counters::pixmap_cache_hits},
    {"palette_cache_hits", &counters::palette_cache_hits},
    {"video_streams", &counters::video_streams},
    {"video_frames", &counters::video_frames},
    {"video_frames_encoded", &counters::video_frames_encoded},
    {"video_frames_shared", &counters::video_frames_shared},
    {"guest_commands_dropped", &counters::guest_commands_dropped},
    {"sources_lost", &counters::sources_lost},
    {"input_dropped", &counters::input_dropped},
    {"device_clients_removed", &counters::device_clients_removed},
    {"device_data_dropped", &counters::device_data_dropped},
}};

} // namespace saffron
