// SPDX-License-Identifier: BSD-3-Clause
// A VM without a machine: an actor that draws a desktop and reacts to keys, pointer and resizes, for tests, for
// benchmarks, and for a first look.
#pragma once

#include "devices/char/device_setting.hpp"
#include "messages/actors.hpp"
#include "messages/counters.hpp"
#include "transport/loop.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace saffron::devices {

struct demo_settings {
  /// Of every head, until a client asks for another one. Clamped to 320x200 … 4096x2160.
  extent size{1024, 768};
  /// Time stands still: the picture depends on keys and pointer alone.
  bool still = false;
  unsigned frames_per_second = 30;
  /// Every frame changes every pixel; a key inverts the picture.
  bool full_motion = false;
  /// Pictures in all formats that guests draw in, a format a slide; every key shows the next one.
  bool slideshow = false;
  /// A video of this size plays in the middle of each head; 0 x 0: none.
  extent video{0, 0};
  /// Draws when a key, the pointer or a resize asks for it, never by itself.
  bool idle = false;
  /// 1 to 16 screens; keys go to the one where the pointer is.
  std::size_t heads = 1;
  /// Told to the VM, shown on the panel, and what the UUID is made from.
  std::string name = "demo";
  /// Those that are sockets are offered too, in place of the demo's own device of the same name.
  std::vector<device_setting> char_devices{};
};

/// Attaches to `vm` and draws until shut_down, or until the VM ends. `count` outlives it.
source_actor make_demo(caf::actor_system& system, transport::loop& home, vm_actor vm, demo_settings settings,
                       counters& count);

/// The UUID of the demo of this name (version 5, so it is the same everywhere).
[[nodiscard]] std::string demo_uuid(const std::string& name);

} // namespace saffron::devices
