// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/setting_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>
#include <type_traits>

namespace saffron::host {

namespace {

template <class E>
struct choice {
  std::string_view name;
  E value;
};

// -- the words of each enum -------------------------------------------------------------------------------------------

constexpr auto choices(const tls_version*) {
  return std::array{choice<tls_version>{"1.2", tls_version::v1_2}, choice<tls_version>{"1.3", tls_version::v1_3}};
}
constexpr auto choices(const image_compression*) {
  using e = image_compression;
  return std::array{choice<e>{"auto", e::automatic},  choice<e>{"auto_glz", e::auto_glz},
                    choice<e>{"auto_lz", e::auto_lz}, choice<e>{"quic", e::quic},
                    choice<e>{"glz", e::glz},         choice<e>{"lz", e::lz},
                    choice<e>{"lz4", e::lz4},         choice<e>{"off", e::off}};
}
constexpr auto choices(const video_policy*) {
  using e = video_policy;
  return std::array{choice<e>{"off", e::off}, choice<e>{"filter", e::filter}, choice<e>{"all", e::all},
                    choice<e>{"desktop", e::desktop}};
}
constexpr auto choices(const wire::display::video_codec*) {
  using e = wire::display::video_codec;
  return std::array{choice<e>{"mjpeg", e::mjpeg}, choice<e>{"vp8", e::vp8}, choice<e>{"h264", e::h264},
                    choice<e>{"vp9", e::vp9}, choice<e>{"h265", e::h265}};
}
constexpr auto choices(const wan_policy*) {
  using e = wan_policy;
  return std::array{choice<e>{"auto", e::automatic}, choice<e>{"always", e::always}, choice<e>{"never", e::never}};
}
constexpr auto choices(const log::level*) {
  using e = log::level;
  return std::array{choice<e>{"error", e::error}, choice<e>{"warning", e::warning}, choice<e>{"info", e::info},
                    choice<e>{"debug", e::debug}};
}
constexpr auto choices(const log::style*) {
  return std::array{choice<log::style>{"plain", log::style::plain}, choice<log::style>{"journal", log::style::journal}};
}
constexpr auto choices(const client_policy*) {
  using e = client_policy;
  return std::array{choice<e>{"shared", e::shared}, choice<e>{"exclusive", e::exclusive},
                    choice<e>{"refuse", e::refuse}};
}
constexpr auto choices(const input_policy*) {
  return std::array{choice<input_policy>{"all", input_policy::all}, choice<input_policy>{"first", input_policy::first}};
}

constexpr auto choices(const monitors_policy*) {
  using e = monitors_policy;
  return std::array{choice<e>{"first", e::first}, choice<e>{"last", e::last}};
}
constexpr auto choices(const port_policy*) {
  using e = port_policy;
  return std::array{choice<e>{"first", e::first}, choice<e>{"last", e::last}, choice<e>{"all-readers", e::all_readers}};
}

// The protocol's numbers; 7 was the tunnel channel and is gone.
constexpr std::array<std::string_view, 12> channel_names{
    "", "main", "display", "inputs", "cursor", "playback", "record", "", "smartcard", "usbredir", "port", "webdav"};

template <class E>
std::string joined_choices() {
  constexpr auto all = choices(static_cast<const E*>(nullptr));
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i + 1 == all.size() ? " or " : ", ", all[i].name);
  return text;
}

template <class T>
bool read_number(std::string_view text, T& value) {
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return !text.empty() && error == std::errc{} && stop == end;
}

// -- one text to one value --------------------------------------------------------------------------------------------

bool read(std::string_view text, bool& value, bounds) {
  value = text == "true";
  return value || text == "false";
}
bool read(std::string_view text, std::size_t& value, bounds b) {
  return read_number(text, value) && value >= b.least && value <= b.most;
}
bool read(std::string_view text, std::optional<std::uint16_t>& value, bounds) {
  return read_number(text, value.emplace());
}
bool read(std::string_view text, std::chrono::milliseconds& value, bounds b) {
  double seconds = 0;
  if (!read_number(text, seconds)) return false;
  // Written so that a NaN is refused too.
  if (!(seconds >= static_cast<double>(b.least) && seconds <= static_cast<double>(b.most))) return false;
  value = std::chrono::round<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
  return true;
}
bool read(std::string_view text, std::string& value, bounds) {
  value = text;
  return true;
}
bool read(std::string_view text, std::optional<std::string>& value, bounds) {
  value = text;
  return true;
}
bool read(std::string_view text, std::filesystem::path& value, bounds) {
  value = text;
  return !text.empty() && text.find('\0') == text.npos;
}
bool read(std::string_view text, asio::ip::address& value, bounds) {
  const auto ip = transport::parse_ip(text);
  if (ip) value = *ip;
  return ip.has_value();
}
bool read(std::string_view text, std::vector<address>& value, bounds) {
  const auto a = transport::parse_address(text);
  if (a) value.push_back(*a);
  return a.has_value();
}
bool read(std::string_view text, std::vector<devices::device_setting>& value, bounds) {
  auto s = devices::parse_device_setting(text);
  if (s) value.push_back(std::move(*s));
  return s.has_value();
}
bool read(std::string_view text, channel_set& value, bounds) {
  if (text == "all") return value.all = true;
  const auto type = channel_type(text);
  value.types |= 1U << type;
  return type != 0;
}
bool read(std::string_view text, extent& value, bounds) {
  const auto x = text.find('x');
  if (x == text.npos || !read_number(text.substr(0, x), value.width) || !read_number(text.substr(x + 1), value.height))
    return false;
  return value.width > 0 && value.height > 0 && value.width <= defaults::surface_edge &&
         value.height <= defaults::surface_edge;
}
bool read(std::string_view text, std::optional<extent>& value, bounds b) { return read(text, value.emplace(), b); }
bool read(std::string_view text, expiry& value, bounds) {
  std::uint32_t seconds = 0;
  if (read_number(text, seconds)) {
    value = std::chrono::seconds{seconds};
    return true;
  }
  const auto t = parse_rfc3339(text);
  if (t) value = *t;
  return t.has_value();
}
template <class E>
requires std::is_enum_v<E>
bool read(std::string_view text, E& value, bounds) {
  for (const auto& c : choices(static_cast<const E*>(nullptr))) {
    if (c.name != text) continue;
    value = c.value;
    return true;
  }
  return false;
}

bool read(std::string_view text, std::vector<wire::display::video_codec>& value, bounds b) {
  return read(text, value.emplace_back(), b);
}
bool read(std::string_view text, std::vector<std::string>& value, bounds) {
  value.emplace_back(text);
  return !text.empty();
}

template <class E>
requires std::is_enum_v<E>
bool read(std::string_view text, std::optional<E>& value, bounds b) { return read(text, value.emplace(), b); }

// -- and back ---------------------------------------------------------------------------------------------------------

std::string write(bool value) { return value ? "true" : "false"; }
std::string write(std::size_t value) { return fmt::format("{}", value); }
std::string write(std::optional<std::uint16_t> value) { return value ? fmt::format("{}", *value) : ""; }
std::string write(std::chrono::milliseconds value) {
  return fmt::format("{:g}", std::chrono::duration<double>(value).count());
}
std::string write(const std::string& value) { return value; }
std::string write(const std::optional<std::string>&) { return {}; }
std::string write(const std::filesystem::path& value) { return value.string(); }
std::string write(const asio::ip::address& value) { return value.to_string(); }
std::string write(const std::vector<address>& value) {
  std::vector<std::string> texts;
  for (const auto& a : value) texts.push_back(to_string(a));
  return fmt::format("{}", fmt::join(texts, ", "));
}
std::string write(const std::vector<devices::device_setting>& value) {
  std::vector<std::string> texts;
  for (const auto& s : value) texts.push_back(to_string(s));
  return fmt::format("{}", fmt::join(texts, ", "));
}
std::string write(channel_set value) {
  std::vector<std::string_view> names;
  if (value.all) names.push_back("all");
  for (std::uint8_t type = 0; type < channel_names.size(); ++type)
    if (value.names(type)) names.push_back(channel_name(type));
  return fmt::format("{}", fmt::join(names, ", "));
}
std::string write(extent value) { return fmt::format("{}x{}", value.width, value.height); }
std::string write(std::optional<extent> value) { return value ? write(*value) : ""; }
std::string write(const expiry& value) {
  if (const auto* seconds = std::get_if<std::chrono::seconds>(&value)) return fmt::format("{}", seconds->count());
  if (const auto* t = std::get_if<std::chrono::system_clock::time_point>(&value)) return to_rfc3339(*t);
  return {};
}
template <class E>
requires std::is_enum_v<E> std::string write(E value) {
  for (const auto& c : choices(static_cast<const E*>(nullptr)))
    if (c.value == value) return std::string{c.name};
  return {};
}

template <class E>
requires std::is_enum_v<E> std::string write(std::optional<E> value) { return value ? write(*value) : ""; }

std::string write(const std::vector<wire::display::video_codec>& value) {
  std::vector<std::string> texts;
  for (const auto codec : value) texts.push_back(write(codec));
  return fmt::format("{}", fmt::join(texts, ", "));
}
std::string write(const std::vector<std::string>& value) { return fmt::format("{}", fmt::join(value, ", ")); }

// -- why not ----------------------------------------------------------------------------------------------------------

/// What the expectation leaves open about a text that could not be read.
template <class T>
std::string reason(const T&, std::string_view) {
  return {};
}
std::string reason(const std::vector<devices::device_setting>&, std::string_view text) {
  return fmt::format(" ({})", devices::parse_device_setting(text).error());
}

// -- names for people -------------------------------------------------------------------------------------------------

struct words {
  std::string type, expected;
};

words words_for(const bool*, bounds) { return {"true or false", "true or false"}; }
words words_for(const std::size_t*, bounds b) {
  return {"number", fmt::format("a whole number from {} to {}", b.least, b.most)};
}
words words_for(const std::optional<std::uint16_t>*, bounds) { return {"port", "a port from 0 to 65535"}; }
words words_for(const std::chrono::milliseconds*, bounds b) {
  return {"seconds", fmt::format("seconds from {} to {}", b.least, b.most)};
}
words words_for(const std::string*, bounds) { return {"text", "text"}; }
words words_for(const std::optional<std::string>*, bounds) { return {"text", "text"}; }
words words_for(const std::filesystem::path*, bounds) { return {"path", "a path"}; }
words words_for(const asio::ip::address*, bounds) {
  return {"IP address", "an IP address without a port, such as 127.0.0.1 or ::1"};
}
words words_for(const std::vector<address>*, bounds) {
  return {"addresses", "an address such as 127.0.0.1:5930, [::1]:5930, unix:/run/x.sock or unix:@name (no host names)"};
}
words words_for(const std::vector<devices::device_setting>*, bounds) {
  return {"char devices",
          "KIND=WHERE with KIND vdagent, smartcard, usbredir or port:NAME, and WHERE unix:/path, unix-listen:/path, "
          "tcp:127.0.0.1:4000, tcp-listen:127.0.0.1:4000 or dbus:NAME-OR-ID"};
}
words words_for(const channel_set*, bounds) {
  std::string all = "all";
  for (const auto name : channel_names)
    if (!name.empty()) all += fmt::format(", {}", name);
  return {"channels", "one of " + all};
}
words words_for(const extent*, bounds) {
  return {"size", fmt::format("a size such as 1280x720, each way at most {}", defaults::surface_edge)};
}
words words_for(const std::optional<extent>*, bounds b) { return words_for(static_cast<const extent*>(nullptr), b); }
words words_for(const expiry*, bounds) {
  return {"seconds or time", "seconds from the start, or a time with its offset such as 2026-01-31T12:00:00Z"};
}
template <class E>
requires std::is_enum_v<E> words words_for(const E*, bounds) { return {joined_choices<E>(), joined_choices<E>()}; }
template <class E>
requires std::is_enum_v<E> words words_for(const std::optional<E>*, bounds b) {
  return words_for(static_cast<const E*>(nullptr), b);
}

words words_for(const std::vector<wire::display::video_codec>*, bounds b) {
  return {"codecs", words_for(static_cast<const wire::display::video_codec*>(nullptr), b).expected};
}
words words_for(const std::vector<std::string>*, bounds) { return {"names", "a name"}; }

} // namespace

std::string_view channel_name(std::uint8_t type) {
  return type < channel_names.size() ? channel_names[type] : std::string_view{};
}

std::uint8_t channel_type(std::string_view name) {
  for (std::uint8_t type = 1; type < channel_names.size(); ++type)
    if (!name.empty() && channel_names[type] == name) return type;
  return 0;
}

bool is_list(const setting& where) {
  return std::holds_alternative<std::vector<address>*>(where) || std::holds_alternative<channel_set*>(where) ||
         std::holds_alternative<std::vector<devices::device_setting>*>(where) ||
         std::holds_alternative<std::vector<wire::display::video_codec>*>(where) ||
         std::holds_alternative<std::vector<std::string>*>(where);
}

bool is_switch(const setting& where) { return std::holds_alternative<bool*>(where); }

std::string type_name(const setting& where) {
  return std::visit([](const auto* value) { return words_for(value, {}).type; }, where);
}

std::string expectation(const setting& where, bounds b) {
  return std::visit([b](const auto* value) { return "expected " + words_for(value, b).expected; }, where);
}

tl::expected<void, std::string> read_setting(const setting& where, const std::vector<std::string>& texts, bounds b) {
  return std::visit(
      [&](auto* value) -> tl::expected<void, std::string> {
        auto fresh = *value;
        if (is_list(where))
          fresh = std::decay_t<decltype(fresh)>{};
        else if (texts.size() != 1)
          return tl::unexpected{expectation(where, b) + ", once"};
        for (const auto& text : texts)
          if (!read(text, fresh, b))
            return tl::unexpected{fmt::format("{}, got \"{}\"{}", expectation(where, b), text, reason(fresh, text))};
        *value = std::move(fresh);
        return {};
      },
      where);
}

std::string write_setting(const setting& where) {
  return std::visit([](const auto* value) { return write(*value); }, where);
}

std::string to_rfc3339(std::chrono::system_clock::time_point t) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", std::chrono::floor<std::chrono::seconds>(t));
}

result<std::chrono::system_clock::time_point> parse_rfc3339(std::string_view text) {
  const auto bad = fail{errc::bad_setting};
  const auto digits = [&](std::size_t from, std::size_t count) {
    int value = -1;
    if (from + count > text.size() || text[from] == '-' || !read_number(text.substr(from, count), value)) return -1;
    return value;
  };
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != 't' && text[10] != ' ') ||
      text[13] != ':' || text[16] != ':')
    return bad;
  const int year = digits(0, 4), month = digits(5, 2), day = digits(8, 2);
  const int hour = digits(11, 2), minute = digits(14, 2), second = digits(17, 2);
  if (year < 1970 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59)
    return bad;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return bad;

  auto offset_at = std::size_t{19};
  if (text[offset_at] == '.') {
    offset_at = text.find_first_not_of("0123456789", 20);
    if (offset_at == text.npos || offset_at == 20) return bad;
  }
  std::chrono::minutes offset{0};
  const auto zone = text.substr(offset_at);
  if (zone != "Z" && zone != "z") {
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return bad;
    const int hours = digits(offset_at + 1, 2), minutes = digits(offset_at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return bad;
    offset = std::chrono::hours{hours} + std::chrono::minutes{minutes};
    if (zone[0] == '-') offset = -offset;
  }
  return std::chrono::sys_days{date} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second} - offset;
}

} // namespace saffron::host
