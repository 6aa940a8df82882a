// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/sources.hpp"

#include "devices/demo/demo.hpp"
#include "devices/demo/desktop.hpp"
#include "devices/qemu_dbus/source.hpp"
#include "messages/log.hpp"

namespace saffron::host {

namespace {

// What a client that connects first is to see, drawn here as the demo draws it there.
void write_first_picture(const devices::demo_settings& s, const std::filesystem::path& path) {
  devices::demo::desktop_settings d;
  d.size = s.size;
  d.title = s.name;
  d.still = s.still;
  devices::demo::desktop desktop{d};
  (void)desktop.draw();
  if (!devices::demo::write_picture(desktop, path.string())) log::error("{} cannot be written", path.string());
}

} // namespace

actors::source_factory source_of(const vm_options& vm, counters& counted) {
  if (!vm.demo)
    return [path = vm.qmp.string(), char_devices = vm.char_devices, &counted](caf::actor_system& system,
                                                                              transport::loop& home, vm_actor owner) {
      return devices::qemu_dbus::make_qemu_source(system, home, path, std::move(owner), counted, char_devices);
    };
  devices::demo_settings settings;
  settings.name = vm.name;
  settings.size = vm.demo_screen.size;
  settings.still = vm.demo_screen.still;
  settings.frames_per_second = static_cast<unsigned>(vm.demo_screen.frames_per_second);
  settings.full_motion = vm.demo_screen.full_motion;
  settings.heads = vm.demo_screen.heads;
  settings.char_devices = vm.char_devices;
  if (!vm.demo_screen.picture.empty()) write_first_picture(settings, vm.demo_screen.picture);
  return [settings, &counted](caf::actor_system& system, transport::loop& home, vm_actor owner) {
    return devices::make_demo(system, home, std::move(owner), settings, counted);
  };
}

} // namespace saffron::host
