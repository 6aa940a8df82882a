// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/display_objects.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr std::size_t consoles_limit = 64;

/// The number of a console's path; none for other objects.
std::optional<std::uint32_t> console_number(std::string_view path) {
  constexpr std::string_view prefix = "/org/qemu/Display1/Console_";
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), number);
  if (error != std::errc{} || end != path.data() + path.size()) return std::nullopt;
  return number;
}

/// Reads the value of a{sv}'s current entry into `to` when it has this type; skips it otherwise.
template <class T>
bool read_value(sd_bus_message* m, const char* type, std::optional<T>& to) {
  char kind = 0;
  const char* contents = nullptr;
  if (sd_bus_message_peek_type(m, &kind, &contents) < 0 || kind != SD_BUS_TYPE_VARIANT) return false;
  if (std::string_view{contents} != type) return sd_bus_message_skip(m, "v") >= 0;
  if constexpr (std::is_same_v<T, std::string>) {
    const char* text = nullptr;
    if (sd_bus_message_read(m, "v", type, &text) < 0) return false;
    to = text;
  } else if constexpr (std::is_same_v<T, bool>) {
    int value = 0; // sd-bus's booleans
    if (sd_bus_message_read(m, "v", type, &value) < 0) return false;
    to = value != 0;
  } else {
    T value{};
    if (sd_bus_message_read(m, "v", type, &value) < 0) return false;
    to = value;
  }
  return true;
}

bool read_property(sd_bus_message* m, std::string_view interface, std::string_view name, console_properties& to) {
  if (interface == console_interface && name == "Type") return read_value(m, "s", to.type);
  if (interface == console_interface && name == "Width") return read_value(m, "u", to.width);
  if (interface == console_interface && name == "Height") return read_value(m, "u", to.height);
  if (interface == keyboard_interface && name == "Modifiers") return read_value(m, "u", to.modifiers);
  if (interface == mouse_interface && name == "IsAbsolute") return read_value(m, "b", to.absolute);
  return sd_bus_message_skip(m, "v") >= 0;
}

/// Reads an a{sv} of this interface.
bool read_properties(sd_bus_message* m, std::string_view interface, console_properties& to) {
  if (sd_bus_message_enter_container(m, 'a', "{sv}") < 0) return false;
  while (sd_bus_message_enter_container(m, 'e', "sv") > 0) {
    const char* name = nullptr;
    if (sd_bus_message_read(m, "s", &name) < 0 || !read_property(m, interface, name, to) ||
        sd_bus_message_exit_container(m) < 0)
      return false;
  }
  return sd_bus_message_exit_container(m) >= 0;
}

/// Reads the a{sa{sv}} of one object.
bool read_interfaces(sd_bus_message* m, console_properties& to) {
  if (sd_bus_message_enter_container(m, 'a', "{sa{sv}}") < 0) return false;
  while (sd_bus_message_enter_container(m, 'e', "sa{sv}") > 0) {
    const char* interface = nullptr;
    if (sd_bus_message_read(m, "s", &interface) < 0 || !read_properties(m, interface, to) ||
        sd_bus_message_exit_container(m) < 0)
      return false;
  }
  return sd_bus_message_exit_container(m) >= 0;
}

} // namespace

result<std::vector<console_object>> read_objects(sd_bus_message* answer) {
  std::vector<console_object> consoles;
  if (sd_bus_message_enter_container(answer, 'a', "{oa{sa{sv}}}") < 0) return fail{errc::bad_message};
  while (sd_bus_message_enter_container(answer, 'e', "oa{sa{sv}}") > 0) {
    const char* path = nullptr;
    console_object o;
    if (sd_bus_message_read(answer, "o", &path) < 0 || !read_interfaces(answer, o.properties) ||
        sd_bus_message_exit_container(answer) < 0)
      return fail{errc::bad_message};
    const auto number = console_number(path);
    if (!number || consoles.size() == consoles_limit) continue;
    o.number = *number;
    o.path = path;
    consoles.push_back(std::move(o));
  }
  std::ranges::sort(consoles, {}, &console_object::number);
  return consoles;
}

std::optional<console_object> read_change(sd_bus_message* signal) {
  if (sd_bus_message_is_signal(signal, "org.freedesktop.DBus.Properties", "PropertiesChanged") <= 0)
    return std::nullopt;
  const auto* path = sd_bus_message_get_path(signal);
  const auto number = console_number(path != nullptr ? path : "");
  const char* interface = nullptr;
  console_object o;
  if (!number || sd_bus_message_read(signal, "s", &interface) < 0 || !read_properties(signal, interface, o.properties))
    return std::nullopt;
  o.number = *number;
  o.path = path;
  return o;
}

} // namespace saffron::devices::qemu_dbus
