// SPDX-License-Identifier: BSD-3-Clause
#include "devices/qemu_dbus/chardev_map.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace saffron::devices::qemu_dbus {
namespace {

using lines = std::vector<std::string>;

std::vector<chardev_object> objects(const std::vector<std::pair<std::string, std::string>>& ids_and_names) {
  std::vector<chardev_object> all;
  for (const auto& [id, name] : ids_and_names)
    all.push_back({id, fmt::format("/org/qemu/Display1/Chardev_{}", id), {name, false}});
  return all;
}

std::vector<device_setting> settings(const lines& texts) {
  std::vector<device_setting> all;
  for (const auto& t : texts) all.push_back(parse_device_setting(t).value());
  return all;
}

lines mapped(const std::vector<chardev_object>& from, const lines& texts = {}) {
  lines all;
  for (const auto& m : map_chardevs(from, settings(texts)))
    all.push_back(fmt::format("{}={}", m.object.id, to_string(m.device)));
  return all;
}

} // namespace

TEST_CASE("chardevs are mapped by their names, and consoles and monitors by none") {
  CHECK(mapped(objects({{"c", "org.qemu.usbredir.1"},
                        {"b", "com.redhat.spice.0"},
                        {"a", "org.qemu.usbredir"},
                        {"compat_monitor0", "org.qemu.monitor.hmp.0"},
                        {"d", "org.spice-space.webdav.0"},
                        {"e", "org.qemu.smartcard"},
                        {"serial0", "org.qemu.console.serial.0"},
                        {"f", ""}})) ==
        lines{"a=usbredir", "b=vdagent", "c=usbredir", "d=port:org.spice-space.webdav.0", "e=smartcard"});
  CHECK(mapped({{"x", "/org/qemu/Display1/Chardev_x", {}}}) == lines{});
}

TEST_CASE("a setting names a chardev by its id or its name") {
  const auto all = objects({{"p0", "org.x.0"}, {"serial0", "org.qemu.console.serial.0"}, {"odd", ""}});
  CHECK(mapped(all, {"port:org.x.0=dbus:org.x.0", "port:console=dbus:serial0", "usbredir=dbus:odd"}) ==
        lines{"odd=usbredir", "p0=port:org.x.0", "serial0=port:console"});
  CHECK(mapped(all, {"port:a=dbus:none"}) == lines{});
}

TEST_CASE("a setting wins over a name") {
  const auto all = objects({{"vd0", "com.redhat.spice.0"}, {"vd1", "other"}});
  CHECK(mapped(all, {"port:raw=dbus:vd0"}) == lines{"vd0=port:raw"});
  CHECK(mapped(all, {"vdagent=dbus:vd1"}) == lines{"vd1=vdagent"});
  CHECK(mapped(all, {"vdagent=unix:/run/agent"}) == lines{});
}

TEST_CASE("what is one too many is left out") {
  CHECK(mapped(objects({{"a", "com.redhat.spice.0"}, {"b", "com.redhat.spice.0"}})) == lines{"a=vdagent"});
  CHECK(mapped(objects({{"a", "org.spice-space.webdav.0"}, {"b", "org.spice-space.webdav.0"}})).size() == 1);
  CHECK(mapped(objects({{"a", "p"}, {"b", "p"}}), {"port:p=dbus:p"}) == lines{"a=port:p"});
  std::vector<std::pair<std::string, std::string>> readers;
  for (int i = 0; i < 12; ++i) readers.emplace_back(fmt::format("{}", i), "org.qemu.smartcard");
  CHECK(mapped(objects(readers)).size() == 10);
  CHECK(mapped(objects(readers), {"smartcard=unix:/a"}).size() == 9);
}

} // namespace saffron::devices::qemu_dbus
