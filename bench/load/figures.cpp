// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/figures.hpp"

#include <algorithm>

namespace saffron::load {

namespace {
void merge_tally(tally& to, const tally& from) {
  for (const auto& [what, count] : from) to[what] += count;
}
} // namespace

void figures::merge(const figures& o) {
  link.links += o.link.links;
  link.clients += o.link.clients;
  merge_tally(link.failures, o.link.failures);
  link.connect_time.merge(o.link.connect_time);
  link.link_time.merge(o.link.link_time);
  link.main_time.merge(o.link.main_time);
  link.channels_time.merge(o.link.channels_time);
  link.frame_time.merge(o.link.frame_time);

  auto& t = traffic;
  t.bytes_in += o.traffic.bytes_in;
  t.bytes_out += o.traffic.bytes_out;
  t.messages += o.traffic.messages;
  t.draws += o.traffic.draws;
  t.pixels += o.traffic.pixels;
  t.frames += o.traffic.frames;
  for (const auto& [client, count] : o.traffic.frames_of) t.frames_of[client] += count;
  t.video_frames += o.traffic.video_frames;
  t.skimmed += o.traffic.skimmed;
  t.frame_gap.merge(o.traffic.frame_gap);
  t.keys += o.traffic.keys;
  t.keys_unanswered += o.traffic.keys_unanswered;
  t.key_latency.merge(o.traffic.key_latency);
  t.stall_first_draw.merge(o.traffic.stall_first_draw);
  t.stall_caught_up.merge(o.traffic.stall_caught_up);
  t.stall_backlog += o.traffic.stall_backlog;
  t.stalls += o.traffic.stalls;

  merge_tally(violations, o.violations);
  merge_tally(ended, o.ended);
  merge_tally(videos, o.videos);
  merge_tally(undecoded, o.undecoded);
}

spread spread_of(std::vector<double> numbers) {
  if (numbers.empty()) return {};
  std::sort(numbers.begin(), numbers.end());
  const auto half = numbers.size() / 2;
  const auto median = numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
  return {numbers.front(), median, numbers.back()};
}

} // namespace saffron::load
