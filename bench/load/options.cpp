// SPDX-License-Identifier: BSD-3-Clause
#include "bench/load/options.hpp"

#include "bench/load/image_decode.hpp"
#include "messages/wire/video_codec_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <span>

namespace saffron::load {

namespace {

using image_compression = wire::display::image_compression;
using wire::display::video_codec;

template <class T>
bool number(std::string_view text, T& to) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  to = value;
  return true;
}

bool count(std::string_view text, std::size_t& to) { return number(text, to) && to != 0; }

bool time_in_seconds(std::string_view text, seconds& to) {
  double value = 0;
  if (!number(text, value) || value < 0 || value > 86400) return false;
  to = seconds{value};
  return true;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

template <class E>
using names = std::span<const std::pair<std::string_view, E>>;

template <class E>
bool choose(names<E> from, std::string_view text, E& to) {
  for (const auto& [name, value] : from)
    if (name == text) return to = value, true;
  return false;
}

constexpr std::pair<std::string_view, profile_kind> profiles[]{
    {"idle", profile_kind::idle},           {"typing", profile_kind::typing},   {"motion", profile_kind::motion},
    {"reconnect", profile_kind::reconnect}, {"stalled", profile_kind::stalled}, {"accept", profile_kind::accept}};
constexpr std::pair<std::string_view, connect_goal> goals[]{
    {"main", connect_goal::main}, {"channels", connect_goal::channels}, {"frame", connect_goal::frame}};
constexpr std::pair<std::string_view, image_compression> compressions[]{
    {"off", image_compression::off},         {"auto_glz", image_compression::auto_glz},
    {"auto_lz", image_compression::auto_lz}, {"quic", image_compression::quic},
    {"glz", image_compression::glz},         {"lz", image_compression::lz},
    {"lz4", image_compression::lz4}};

constexpr video_codec codecs[]{video_codec::mjpeg, video_codec::vp8, video_codec::h264, video_codec::vp9,
                               video_codec::h265};

bool add_codec(std::string_view name, std::vector<video_codec>& to) {
  const auto* found = std::find_if(std::begin(codecs), std::end(codecs), [&](auto c) { return to_string(c) == name; });
  return found != std::end(codecs) && (to.push_back(*found), true);
}

bool rectangle(std::string_view text, std::optional<rect>& to) {
  const auto parts = split(text);
  std::array<std::int32_t, 4> v{};
  if (parts.size() != v.size()) return false;
  for (std::size_t i = 0; i < v.size(); ++i)
    if (!number(parts[i], v[i]) || v[i] < 0 || v[i] > 65535) return false;
  to = rect{v[0], v[1], v[0] + v[2], v[1] + v[3]};
  return !to->empty();
}

bool channels(std::string_view text, options& o) {
  o.display = o.inputs = o.cursor = text == "all";
  if (text == "all" || text == "main") return true;
  for (const auto& name : split(text)) {
    if (name == "display")
      o.display = true;
    else if (name == "inputs")
      o.inputs = true;
    else if (name == "cursor")
      o.cursor = true;
    else if (name != "main")
      return false;
  }
  return true;
}

using text = std::string_view;

struct option {
  std::string_view name;
  std::string_view value; // empty: a switch
  std::string_view help;
  std::function<bool(options&, text)> set;
};

const std::vector<option>& table() {
  static const std::vector<option> all{
      {"connect", "HOST:PORT|unix:PATH", "the server", [](options& o, text v) { return o.connect = v, !v.empty(); }},
      {"tls", "", "speak TLS", [](options& o, text) { return o.tls = true; }},
      {"ca", "FILE", "check the server's certificate", [](options& o, text v) { return o.ca_file = v, o.tls = true; }},
      {"tls-host", "NAME", "and that it has this name", [](options& o, text v) { return o.tls_host = v, true; }},
      {"tickets", "A,B,C", "one VM a ticket; clients take them in turn",
       [](options& o, text v) { return o.tickets = split(v), true; }},
      {"ticket-template", "vm%d", "ticket of VM 0, 1, ... up to --vms",
       [](options& o, text v) { return o.ticket_template = v, true; }},
      {"vms", "M", "VMs of --ticket-template", [](options& o, text v) { return count(v, o.vms); }},
      {"clients", "N", "clients at the same time", [](options& o, text v) { return count(v, o.clients); }},
      {"threads", "N", "threads of this process", [](options& o, text v) { return count(v, o.threads); }},
      {"parallel", "N", "clients that may be connecting; reconnect: clients",
       [](options& o, text v) { return count(v, o.parallel); }},
      {"channels", "main|all|display,...", "what to open besides main",
       [](options& o, text v) { return channels(v, o); }},
      {"full-header", "", "do without mini headers", [](options& o, text) { return !(o.mini_header = false); }},
      {"no-lz4", "", "do not announce LZ4", [](options& o, text) { return !(o.lz4 = false); }},
      {"preferred-compression", "off|lz4|quic|...", "ask for it",
       [](options& o, text v) { return choose<image_compression>(compressions, v, o.compression.emplace()); }},
      {"videos", "mjpeg,vp8,h264,vp9,h265",
       "take videos in these codecs; decoded is MJPEG only, and only where pixels are wanted",
       [](options& o, text v) {
         for (const auto& name : split(v))
           if (!add_codec(name, o.videos)) return false;
         return true;
       }},
      {"cache-pixels", "N", "size of the image cache to announce",
       [](options& o, text v) { return number(v, o.cache_pixels) && o.cache_pixels >= 0; }},
      {"profile", "idle|typing|motion|reconnect|stalled|accept", "what the clients do",
       [](options& o, text v) { return choose<profile_kind>(profiles, v, o.profile); }},
      {"duration", "S", "seconds measured", [](options& o, text v) { return time_in_seconds(v, o.duration); }},
      {"warmup", "S", "seconds before, once all are connected",
       [](options& o, text v) { return time_in_seconds(v, o.warmup); }},
      {"connect-timeout", "S", "for each client",
       [](options& o, text v) { return time_in_seconds(v, o.connect_timeout); }},
      {"start-timeout", "S", "for all clients", [](options& o, text v) { return time_in_seconds(v, o.start_timeout); }},
      {"key-interval", "MS", "typing: a key each, +-50 %",
       [](options& o, text v) {
         std::uint32_t ms = 0;
         return number(v, ms) && ms != 0 && (o.key_interval = std::chrono::milliseconds{ms}, true);
       }},
      {"watch", "X,Y,W,H", "typing: only drawing there answers a key; motion: counts frames by the middle",
       [](options& o, text v) { return rectangle(v, o.watch); }},
      {"change", "N",
       "typing: watched colours must change by N of 255 in the mean; draws what touches --watch only, unless --decode",
       [](options& o, text v) {
         unsigned n = 0;
         return number(v, n) && n > 0 && n < 256 && (o.change = static_cast<std::uint8_t>(n), true);
       }},
      {"until", "main|channels|frame", "reconnect: how far to connect",
       [](options& o, text v) { return choose<connect_goal>(goals, v, o.goal); }},
      {"stall", "S", "stalled: seconds without reading",
       [](options& o, text v) { return time_in_seconds(v, o.stall); }},
      {"decode", "", "draw the pictures and print their checksums", [](options& o, text) { return o.decode = true; }},
      {"expect-ppm", "FILE", "exit 1 unless the picture at the end is this (%d: VM)",
       [](options& o, text v) { return o.expect_ppm = v, o.decode = true; }},
      {"dump-ppm", "FILE", "write the picture at the end (%d: VM)",
       [](options& o, text v) { return o.dump_ppm = v, o.decode = true; }},
      {"pid", "PID,...", "measure CPU time and memory of these processes too",
       [](options& o, text v) {
         for (const auto& part : split(v))
           if (!number(part, o.watch_pids.emplace_back())) return false;
         return true;
       }},
      {"json", "", "print one JSON object", [](options& o, text) { return o.json = true; }},
      {"strict", "", "exit 1 on any failed link, violation or unexpected end",
       [](options& o, text) { return o.strict = true; }},
  };
  return all;
}

std::string complete(options& o) {
  if (o.connect.empty()) return "--connect is missing";
  if (o.tickets.size() > 1) o.vms = o.tickets.size();
  if (!o.tickets.empty() && !o.ticket_template.empty()) return "--tickets and --ticket-template exclude each other";
  if (o.profile == profile_kind::typing && (!o.inputs || !o.display)) return "typing needs inputs and display";
  if (o.change != 0 && !o.watch) return "--change needs --watch";
  if (o.needs_pixels() && !o.display) return "decoding needs display";
  if (o.profile == profile_kind::reconnect || o.profile == profile_kind::accept) {
    o.clients = o.parallel;
    if (o.goal == connect_goal::main) o.display = o.inputs = o.cursor = false;
    if (o.goal == connect_goal::frame && !o.display) return "--until frame needs display";
  }
  if (o.profile == profile_kind::stalled) o.duration = std::max(o.duration, o.stall + seconds{2});
  o.threads = std::min(o.threads, o.clients);
  return {};
}

} // namespace

std::string numbered(std::string text, std::size_t number) {
  if (const auto at = text.find("%d"); at != std::string::npos) text.replace(at, 2, std::to_string(number));
  return text;
}

std::string options::ticket_of(std::size_t vm) const {
  if (!ticket_template.empty()) return numbered(ticket_template, vm);
  return tickets.empty() ? std::string{} : tickets[vm % tickets.size()];
}

parsed_options parse_options(const std::vector<std::string>& arguments) {
  parsed_options out;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view word = arguments[i];
    if (word == "--help" || word == "-h") return out.help = true, out;
    const auto equals = word.find('=');
    const auto name = word.substr(0, equals);
    const option* found = nullptr;
    for (const auto& o : table())
      if (name.starts_with("--") && name.substr(2) == o.name) found = &o;
    if (found == nullptr) return out.error = fmt::format("unknown option {}", word), out;
    std::string_view value;
    if (equals != std::string_view::npos)
      value = word.substr(equals + 1);
    else if (!found->value.empty() && i + 1 < arguments.size())
      value = arguments[++i];
    else if (!found->value.empty())
      return out.error = fmt::format("{} needs a value: {}", name, found->value), out;
    if (!found->set(out.value, value)) return out.error = fmt::format("bad value of {}: {}", name, value), out;
  }
  out.error = complete(out.value);
  return out;
}

std::string help_text() {
  std::string out = "load: SPICE clients without a screen, for measuring and testing servers\n\n";
  for (const auto& o : table()) out += fmt::format("  {:<50} {}\n", fmt::format("--{} {}", o.name, o.value), o.help);
  return out;
}

std::string_view name_of(profile_kind kind) noexcept {
  for (const auto& [name, value] : profiles)
    if (value == kind) return name;
  return "?";
}

} // namespace saffron::load
