// SPDX-License-Identifier: BSD-3-Clause
#include "actors/host/sources.hpp"

#include "devices/demo/demo.hpp"
#include "devices/demo/desktop.hpp"
#include "devices/qemu_dbus/source.hpp"
#include "messages/log.hpp"

#include <fmt/format.h>

namespace saffron::host {

namespace {

void write(const devices::demo::desktop& shown, const std::filesystem::path& path) {
  if (!devices::demo::write_picture(shown, path.string())) log::error("{} cannot be written", path.string());
}

// What a client is to see, drawn here as the demo draws it there: the first picture, or every slide.
void write_pictures(const devices::demo_settings& s, const std::filesystem::path& path) {
  devices::demo::desktop_settings d;
  d.size = s.size;
  d.title = s.name;
  d.still = s.still;
  d.slideshow = s.slideshow;
  devices::demo::desktop desktop{d};
  (void)desktop.draw();
  if (!s.slideshow) return write(desktop, path);
  for (std::size_t slide = 0; slide < devices::demo::slides; ++slide) {
    const auto name = fmt::format("{}-{}{}", path.stem().string(), slide, path.extension().string());
    write(desktop, path.parent_path() / name);
    desktop.show_key({});
    (void)desktop.draw();
  }
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
  settings.slideshow = vm.demo_screen.slideshow;
  settings.video = vm.demo_screen.video.value_or(extent{});
  settings.heads = vm.demo_screen.heads;
  settings.char_devices = vm.char_devices;
  if (!vm.demo_screen.picture.empty()) write_pictures(settings, vm.demo_screen.picture);
  return [settings, &counted](caf::actor_system& system, transport::loop& home, vm_actor owner) {
    return devices::make_demo(system, home, std::move(owner), settings, counted);
  };
}

} // namespace saffron::host
