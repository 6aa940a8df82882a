// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/chardev_map.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace saffron::devices::qemu_dbus {

namespace {

std::optional<device_name> configured(const chardev_object& object, const std::vector<device_setting>& settings) {
  const auto find = [&](const std::string& text) {
    return std::ranges::find_if(settings, [&](const device_setting& s) {
      return s.place == device_place::dbus && !text.empty() && s.chardev == text;
    });
  };
  auto found = find(object.id);
  if (found == settings.end()) found = find(object.properties.name.value_or(""));
  return found == settings.end() ? std::nullopt : std::optional{found->device};
}

std::optional<device_name> known(const chardev_object& object) {
  const auto& name = object.properties.name.value_or("");
  const auto kind = kind_of_chardev(name);
  if (!kind) return std::nullopt;
  return device_name{*kind, *kind == char_device_kind::webdav ? name : std::string{}};
}

/// What a VM can have only so many of.
class places_left {
public:
  bool take(const device_name& device) {
    switch (device.kind) {
    case char_device_kind::vdagent: return agents_++ == 0;
    case char_device_kind::smartcard: return smartcards_++ < most_smartcards;
    case char_device_kind::port:
    case char_device_kind::webdav: return ports_.insert(device.port).second;
    case char_device_kind::usbredir: break;
    }
    return true;
  }

private:
  std::size_t agents_ = 0, smartcards_ = 0;
  std::set<std::string> ports_;
};

} // namespace

std::vector<mapped_chardev> map_chardevs(const std::vector<chardev_object>& objects,
                                         const std::vector<device_setting>& settings) {
  std::vector<mapped_chardev> mapped;
  places_left left;
  for (const auto& s : settings)
    if (s.place != device_place::dbus) static_cast<void>(left.take(s.device));
  for (const auto& o : objects)
    if (auto device = configured(o, settings); device && left.take(*device)) mapped.push_back({std::move(*device), o});
  for (const auto& o : objects) {
    if (configured(o, settings)) continue;
    if (auto device = known(o); device && left.take(*device)) mapped.push_back({std::move(*device), o});
  }
  std::ranges::sort(mapped, {}, [](const mapped_chardev& m) -> const std::string& { return m.object.id; });
  return mapped;
}

} // namespace saffron::devices::qemu_dbus
