// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/device_setting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace saffron::devices {

namespace {

struct place_form {
  std::string_view prefix;
  device_place place;
  /// What parse_address wants in place of the prefix.
  std::string_view address_prefix;
};
constexpr std::array forms{
    place_form{"unix:", device_place::dial, "unix:"}, place_form{"unix-listen:", device_place::listen, "unix:"},
    place_form{"tcp:", device_place::dial, ""},       place_form{"tcp-listen:", device_place::listen, ""},
    place_form{"dbus:", device_place::dbus, ""},
};

tl::unexpected<std::string> bad_place() {
  return tl::unexpected<std::string>{
      "expected unix:/path, unix-listen:/path, tcp:127.0.0.1:4000, tcp-listen:127.0.0.1:4000 or dbus:NAME behind the "
      "name"};
}

} // namespace

tl::expected<device_setting, std::string> parse_device_setting(std::string_view text) {
  const auto equals = text.find('=');
  const auto name = text.substr(0, equals);
  const auto colon = name.find(':');
  const auto kind = name.substr(0, colon);
  auto device = check_device_name(kind, colon == name.npos ? std::string_view{} : name.substr(colon + 1));
  if (!device) return tl::unexpected{device.error()};
  if (equals == text.npos) return bad_place();
  const auto where = text.substr(equals + 1);
  const auto form = std::ranges::find_if(forms, [&](const auto& f) { return where.starts_with(f.prefix); });
  if (form == forms.end()) return bad_place();
  const auto rest = where.substr(form->prefix.size());
  device_setting setting{std::move(*device), form->place, {}, {}};
  if (form->place == device_place::dbus) {
    setting.chardev = rest;
    return rest.empty() ? tl::expected<device_setting, std::string>{bad_place()} : setting;
  }
  const auto address = transport::parse_address(fmt::format("{}{}", form->address_prefix, rest));
  const auto is_tcp = form->address_prefix.empty();
  if (!address || (address->kind == transport::address::family::tcp) != is_tcp || (is_tcp && address->port == 0))
    return bad_place();
  setting.where = *address;
  return setting;
}

std::string place_of(const device_setting& setting) {
  if (setting.place == device_place::dbus) return fmt::format("dbus:{}", setting.chardev);
  const auto is_tcp = setting.where.kind == transport::address::family::tcp;
  const auto text = transport::to_string(setting.where);
  const auto listens = setting.place == device_place::listen;
  if (is_tcp) return fmt::format("{}:{}", listens ? "tcp-listen" : "tcp", text);
  return listens ? fmt::format("unix-listen:{}", text.substr(std::string_view{"unix:"}.size())) : text;
}

std::string to_string(const device_setting& setting) {
  return fmt::format("{}={}", to_string(setting.device), place_of(setting));
}

std::vector<std::string> conflicts(const std::vector<device_setting>& settings) {
  std::vector<std::string> found;
  std::set<std::string> ports, places;
  std::size_t agents = 0, smartcards = 0;
  for (const auto& s : settings) {
    agents += s.device.kind == char_device_kind::vdagent ? 1 : 0;
    smartcards += s.device.kind == char_device_kind::smartcard ? 1 : 0;
    if (!s.device.port.empty() && !ports.insert(s.device.port).second)
      found.push_back(fmt::format("has two ports named {}", s.device.port));
    if (!places.insert(place_of(s)).second) found.push_back(fmt::format("has two devices at {}", place_of(s)));
  }
  if (agents > 1) found.emplace_back("has more than one vdagent");
  if (smartcards > most_smartcards)
    found.push_back(fmt::format("has {} smartcards, at most {} are possible", smartcards, most_smartcards));
  return found;
}

} // namespace saffron::devices
