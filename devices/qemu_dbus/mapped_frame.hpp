// SPDX-License-Identifier: BSD-3-Clause
// A frame buffer that stays in QEMU's memory (Unix.Map): damage is noted, pixels are read when somebody wants them.
// Read, never mapped: a QEMU that truncates its file would kill us by SIGBUS.
#pragma once

#include "devices/display/canvas.hpp"
#include "devices/display/region.hpp"
#include "devices/qemu_dbus/pixel_format.hpp"
#include "devices/unique_fd.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace saffron::devices::qemu_dbus {

class mapped_frame {
public:
  /// Where the pixels are in the file.
  struct layout {
    extent size;
    std::uint32_t offset = 0, stride = 0;
    pixel_order order = pixel_order::bgrx;
  };

  /// errc::bad_message when the layout is impossible or the descriptor is not plain memory: reading any other file
  /// could wait for whoever is behind it.
  [[nodiscard]] static result<mapped_frame> make(unique_fd memory, const layout& where);

  /// The pixels of this area are different now.
  void changed(rect area);
  /// The canvas has newer pixels than the file there.
  void overtaken(rect area) { pending_.subtract(area); }
  /// Reads what has changed within the area. What cannot be read stays as it is.
  void bring(rect area, canvas& to);

private:
  mapped_frame(unique_fd memory, const layout& where) : memory_(std::move(memory)), where_(where) {}
  void read(rect area, canvas& to);

  unique_fd memory_;
  layout where_;
  region pending_;
  std::vector<std::byte> row_; // on its way to another pixel order
};

} // namespace saffron::devices::qemu_dbus
