// SPDX-License-Identifier: BSD-3-Clause
#include "bench/codecs/report.hpp"

#include "bench/codecs/pictures.hpp"
#include "bench/codecs/reference_figures.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace saffron::codecs {

namespace {

using nlohmann::ordered_json;

double encode_speed(const figure& f) { return speed(f.source_bytes, f.encode.seconds()); }
double decode_speed(const figure& f) { return speed(f.source_bytes, f.decode.seconds()); }
double strip_speed(const figure& f, const strip_figure& s) { return speed(f.source_bytes, s.time.seconds()); }
double compression(const figure& f) {
  return ratio(static_cast<double>(f.source_bytes), static_cast<double>(f.payload_bytes));
}

/// "-" for what there is not.
std::string cell(double value, int digits = 0) { return value > 0 ? fmt::format("{:.{}f}", value, digits) : "-"; }

ordered_json known(double value) { return value > 0 ? ordered_json(value) : ordered_json(nullptr); }

} // namespace

std::optional<comparison> compared(const figure& ours, std::span<const yardstick> yardsticks) noexcept {
  const auto* reference = reference_of(ours.picture, ours.codec, ours.source);
  const auto factor = machine_factor(ours.picture, yardsticks);
  if (reference == nullptr || factor == 0) return std::nullopt;
  comparison out{encode_speed(ours), reference->bytes, reference->encode_speed, reference->encode_speed * factor, 0};
  out.times = ratio(out.encode_speed, out.scaled_speed);
  return out;
}

std::string text_report(const run_result& r) {
  std::string out = fmt::format("{:<16}{:>12}{:>12}{:>18}{:>10}\n", "yardstick", "LZ4 MB/s", "memcpy MB/s",
                                "LZ4 MB/s there", "factor");
  for (const auto& y : r.yardsticks)
    out += fmt::format("{:<16}{:>12}{:>12}{:>18}{:>10}\n", y.picture, cell(y.lz4_speed), cell(y.memcpy_speed),
                       cell(y.reference_lz4_speed), cell(machine_factor(y.picture, r.yardsticks), 2));
  out += fmt::format("\n{:<16}{:<16}{:<7}{:>10}{:>9}{:>9}{:>10}{:>7}{:>11}{:>10}   {}\n", "picture", "codec", "source",
                     "bytes", "ratio", "MB/s", "reference", "times", "its bytes", "decode", "strips: threads MB/s");
  for (const auto& f : r.figures) {
    const auto beside = compared(f, r.yardsticks).value_or(comparison{});
    out += fmt::format("{:<16}{:<16}{:<7}{:>10}{:>9.2f}{:>9}{:>10}{:>7}{:>11}{:>10}  ", f.picture, f.codec,
                       name_of(f.source), f.payload_bytes, compression(f), cell(encode_speed(f)),
                       cell(beside.scaled_speed), cell(beside.times, 2),
                       cell(static_cast<double>(beside.reference_bytes)), cell(decode_speed(f)));
    for (const auto& s : f.strips) out += fmt::format(" {}: {}", s.threads, cell(strip_speed(f, s)));
    out += '\n';
  }
  return out;
}

std::string json_report(const run_result& r) {
  ordered_json out{{"yardsticks", ordered_json::array()}, {"codecs", ordered_json::array()}};
  for (const auto& y : r.yardsticks)
    out["yardsticks"].push_back({{"picture", y.picture},
                                 {"lz4_megabytes_per_second", y.lz4_speed},
                                 {"memcpy_megabytes_per_second", y.memcpy_speed},
                                 {"reference_lz4_megabytes_per_second", known(y.reference_lz4_speed)},
                                 {"machine_factor", known(machine_factor(y.picture, r.yardsticks))}});
  for (const auto& f : r.figures) {
    const auto beside = compared(f, r.yardsticks).value_or(comparison{});
    ordered_json row{{"picture", f.picture},
                     {"codec", f.codec},
                     {"source", name_of(f.source)},
                     {"source_bytes", f.source_bytes},
                     {"payload_bytes", f.payload_bytes},
                     {"ratio", compression(f)},
                     {"encode_megabytes_per_second", encode_speed(f)},
                     {"reference_megabytes_per_second", known(beside.reference_speed)},
                     {"scaled_reference_megabytes_per_second", known(beside.scaled_speed)},
                     {"times_reference", known(beside.times)},
                     {"reference_payload_bytes", known(static_cast<double>(beside.reference_bytes))},
                     {"decode_megabytes_per_second", known(decode_speed(f))},
                     {"strips", ordered_json::array()}};
    for (const auto& s : f.strips)
      row["strips"].push_back({{"threads", s.threads}, {"megabytes_per_second", strip_speed(f, s)}});
    out["codecs"].push_back(std::move(row));
  }
  return out.dump(2);
}

} // namespace saffron::codecs
