// SPDX-License-Identifier: BSD-3-Clause
// The demo's cursors, one of each form that a guest may use.
#pragma once

#include "messages/display.hpp"

#include <array>
#include <cstdint>

namespace saffron::devices::demo {

enum class cursor_kind : std::uint8_t {
  /// Alpha: premultiplied B G R A.
  arrow,
  beam,
  hand,
  /// Mono: a 1-bit AND mask, then a 1-bit XOR mask, rows of whole bytes.
  cross,
  /// Colour: B G R X, then a 1-bit AND mask that is set where nothing is drawn.
  crocus,
};
inline constexpr std::size_t cursor_kinds = 5;

/// Type numbers of the protocol.
namespace cursor_type {
inline constexpr std::uint8_t alpha = 0, mono = 1, color32 = 6;
} // namespace cursor_type

using cursor_set = std::array<cursor_shape_ptr, cursor_kinds>;

/// All shapes, in the order of cursor_kind.
[[nodiscard]] cursor_set make_cursors();

} // namespace saffron::devices::demo
