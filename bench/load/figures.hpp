// SPDX-License-Identifier: BSD-3-Clause
// What one thread counts. The threads' figures are added up when the run is over, so counting needs no locks.
#pragma once

#include "bench/load/histogram.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace saffron::load {

using clock = std::chrono::steady_clock;
using tally = std::map<std::string, std::uint64_t>;

/// Connects. In the profiles that stay connected these are counted from the start of the process, else in the measured
/// time only.
struct link_figures {
  /// Links of channels, and clients that came as far as the profile wants.
  std::uint64_t links = 0;
  std::uint64_t clients = 0;
  /// Why links failed, with counts.
  tally failures;
  /// Of the main channel: until TCP (and TLS) is up, until the ticket is accepted.
  histogram connect_time;
  histogram link_time;
  /// From connect() of the main channel until INIT, until all channels are linked, until every pixel of the primary
  /// surface was drawn.
  histogram main_time;
  histogram channels_time;
  histogram frame_time;
};

/// What comes while the run measures.
struct traffic_figures {
  std::uint64_t bytes_in = 0, bytes_out = 0;
  std::uint64_t messages = 0;
  /// Draw messages and frames of streams, and the pixels they draw.
  std::uint64_t draws = 0, pixels = 0;
  /// Draws that touch the watched pixel: pictures of the whole surface, whatever pieces they come in.
  std::uint64_t frames = 0;
  /// The same by client, for the profiles whose clients stay.
  std::map<std::size_t, std::uint64_t> frames_of;
  /// Frames of videos.
  std::uint64_t video_frames = 0;
  /// Messages that were looked at in part only.
  std::uint64_t skimmed = 0;
  histogram frame_gap;
  std::uint64_t keys = 0, keys_unanswered = 0;
  histogram key_latency;
  /// After a stall: until the first draw, until everything that had queued up was read; and how much that was.
  histogram stall_first_draw;
  histogram stall_caught_up;
  std::uint64_t stall_backlog = 0, stalls = 0;
};

struct figures {
  link_figures link;
  traffic_figures traffic;
  /// What the server did that the protocol forbids.
  tally violations;
  /// Connections that ended although nobody here closed them.
  tally ended;
  /// Videos that began, by codec, since the start of the run.
  tally videos;
  /// What --decode could not draw.
  tally undecoded;

  void merge(const figures& other);
};

/// How far apart numbers are; all 0 when there are none.
struct spread {
  double min = 0, median = 0, max = 0;
};
[[nodiscard]] spread spread_of(std::vector<double> numbers);

} // namespace saffron::load
