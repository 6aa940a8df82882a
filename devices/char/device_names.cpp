// SPDX-License-Identifier: BSD-3-Clause
#include "devices/char/device_names.hpp"

#include "messages/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace saffron::devices {

namespace {

constexpr std::array names{std::pair{std::string_view{"vdagent"}, char_device_kind::vdagent},
                           std::pair{std::string_view{"smartcard"}, char_device_kind::smartcard},
                           std::pair{std::string_view{"usbredir"}, char_device_kind::usbredir},
                           std::pair{std::string_view{"port"}, char_device_kind::port}};

/// The guest's driver, and PORT_INIT, take names of this length.
constexpr std::size_t longest_port_name = 255;

tl::unexpected<std::string> refuse(std::string_view why) {
  return tl::unexpected{fmt::format("{}: allowed are vdagent, smartcard, usbredir and port", why)};
}

bool is_or_begins(std::string_view name, std::string_view with) {
  return name.starts_with(with) && (name.size() == with.size() || name[with.size()] == '.');
}

} // namespace

std::string_view to_string(char_device_kind kind) noexcept {
  if (kind == char_device_kind::webdav) return "port";
  return std::ranges::find(names, kind, [](const auto& n) { return n.second; })->first;
}

std::string to_string(const device_name& name) {
  return name.port.empty() ? std::string{to_string(name.kind)} : fmt::format("{}:{}", to_string(name.kind), name.port);
}

tl::expected<device_name, std::string> check_device_name(std::string_view kind, std::string_view port) {
  if (kind.empty()) return refuse("the name is missing");
  const auto known = std::ranges::find(names, kind, [](const auto& n) { return n.first; });
  if (known == names.end()) return refuse("the name is unknown");
  if (known->second != char_device_kind::port) {
    if (!port.empty()) return tl::unexpected{fmt::format("a {} has no name of its own", kind)};
    return device_name{known->second, {}};
  }
  if (port.empty()) return tl::unexpected<std::string>{"a port needs a name, such as port:org.example.console.0"};
  if (port.size() > longest_port_name || std::ranges::any_of(port, is_control))
    return tl::unexpected{
        fmt::format("a port's name has 1 to {} bytes, none of them control characters", longest_port_name)};
  return device_name{port == webdav_port ? char_device_kind::webdav : char_device_kind::port, std::string{port}};
}

std::optional<char_device_kind> kind_of_chardev(std::string_view name) noexcept {
  if (name == "com.redhat.spice.0") return char_device_kind::vdagent;
  if (name == webdav_port) return char_device_kind::webdav;
  if (is_or_begins(name, "org.qemu.usbredir")) return char_device_kind::usbredir;
  if (is_or_begins(name, "org.qemu.smartcard")) return char_device_kind::smartcard;
  return std::nullopt;
}

} // namespace saffron::devices
