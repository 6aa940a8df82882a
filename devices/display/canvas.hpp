// SPDX-License-Identifier: BSD-3-Clause
// What a source draws on: one surface of 32 bits a pixel, and the cursor over it. Whoever writes pixels himself says
// where; everything drawn reaches the viewers when the current message or completion of the console's loop is done.
#pragma once

#include "messages/display.hpp"

#include <cstddef>
#include <span>

namespace saffron::devices {

class canvas {
public:
  virtual ~canvas() = default;

  [[nodiscard]] virtual extent size() const = 0;
  /// A new surface of this size, black; same size is allowed and also starts anew. errc::bad_setting beyond the limits
  /// of defaults.hpp or for zero; the old surface stays then.
  [[nodiscard]] virtual result<void> set_size(extent) = 0;
  /// A row's pixels: `size().width * 4` bytes, B G R X. Say touched() after writing. `y` must lie inside.
  [[nodiscard]] virtual std::span<std::byte> row(std::uint32_t y) = 0;
  /// The pixels of this area were written; parts outside of the surface are ignored.
  virtual void touched(rect area) = 0;
  /// Areas are clipped to the surface; nothing happens when nothing is left.
  virtual void draw(const fill& command) = 0;
  virtual void draw(const copy_bits& command) = 0;
  /// The cursor is different now.
  virtual void set_cursor(const cursor_state& state) = 0;
  [[nodiscard]] virtual const cursor_state& cursor() const = 0;
  /// The VM's side is gone: all black, no cursor shape, same size.
  virtual void blank() = 0;
};

} // namespace saffron::devices
