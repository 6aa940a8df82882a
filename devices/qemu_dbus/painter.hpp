// SPDX-License-Identifier: BSD-3-Clause
// What a QEMU's display does to a canvas: frames, sizes that follow the guest's modes, mapped frames, the cursor.
#pragma once

#include "devices/display/canvas.hpp"
#include "devices/qemu_dbus/frame_parser.hpp"
#include "devices/qemu_dbus/mapped_frame.hpp"

#include <optional>

namespace saffron::devices::qemu_dbus {

class painter {
public:
  explicit painter(canvas& on) : canvas_(on) {}

  /// New surfaces are the one thing that a QEMU can ask for with few bytes and that takes long: after some of it the
  /// painter is tired until its next turn.
  void begin_turn() noexcept { resized_bytes_ = 0; }
  [[nodiscard]] bool tired() const noexcept { return resized_bytes_ > resized_bytes_per_turn; }

  // -- frames ---------------------------------------------------------------------------------------------------------

  /// False: no canvas is that large. A whole frame of another size is a new surface; a part that lies outside makes the
  /// surface grow, because text modes of another size come as parts, without a whole frame.
  bool begin(const frame& f);
  [[nodiscard]] std::span<std::byte> row(std::uint32_t y);
  void end(const frame& f);
  /// The console's size as QEMU tells it beside the frames. Crops or grows the surface; its pixels stay.
  void fit(extent size);
  /// The display is switched off.
  void disable();

  // -- mapped frames --------------------------------------------------------------------------------------------------

  bool map(unique_fd memory, const mapped_frame::layout& where);
  void map_changed(rect area);
  /// Somebody is about to take the pixels of this area.
  void bring(rect area);

  // -- cursor ---------------------------------------------------------------------------------------------------------

  void move_cursor(point to, bool visible);
  /// `pixels` are B G R A, width * height of them. False: too large, or not so many. A shape that is there already
  /// changes nothing: qxl defines its cursor anew with every movement.
  bool define_cursor(std::int32_t width, std::int32_t height, point hot_spot, std::span<const std::byte> pixels);

private:
  static constexpr std::size_t resized_bytes_per_turn = 8 * 1024 * 1024;

  bool resize(extent size);
  bool resize_and_keep(extent size);

  canvas& canvas_;
  std::optional<mapped_frame> mapped_;
  bool in_frame_ = false;
  std::optional<extent> fit_later_;
  std::size_t resized_bytes_ = 0;
};

} // namespace saffron::devices::qemu_dbus
