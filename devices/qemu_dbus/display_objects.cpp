// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/display_objects.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace saffron::devices::qemu_dbus {

namespace {

constexpr std::size_t consoles_limit = 64, chardevs_limit = 64;

/// Whatever an object has; an object is a console or a chardev.
struct object_properties {
  console_properties console;
  chardev_properties chardev;
};

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

/// The id of a chardev's path; none for other objects.
std::optional<std::string> chardev_id(std::string_view path) {
  constexpr std::string_view prefix = "/org/qemu/Display1/Chardev_";
  if (!path.starts_with(prefix) || path.size() == prefix.size()) return std::nullopt;
  return std::string{path.substr(prefix.size())};
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

bool read_property(sd_bus_message* m, std::string_view interface, std::string_view name, object_properties& to) {
  auto& [console, chardev] = to;
  if (interface == console_interface && name == "Type") return read_value(m, "s", console.type);
  if (interface == console_interface && name == "Width") return read_value(m, "u", console.width);
  if (interface == console_interface && name == "Height") return read_value(m, "u", console.height);
  if (interface == console_interface && name == "Head") return read_value(m, "u", console.head);
  if (interface == console_interface && name == "DeviceAddress") return read_value(m, "s", console.device_address);
  if (interface == keyboard_interface && name == "Modifiers") return read_value(m, "u", console.modifiers);
  if (interface == mouse_interface && name == "IsAbsolute") return read_value(m, "b", console.absolute);
  if (interface == chardev_interface && name == "Name") return read_value(m, "s", chardev.name);
  if (interface == chardev_interface && name == "FEOpened") return read_value(m, "b", chardev.opened);
  return sd_bus_message_skip(m, "v") >= 0;
}

/// Reads an a{sv} of this interface.
bool read_properties(sd_bus_message* m, std::string_view interface, object_properties& to) {
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
bool read_interfaces(sd_bus_message* m, object_properties& to) {
  if (sd_bus_message_enter_container(m, 'a', "{sa{sv}}") < 0) return false;
  while (sd_bus_message_enter_container(m, 'e', "sa{sv}") > 0) {
    const char* interface = nullptr;
    if (sd_bus_message_read(m, "s", &interface) < 0 || !read_properties(m, interface, to) ||
        sd_bus_message_exit_container(m) < 0)
      return false;
  }
  return sd_bus_message_exit_container(m) >= 0;
}

/// The properties that a PropertiesChanged signal brings.
std::optional<object_properties> read_changed(sd_bus_message* signal) {
  const char* interface = nullptr;
  object_properties p;
  if (sd_bus_message_read(signal, "s", &interface) < 0 || !read_properties(signal, interface, p)) return std::nullopt;
  return p;
}

/// The object that a PropertiesChanged signal is about; empty for another signal.
std::string_view changed_path(sd_bus_message* signal) {
  if (sd_bus_message_is_signal(signal, "org.freedesktop.DBus.Properties", "PropertiesChanged") <= 0) return {};
  const auto* path = sd_bus_message_get_path(signal);
  return path != nullptr ? path : "";
}

} // namespace

result<display_objects> read_objects(sd_bus_message* answer) {
  display_objects all;
  if (sd_bus_message_enter_container(answer, 'a', "{oa{sa{sv}}}") < 0) return fail{errc::bad_message};
  while (sd_bus_message_enter_container(answer, 'e', "oa{sa{sv}}") > 0) {
    const char* path = nullptr;
    object_properties p;
    if (sd_bus_message_read(answer, "o", &path) < 0 || !read_interfaces(answer, p) ||
        sd_bus_message_exit_container(answer) < 0)
      return fail{errc::bad_message};
    if (const auto number = console_number(path); number && all.consoles.size() < consoles_limit)
      all.consoles.push_back({*number, path, std::move(p.console)});
    if (auto id = chardev_id(path); id && all.chardevs.size() < chardevs_limit)
      all.chardevs.push_back({std::move(*id), path, std::move(p.chardev)});
  }
  std::ranges::sort(all.consoles, {}, &console_object::number);
  std::ranges::sort(all.chardevs, {}, &chardev_object::id);
  return all;
}

std::optional<console_object> read_change(sd_bus_message* signal) {
  const auto path = changed_path(signal);
  const auto number = console_number(path);
  auto p = number ? read_changed(signal) : std::nullopt;
  if (!p) return std::nullopt;
  return console_object{*number, std::string{path}, std::move(p->console)};
}

std::optional<chardev_object> read_chardev_change(sd_bus_message* signal) {
  const auto path = changed_path(signal);
  auto id = chardev_id(path);
  auto p = id ? read_changed(signal) : std::nullopt;
  if (!p) return std::nullopt;
  return chardev_object{std::move(*id), std::string{path}, std::move(p->chardev)};
}

} // namespace saffron::devices::qemu_dbus
