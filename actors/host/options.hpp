// SPDX-License-Identifier: BSD-3-Clause
// Every setting of the daemon, once: the structs, and the table that gives each its name, type, default and meaning to
// the command line, the TOML file and the README.
#pragma once

#include "devices/char/device_setting.hpp"
#include "messages/defaults.hpp"
#include "messages/geometry.hpp"
#include "messages/log.hpp"
#include "messages/session.hpp"
#include "transport/address.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace saffron::host {

using transport::address;

enum class tls_version : std::uint8_t { v1_2, v1_3 };

/// Channel types, named as the protocol names them: "main", "display", …; "all" stands for those not named.
struct channel_set {
  std::uint32_t types = 0;
  bool all = false;

  [[nodiscard]] bool names(std::uint8_t type) const noexcept { return type < 32 && (types & (1U << type)) != 0; }
  friend bool operator==(const channel_set&, const channel_set&) = default;
};

/// When a ticket stops to be valid: never, so long after the start, or at a point in time.
using expiry = std::variant<std::monostate, std::chrono::seconds, std::chrono::system_clock::time_point>;

struct tls_options {
  std::filesystem::path cert, key, ca, dh;
  std::string ciphers;
  tls_version min_version = tls_version::v1_2;

  friend bool operator==(const tls_options&, const tls_options&) = default;
};

struct limit_options {
  std::chrono::milliseconds link_timeout = defaults::link_timeout;
  std::size_t half_open_per_address = defaults::half_open_per_address;
  std::size_t half_open_total = defaults::half_open_total;
  std::size_t connects_per_second = defaults::connects_per_second;
  std::chrono::milliseconds connectivity_timeout = defaults::connectivity_timeout;
  std::chrono::milliseconds ping_interval = defaults::ping_interval;

  friend bool operator==(const limit_options&, const limit_options&) = default;
};

/// A VM without a guest: a picture that moves, made in the process.
struct demo_options {
  extent size{1024, 768};
  std::size_t heads = 1;
  std::size_t frames_per_second = 30;
  bool still = false;
  bool full_motion = false;
  bool slideshow = false;
  std::optional<extent> video;
  /// Where the first head's first picture is written, as PPM, for comparing with what a client sees.
  std::filesystem::path picture;
  friend bool operator==(const demo_options&, const demo_options&) = default;
};

struct vm_options {
  std::string name;
  std::filesystem::path qmp;
  bool demo = false;
  demo_options demo_screen;

  /// As given, or as read from ticket_file by load_tickets.
  std::optional<std::string> ticket;
  std::filesystem::path ticket_file;
  expiry ticket_expires;
  bool disable_ticketing = false;
  client_policy clients = client_policy::shared;
  input_policy inputs = input_policy::all;

  std::vector<devices::device_setting> char_devices;
  bool copy_paste = true, file_transfer = true, monitors_config = true;
  monitors_policy monitors = monitors_policy::last;
  port_policy port_clients = port_policy::first;
  /// What is not said here is as the daemon's options say.
  std::optional<image_compression> compression;
  std::optional<wan_policy> jpeg, zlib_glz;
  std::optional<video_policy> video;
  std::vector<wire::display::video_codec> video_codecs;

  /// Listeners that lead to this VM alone; with a ticket it is on the shared ones as well.
  std::vector<address> listen, tls_listen;
  asio::ip::address listen_address = asio::ip::address_v4::loopback();
  std::optional<std::uint16_t> port, tls_port;

  friend bool operator==(const vm_options&, const vm_options&) = default;
};

struct options {
  std::vector<address> listen{transport::tcp_address(asio::ip::address_v4::loopback(), 5930)}, tls_listen;
  tls_options tls;
  channel_set secure_channels, plain_channels;
  bool insecure = false;
  picture_settings pictures;
  /// Encoders to try before others of their codec: "h264_vaapi".
  std::vector<std::string> video_encoders;
  std::size_t loops = 0, encoders = 0;
  limit_options limits;
  log::level log_level = log::level::info;
  log::style log_style = log::style::plain;
  std::filesystem::path control;
  std::vector<vm_options> vms;

  /// Not in the table. A demo goes on without a control socket when another process holds it.
  bool control_optional = false;
  /// Not in the table. Prints a command that shows the first listener's VM on standard output, for people to paste.
  bool print_viewer_command = false;

  friend bool operator==(const options&, const options&) = default;
};

// -- what follows from them -------------------------------------------------------------------------------------------

enum class channel_security : std::uint8_t { any, tls, plain };
/// What a channel type must come through. A list that names it wins over one that says "all".
channel_security security_of(const options& o, std::uint8_t channel_type);

/// Without what SIGHUP takes: what is different in the rest waits for a restart.
options without_tickets(options o);

/// One socket to listen on. Its place in the list is the number of the listener in `authorize`.
struct listener_plan {
  address where;
  bool tls = false;
  /// Index into options::vms; none: every VM that has a ticket, which tells them apart.
  std::optional<std::size_t> vm;
};
/// Shared listeners first, left out when no VM is on them.
std::vector<listener_plan> listeners(const options& o);
bool has_own_listener(const vm_options& vm);

/// What the registry is told; `pictures` are the daemon's. Expiry in seconds counts from `start`; without a ticket none
/// is asked.
vm_settings settings_of(const vm_options& vm, const picture_settings& pictures,
                        std::chrono::system_clock::time_point start);

/// /run/saffron/control.sock for root, else below /run/user/UID, or /tmp/saffron-UID where there is no such directory.
std::filesystem::path default_control_path();

// -- the table --------------------------------------------------------------------------------------------------------

/// A setting inside options or vm_options. Its alternative decides how it is spelt and what type name people read.
using setting =
    std::variant<bool*, std::size_t*, std::optional<std::uint16_t>*, std::chrono::milliseconds*, std::string*,
                 std::optional<std::string>*, std::filesystem::path*, asio::ip::address*, std::vector<address>*,
                 channel_set*, extent*, std::optional<extent>*, expiry*, tls_version*, image_compression*, wan_policy*,
                 std::optional<image_compression>*, std::optional<wan_policy>*, video_policy*,
                 std::optional<video_policy>*, log::level*, log::style*, client_policy*, input_policy*,
                 monitors_policy*, port_policy*, std::vector<devices::device_setting>*,
                 std::vector<wire::display::video_codec>*, std::vector<std::string>*>;

template <class Options>
struct entry {
  /// On the command line (behind --, or as a key of --vm) and in TOML alike.
  std::string_view name;
  setting (*in)(Options&);
  /// One sentence without a full stop.
  std::string_view help;
  /// Bounds of a number.
  std::uint64_t least = 0, most = std::numeric_limits<std::uint32_t>::max();
  /// Written in place of the default value when that says little.
  std::string_view default_text = {};
};

std::span<const entry<options>> option_table();
/// The keys of [[vm]] and of --vm.
std::span<const entry<vm_options>> vm_table();

/// Sets one setting. The error says what was expected.
template <class Options>
tl::expected<void, std::string> assign(const entry<Options>& e, Options& o, const std::vector<std::string>& texts);

/// People write image_compression, too.
inline bool same_name(std::string_view name, std::string_view written) {
  return std::equal(name.begin(), name.end(), written.begin(), written.end(),
                    [](char a, char b) { return a == b || (a == '-' && b == '_'); });
}

template <class Options>
const entry<Options>* find(std::span<const entry<Options>> table, std::string_view name) {
  for (const auto& e : table)
    if (same_name(e.name, name)) return &e;
  return nullptr;
}

/// The name that is most like `name`; empty when none is like it.
std::string_view nearest_name(std::string_view name, const std::vector<std::string_view>& names);
/// "unknown, did you mean log-level?" or "unknown".
template <class Options>
std::string unknown_name(std::span<const entry<Options>> table, std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& e : table) names.push_back(e.name);
  const auto nearest = nearest_name(name, names);
  return nearest.empty() ? "unknown" : "unknown, did you mean " + std::string{nearest} + "?";
}

/// Both tables, as the README shows them.
std::string options_markdown();

} // namespace saffron::host
