// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/options.hpp"

#include "actors/host/setting_text.hpp"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace saffron::host {

namespace {

constexpr std::uint64_t many = 1'000'000;
constexpr std::uint64_t a_day = 86400;

// clang-format off
constexpr std::array daemon_entries{
    entry<options>{"listen", [](options& o) -> setting { return &o.listen; },
        "Addresses of the shared plain listeners, where the ticket says which VM is meant; not opened when every VM has a listener of its own"},
    entry<options>{"tls-listen", [](options& o) -> setting { return &o.tls_listen; },
        "Addresses of the shared TLS listeners"},
    entry<options>{"tls-cert", [](options& o) -> setting { return &o.tls.cert; },
        "Certificate chain of the TLS listeners, PEM"},
    entry<options>{"tls-key", [](options& o) -> setting { return &o.tls.key; },
        "Private key of the certificate, PEM, readable by nobody else"},
    entry<options>{"tls-ca", [](options& o) -> setting { return &o.tls.ca; },
        "Certificates that are sent along with the chain, PEM"},
    entry<options>{"tls-dh", [](options& o) -> setting { return &o.tls.dh; },
        "Diffie-Hellman parameters, PEM; OpenSSL chooses its own when none are given"},
    entry<options>{"tls-ciphers", [](options& o) -> setting { return &o.tls.ciphers; },
        "Cipher list of TLS 1.2 in OpenSSL's words", 0, 0, "OpenSSL's"},
    entry<options>{"tls-min-version", [](options& o) -> setting { return &o.tls.min_version; },
        "Oldest TLS version that is accepted"},
    entry<options>{"secure-channels", [](options& o) -> setting { return &o.secure_channels; },
        "Channels that are refused on plain listeners; all is every channel that plain-channels does not name"},
    entry<options>{"plain-channels", [](options& o) -> setting { return &o.plain_channels; },
        "Channels that are refused on TLS listeners; all is every channel that secure-channels does not name"},
    entry<options>{"insecure", [](options& o) -> setting { return &o.insecure; },
        "Allows plain listeners and VMs without a ticket on addresses that other hosts can reach"},
    entry<options>{"image-compression", [](options& o) -> setting { return &o.pictures.compression; },
        "How pictures are packed without loss; auto goes by picture, client and link (see Pictures), the others are SPICE's, where lz stands for glz when a picture has a palette or a client no dictionary; a client may ask for another one"},
    entry<options>{"jpeg-wan-compression", [](options& o) -> setting { return &o.pictures.jpeg; },
        "When gradual pictures travel as JPEG first, and without loss when the screen rests; auto is on slow links"},
    entry<options>{"zlib-glz-wan-compression", [](options& o) -> setting { return &o.pictures.zlib_glz; },
        "When GLZ images travel in zlib, which makes them smaller and costs time; auto is on slow links"},
    entry<options>{"streaming-video", [](options& o) -> setting { return &o.pictures.video; },
        "What travels as a video stream: nothing, what moves steadily and is gradual, whatever moves steadily, or the whole screen while anything moves"},
    entry<options>{"video-codecs", [](options& o) -> setting { return &o.pictures.codecs; },
        "Codecs of video streams, best first, of those that client and Saffron have; without it the link decides"},
    entry<options>{"video-encoders", [](options& o) -> setting { return &o.video_encoders; },
        "Names of libavcodec's encoders to try before the others of their codec, such as h264_vaapi"},
    entry<options>{"video-frames", [](options& o) -> setting { return &o.pictures.motion.frames; },
        "A rectangle that was drawn anew so many times in a row is a video; a whole screen is after five", 2, 100},
    entry<options>{"video-gap", [](options& o) -> setting { return &o.pictures.motion.gap; },
        "Frames that come later than this do not count as being in a row", 0, 10},
    entry<options>{"video-gradual", [](options& o) -> setting { return &o.pictures.motion.gradual_one_in; },
        "Of the frames of a video one in so many is gradual, with streaming-video = filter; 0 asks for none", 0, 100},
    entry<options>{"video-least-pixels", [](options& o) -> setting { return &o.pictures.motion.least_pixels; },
        "A smaller rectangle is no video", 1, 67'108'864},
    entry<options>{"video-rest", [](options& o) -> setting { return &o.pictures.motion.rest; },
        "A video that has stood still for so long, and for video-gap, is shown without loss, and is none until it moves on", 0, 10},
    entry<options>{"loops", [](options& o) -> setting { return &o.loops; },
        "Threads that serve sockets; 0 is one a core, at most 4", 0, 64},
    entry<options>{"encoders", [](options& o) -> setting { return &o.encoders; },
        "Threads that encode pictures; 0 is one a core", 0, 256},
    entry<options>{"link-timeout", [](options& o) -> setting { return &o.limits.link_timeout; },
        "A peer that has not finished its link by then is cut", 1, a_day},
    entry<options>{"half-open-per-address", [](options& o) -> setting { return &o.limits.half_open_per_address; },
        "Unfinished links that one address may hold", 1, many},
    entry<options>{"half-open-total", [](options& o) -> setting { return &o.limits.half_open_total; },
        "Unfinished links in all", 1, many},
    entry<options>{"connects-per-second", [](options& o) -> setting { return &o.limits.connects_per_second; },
        "Connections accepted per second in all; a burst of as many is allowed", 1, many},
    entry<options>{"connectivity-timeout", [](options& o) -> setting { return &o.limits.connectivity_timeout; },
        "A client that has sent nothing for so long, though asked, is gone", 1, a_day},
    entry<options>{"ping-interval", [](options& o) -> setting { return &o.limits.ping_interval; },
        "A quiet client is asked (PING) after so long", 1, a_day},
    entry<options>{"control", [](options& o) -> setting { return &o.control; },
        "Socket that saffron status asks", 0, 0, "/run/saffron/control.sock for root, else /run/user/UID/saffron/control.sock"},
    entry<options>{"log-level", [](options& o) -> setting { return &o.log_level; },
        "The most detailed lines that are logged"},
    entry<options>{"log-style", [](options& o) -> setting { return &o.log_style; },
        "plain has a time stamp, journal the priorities that systemd reads"},
};

constexpr std::array vm_entries{
    entry<vm_options>{"name", [](vm_options& o) -> setting { return &o.name; },
        "Name of the VM in log, status and the client's title"},
    entry<vm_options>{"qmp", [](vm_options& o) -> setting { return &o.qmp; },
        "QMP socket of the QEMU process that runs the VM"},
    entry<vm_options>{"ticket-file", [](vm_options& o) -> setting { return &o.ticket_file; },
        "File whose first line is the ticket (the password); read again on SIGHUP"},
    entry<vm_options>{"ticket", [](vm_options& o) -> setting { return &o.ticket; },
        "The ticket itself, at most 60 bytes; ticket-file keeps it out of configuration and process list"},
    entry<vm_options>{"ticket-expires", [](vm_options& o) -> setting { return &o.ticket_expires; },
        "The ticket is refused from then on: seconds from the start, or a time with its offset", 0, 0, "never"},
    entry<vm_options>{"disable-ticketing", [](vm_options& o) -> setting { return &o.disable_ticketing; },
        "Asks for no ticket; needs a listener of the VM's own"},
    entry<vm_options>{"clients", [](vm_options& o) -> setting { return &o.clients; },
        "When a second client connects: both see the VM, the new one takes over, or it is refused"},
    entry<vm_options>{"inputs", [](vm_options& o) -> setting { return &o.inputs; },
        "Whose keyboard and mouse reach the VM: every client's, or only the first one's"},
    entry<vm_options>{"char-device", [](vm_options& o) -> setting { return &o.char_devices; },
        "KIND=WHERE: a char device for clients; KIND is vdagent, smartcard, usbredir or port:NAME, WHERE unix:/path, unix-listen:/path, tcp:127.0.0.1:4000, tcp-listen:127.0.0.1:4000 or dbus:NAME-OR-ID"},
    entry<vm_options>{"copy-paste", [](vm_options& o) -> setting { return &o.copy_paste; },
        "Lets clients and guest share their clipboards"},
    entry<vm_options>{"file-transfer", [](vm_options& o) -> setting { return &o.file_transfer; },
        "Lets clients send files to the guest's agent"},
    entry<vm_options>{"monitors-config", [](vm_options& o) -> setting { return &o.monitors_config; },
        "Lets clients tell the guest's agent which monitors they want"},
    entry<vm_options>{"monitors", [](vm_options& o) -> setting { return &o.monitors; },
        "Whose monitors count when several clients are connected: the first client's, or those that came last"},
    entry<vm_options>{"port-clients", [](vm_options& o) -> setting { return &o.port_clients; },
        "Who gets a port that several clients open: the first one, the last one, or all to read and the first to write"},
    entry<vm_options>{"image-compression", [](vm_options& o) -> setting { return &o.compression; },
        "As the option of this name, for this VM"},
    entry<vm_options>{"jpeg-wan-compression", [](vm_options& o) -> setting { return &o.jpeg; },
        "As the option of this name, for this VM"},
    entry<vm_options>{"zlib-glz-wan-compression", [](vm_options& o) -> setting { return &o.zlib_glz; },
        "As the option of this name, for this VM"},
    entry<vm_options>{"streaming-video", [](vm_options& o) -> setting { return &o.video; },
        "As the option of this name, for this VM"},
    entry<vm_options>{"video-codecs", [](vm_options& o) -> setting { return &o.video_codecs; },
        "As the option of this name, for this VM"},
    entry<vm_options>{"port", [](vm_options& o) -> setting { return &o.port; },
        "Port of a plain listener for this VM alone; 0 is any free one"},
    entry<vm_options>{"tls-port", [](vm_options& o) -> setting { return &o.tls_port; },
        "Port of a TLS listener for this VM alone; 0 is any free one"},
    entry<vm_options>{"listen-address", [](vm_options& o) -> setting { return &o.listen_address; },
        "Address that port and tls-port are opened on"},
    entry<vm_options>{"listen", [](vm_options& o) -> setting { return &o.listen; },
        "Addresses of plain listeners for this VM alone"},
    entry<vm_options>{"tls-listen", [](vm_options& o) -> setting { return &o.tls_listen; },
        "Addresses of TLS listeners for this VM alone"},
    entry<vm_options>{"demo", [](vm_options& o) -> setting { return &o.demo; },
        "Shows a picture made in the process in place of a guest"},
    entry<vm_options>{"size", [](vm_options& o) -> setting { return &o.demo_screen.size; },
        "Demo: size of each head in pixels"},
    entry<vm_options>{"heads", [](vm_options& o) -> setting { return &o.demo_screen.heads; },
        "Demo: number of heads", 1, 16},
    entry<vm_options>{"frames-per-second", [](vm_options& o) -> setting { return &o.demo_screen.frames_per_second; },
        "Demo: how often it draws", 1, 240},
    entry<vm_options>{"still", [](vm_options& o) -> setting { return &o.demo_screen.still; },
        "Demo: draws once, then only what input changes"},
    entry<vm_options>{"full-motion", [](vm_options& o) -> setting { return &o.demo_screen.full_motion; },
        "Demo: every frame changes every pixel, as a video does"},
    entry<vm_options>{"slideshow", [](vm_options& o) -> setting { return &o.demo_screen.slideshow; },
        "Demo: pictures in every format that guests draw in, a format a slide; every key shows the next slide"},
    entry<vm_options>{"video", [](vm_options& o) -> setting { return &o.demo_screen.video; },
        "Demo: size of a video that plays in the middle of each head"},
    entry<vm_options>{"picture", [](vm_options& o) -> setting { return &o.demo_screen.picture; },
        "Demo: PPM file to which its first picture is written; of a slideshow every slide, X.ppm as X-0.ppm, X-1.ppm, …"},
};
// clang-format on

// Levenshtein's distance in one row.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    auto diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const auto change = diagonal + (a[i] == b[j] || (a[i] == '_' && b[j] == '-') ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({change, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != text.npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

template <class Options>
std::string markdown_of(std::span<const entry<Options>> table, std::string_view head) {
  auto text = fmt::format("| {} | type | default | meaning |\n|---|---|---|---|\n", head);
  Options untouched;
  for (const auto& e : table) {
    const auto where = e.in(untouched);
    const auto value = e.default_text.empty() ? write_setting(where) : std::string{e.default_text};
    text += fmt::format("| `{}` | {} | {} | {} |\n", e.name, cell(type_name(where)), cell(value),
                        cell(std::string{e.help}));
  }
  return text;
}

} // namespace

std::span<const entry<options>> option_table() { return daemon_entries; }
std::span<const entry<vm_options>> vm_table() { return vm_entries; }

template <class Options>
tl::expected<void, std::string> assign(const entry<Options>& e, Options& o, const std::vector<std::string>& texts) {
  return read_setting(e.in(o), texts, {e.least, e.most});
}
template tl::expected<void, std::string> assign(const entry<options>&, options&, const std::vector<std::string>&);
template tl::expected<void, std::string> assign(const entry<vm_options>&, vm_options&, const std::vector<std::string>&);

std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& names) {
  std::string_view nearest;
  auto smallest = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto candidate : names) {
    const auto d = distance(name, candidate);
    if (d >= smallest) continue;
    smallest = d;
    nearest = candidate;
  }
  return nearest;
}

std::string options_markdown() {
  return "The TOML file and the command line (behind `--`) use the same names. On the command line a list is given\n"
         "item by item, and `none` empties it.\n\n" +
         markdown_of(option_table(), "option") +
         "\nKeys of `[[vm]]`, and of `--vm KEY=VALUE,…` (a comma inside a value is written twice):\n\n" +
         markdown_of(vm_table(), "key");
}

channel_security security_of(const options& o, std::uint8_t type) {
  if (o.secure_channels.names(type)) return channel_security::tls;
  if (o.plain_channels.names(type)) return channel_security::plain;
  if (o.secure_channels.all) return channel_security::tls;
  return o.plain_channels.all ? channel_security::plain : channel_security::any;
}

bool has_own_listener(const vm_options& vm) {
  return vm.port || vm.tls_port || !vm.listen.empty() || !vm.tls_listen.empty();
}

options without_tickets(options o) {
  for (auto& vm : o.vms) {
    vm.ticket.reset();
    vm.ticket_file.clear();
    vm.ticket_expires = {};
    vm.disable_ticketing = false;
  }
  return o;
}

std::vector<listener_plan> listeners(const options& o) {
  std::vector<listener_plan> all;
  if (!std::all_of(o.vms.begin(), o.vms.end(), has_own_listener)) {
    for (const auto& a : o.listen) all.push_back({a, false, {}});
    for (const auto& a : o.tls_listen) all.push_back({a, true, {}});
  }
  for (std::size_t i = 0; i < o.vms.size(); ++i) {
    const auto& vm = o.vms[i];
    if (vm.port) all.push_back({transport::tcp_address(vm.listen_address, *vm.port), false, i});
    if (vm.tls_port) all.push_back({transport::tcp_address(vm.listen_address, *vm.tls_port), true, i});
    for (const auto& a : vm.listen) all.push_back({a, false, i});
    for (const auto& a : vm.tls_listen) all.push_back({a, true, i});
  }
  return all;
}

vm_settings settings_of(const vm_options& vm, const picture_settings& pictures,
                        std::chrono::system_clock::time_point start) {
  vm_settings settings;
  settings.name = vm.name;
  settings.clients = vm.clients;
  settings.inputs = vm.inputs;
  settings.copy_paste = vm.copy_paste;
  settings.file_transfer = vm.file_transfer;
  settings.monitors_config = vm.monitors_config;
  settings.monitors = vm.monitors;
  settings.port_clients = vm.port_clients;
  settings.pictures = pictures;
  settings.pictures.compression = vm.compression.value_or(pictures.compression);
  settings.pictures.jpeg = vm.jpeg.value_or(pictures.jpeg);
  settings.pictures.zlib_glz = vm.zlib_glz.value_or(pictures.zlib_glz);
  settings.pictures.video = vm.video.value_or(pictures.video);
  settings.pictures.codecs = vm.video_codecs.empty() ? pictures.codecs : vm.video_codecs;
  if (!vm.ticket || vm.disable_ticketing) return settings;
  settings.ticket = ticket{*vm.ticket, {}};
  if (const auto* seconds = std::get_if<std::chrono::seconds>(&vm.ticket_expires))
    settings.ticket->expires = start + *seconds;
  else if (const auto* t = std::get_if<std::chrono::system_clock::time_point>(&vm.ticket_expires))
    settings.ticket->expires = *t;
  return settings;
}

std::filesystem::path default_control_path() {
  const auto uid = ::geteuid();
  if (uid == 0) return "/run/saffron/control.sock";
  std::error_code error;
  const auto runtime = fmt::format("/run/user/{}", uid);
  if (std::filesystem::is_directory(runtime, error)) return runtime + "/saffron/control.sock";
  return fmt::format("/tmp/saffron-{}/control.sock", uid);
}

} // namespace saffron::host
