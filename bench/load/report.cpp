// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace saffron::load {

namespace {

using nlohmann::ordered_json;

double microseconds(histogram::duration d) { return static_cast<double>(d.count()) / 1000.0; }

ordered_json times(const histogram& h) {
  return {{"count", h.count()},
          {"min", microseconds(h.min())},
          {"mean", microseconds(h.mean())},
          {"p50", microseconds(h.percentile(50))},
          {"p90", microseconds(h.percentile(90))},
          {"p99", microseconds(h.percentile(99))},
          {"max", microseconds(h.max())}};
}

double per_second(std::uint64_t count, const run_result& r) {
  return r.measured_seconds > 0 ? static_cast<double>(count) / r.measured_seconds : 0;
}

// Of those that were there when measuring began.
spread frames_per_second_of_clients(const run_result& r) {
  std::vector<double> rates;
  for (const auto& [client, frames] : r.counts.traffic.frames_of) rates.push_back(per_second(frames, r));
  return spread_of(std::move(rates));
}

std::uint64_t total(const tally& t) {
  std::uint64_t sum = 0;
  for (const auto& [what, count] : t) sum += count;
  return sum;
}

ordered_json link_json(const run_result& r) {
  const auto& l = r.counts.link;
  return {{"links", l.links},
          {"clients", l.clients},
          {"links_per_second", per_second(l.links, r)},
          {"clients_per_second", per_second(l.clients, r)},
          {"failed", total(l.failures)},
          {"failures", l.failures},
          {"connect_us", times(l.connect_time)},
          {"link_us", times(l.link_time)},
          {"main_us", times(l.main_time)},
          {"channels_us", times(l.channels_time)},
          {"first_frame_us", times(l.frame_time)}};
}

ordered_json traffic_json(const run_result& r) {
  const auto& t = r.counts.traffic;
  const auto of_client = frames_per_second_of_clients(r);
  return {
      {"bytes_in", t.bytes_in},
      {"bytes_out", t.bytes_out},
      {"messages", t.messages},
      {"draws", t.draws},
      {"frames", t.frames},
      {"video_frames", t.video_frames},
      {"pixels", t.pixels},
      {"skimmed", t.skimmed},
      {"bytes_per_second", per_second(t.bytes_in, r)},
      {"draws_per_second", per_second(t.draws, r)},
      {"frames_per_second", per_second(t.frames, r)},
      {"frames_per_second_of_client", {{"min", of_client.min}, {"median", of_client.median}, {"max", of_client.max}}},
      {"frame_gap_us", times(t.frame_gap)}};
}

ordered_json pictures_json(const run_result& r) {
  auto list = ordered_json::array();
  for (const auto& p : r.pictures)
    list.push_back({{"client", p.place.client},
                    {"vm", p.place.vm},
                    {"display", p.display},
                    {"width", p.size.width},
                    {"height", p.size.height},
                    {"checksum", fmt::format("{:016x}", p.checksum)},
                    {"differing_pixels", p.differing}});
  return list;
}

} // namespace

std::string json_report(const options& o, const run_result& r) {
  const auto& t = r.counts.traffic;
  const ordered_json out{
      {"profile", name_of(o.profile)},
      {"connect", o.connect},
      {"tls", o.tls},
      {"clients", o.clients},
      {"vms", o.vms},
      {"threads", o.threads},
      {"measured_seconds", r.measured_seconds},
      {"start_seconds", r.start_seconds},
      {"unsettled", r.unsettled},
      {"link", link_json(r)},
      {"traffic", traffic_json(r)},
      {"keys", {{"sent", t.keys}, {"unanswered", t.keys_unanswered}, {"latency_us", times(t.key_latency)}}},
      {"stalls",
       {{"count", t.stalls},
        {"backlog_bytes", t.stall_backlog},
        {"first_draw_us", times(t.stall_first_draw)},
        {"caught_up_us", times(t.stall_caught_up)}}},
      {"videos", r.counts.videos},
      {"violations", r.counts.violations},
      {"ended", r.counts.ended},
      {"undecoded", r.counts.undecoded},
      {"pictures", pictures_json(r)},
      {"server",
       {{"cpu_seconds", r.server.cpu_seconds},
        {"cpu_cores", r.measured_seconds > 0 ? r.server.cpu_seconds / r.measured_seconds : 0},
        {"resident_bytes", r.server.resident_bytes},
        {"resident_bytes_before", r.server_resident_before},
        {"threads", r.server.threads}}},
      {"load", {{"cpu_seconds", r.own.cpu_seconds}, {"resident_bytes", r.own.resident_bytes}}},
      {"failure", failure_of(o, r)}};
  return out.dump(2);
}

namespace {

void line(std::string& out, std::string_view name, std::string_view value) {
  out += fmt::format("{:<28}{}\n", name, value);
}

void line(std::string& out, std::string_view name, const histogram& h) {
  if (h.count() == 0) return;
  const auto ms = [](histogram::duration d) { return microseconds(d) / 1000.0; };
  line(out, name,
       fmt::format("p50 {:.3f}  p90 {:.3f}  p99 {:.3f}  max {:.3f} ms  (n={})", ms(h.percentile(50)),
                   ms(h.percentile(90)), ms(h.percentile(99)), ms(h.max()), h.count()));
}

void lines(std::string& out, std::string_view name, const tally& t) {
  for (const auto& [what, count] : t) line(out, name, fmt::format("{} x {}", count, what));
}

} // namespace

std::string text_report(const options& o, const run_result& r) {
  const auto& l = r.counts.link;
  const auto& t = r.counts.traffic;
  const bool connects = o.profile == profile_kind::reconnect || o.profile == profile_kind::accept;
  std::string out;
  line(out, "profile",
       fmt::format("{}, {} clients, {} VMs, {:.1f} s", name_of(o.profile), o.clients, o.vms, r.measured_seconds));
  line(out, connects ? "connects" : "clients there",
       connects ? fmt::format("{} ({:.1f}/s)", l.clients, per_second(l.clients, r)) : fmt::format("{}", l.clients));
  if (r.unsettled != 0) line(out, "clients missing", fmt::format("{}", r.unsettled));
  line(out, "connected", l.connect_time);
  line(out, "ticket accepted", l.link_time);
  line(out, "INIT", l.main_time);
  line(out, "all channels", l.channels_time);
  line(out, "first full frame", l.frame_time);
  if (t.messages != 0)
    line(out, "received",
         fmt::format("{:.1f} MB/s, {:.0f} messages/s", per_second(t.bytes_in, r) / 1e6, per_second(t.messages, r)));
  if (t.draws != 0)
    line(out, "drawn",
         fmt::format("{:.1f} draws/s, {:.1f} frames/s, {:.1f} Mpixel/s", per_second(t.draws, r),
                     per_second(t.frames, r), per_second(t.pixels, r) / 1e6));
  if (t.frames != 0) {
    const auto of_client = frames_per_second_of_clients(r);
    line(out, "of each client",
         fmt::format("{:.1f} to {:.1f} frames/s, half of them at least {:.1f}", of_client.min, of_client.max,
                     of_client.median));
  }
  lines(out, "videos", r.counts.videos);
  line(out, "between frames", t.frame_gap);
  if (t.keys != 0) line(out, "keys", fmt::format("{} sent, {} unanswered", t.keys, t.keys_unanswered));
  line(out, "key to changed pixel", t.key_latency);
  line(out, "first draw after stall", t.stall_first_draw);
  line(out, "caught up after stall", t.stall_caught_up);
  if (t.stalls != 0) line(out, "read to catch up", fmt::format("{} bytes", t.stall_backlog));
  lines(out, "link failed", l.failures);
  lines(out, "ended", r.counts.ended);
  lines(out, "violation", r.counts.violations);
  lines(out, "not decoded", r.counts.undecoded);
  if (!o.watch_pids.empty())
    line(out, "server",
         fmt::format("{:.3f} cores, {:.1f} MB, {} threads",
                     r.measured_seconds > 0 ? r.server.cpu_seconds / r.measured_seconds : 0,
                     static_cast<double>(r.server.resident_bytes) / 1e6, r.server.threads));
  line(out, "load", fmt::format("{:.3f} cores", r.measured_seconds > 0 ? r.own.cpu_seconds / r.measured_seconds : 0));
  for (const auto& p : r.pictures)
    line(out, fmt::format("picture of client {}", p.place.client),
         fmt::format("vm {} display {} {}x{} {:016x}", p.place.vm, p.display, p.size.width, p.size.height, p.checksum));
  return out;
}

std::string failure_of(const options& o, const run_result& r) {
  const auto& l = r.counts.link;
  for (const auto& p : r.pictures)
    if (p.differing != 0) return fmt::format("picture of client {} differs in {} pixels", p.place.client, p.differing);
  if (!o.expect_ppm.empty() && r.pictures.empty()) return "no picture to compare";
  if (l.clients == 0) return "no client came through";
  if (!o.strict) return {};
  if (!l.failures.empty()) return "link failed: " + l.failures.begin()->first;
  if (!r.counts.violations.empty()) return "violation: " + r.counts.violations.begin()->first;
  if (!r.counts.ended.empty()) return "ended: " + r.counts.ended.begin()->first;
  if (r.unsettled != 0) return "clients missing";
  return {};
}

} // namespace saffron::load
