// SPDX-License-Identifier: BSD-3-Clause
// The cursor channel: shape and place of the pointer. A client sends nothing here but the common messages.
// Source: spice-protocol's enums.h. Views (byte_view) are valid as long as the body they were decoded from.
#pragma once

#include "messages/wire/fields.hpp"

#include <variant>

namespace saffron::wire::cursor {

/// SPICE_CURSOR_TYPE_*: how the pixels of a shape are laid out.
enum class cursor_type : std::uint8_t {
  /// B G R A, premultiplied, top row first.
  alpha = 0,
  /// An AND plane, then an XOR plane, a bit a pixel.
  mono = 1,
  color4 = 2,
  color8 = 3,
  color16 = 4,
  color24 = 5,
  color32 = 6,
};

/// SPICE_CURSOR_FLAGS_*.
namespace cursor_flags {
/// No shape follows.
inline constexpr std::uint16_t none = 1;
/// The client keeps the shape under its id.
inline constexpr std::uint16_t cache_me = 2;
/// The client has the shape: no pixels follow.
inline constexpr std::uint16_t from_cache = 4;
} // namespace cursor_flags

/// What the pointer looks like. With the flag `none` only the flags are on the wire, with `from_cache` all but the
/// data.
struct shape {
  std::uint16_t flags = cursor_flags::none;
  /// The cache's key; 0 is never cached.
  std::uint64_t unique = 0;
  cursor_type type = cursor_type::alpha;
  std::uint16_t width = 0;
  std::uint16_t height = 0;
  std::uint16_t hot_spot_x = 0;
  std::uint16_t hot_spot_y = 0;
  byte_view data{};
  friend bool operator==(const shape&, const shape&) = default;
};

namespace to_client {

/// First message, and after a new primary surface: everything about the pointer. Empties the client's cache.
struct init {
  static constexpr std::uint16_t type = 101;
  point16 position{};
  std::uint16_t trail_length = 0;
  std::uint16_t trail_frequency = 0;
  bool visible = true;
  cursor::shape shape{};
  friend bool operator==(const init&, const init&) = default;
};
/// Everything but the shape's data, which ends the message and may then be sent from shared memory.
void write_head(writer& w, const init& m, std::size_t bulk_size);
void write(writer& w, const init& m);
void read(reader& r, init& m);

/// No pointer, and nothing in the client's cache.
struct reset : empty_message<102> {};

/// Another shape.
struct set {
  static constexpr std::uint16_t type = 103;
  point16 position{};
  bool visible = true;
  cursor::shape shape{};
  friend bool operator==(const set&, const set&) = default;
};
/// As for init.
void write_head(writer& w, const set& m, std::size_t bulk_size);
void write(writer& w, const set& m);
void read(reader& r, set& m);

/// Another place. Makes the pointer visible.
struct move {
  static constexpr std::uint16_t type = 104;
  point16 position{};
  static auto fields(auto& self) { return std::tie(self.position); }
  friend bool operator==(const move&, const move&) = default;
};

/// The pointer is not shown.
struct hide : empty_message<105> {};

/// The pointer's trail.
struct trail {
  static constexpr std::uint16_t type = 106;
  std::uint16_t length = 0;
  std::uint16_t frequency = 0;
  static auto fields(auto& self) { return std::tie(self.length, self.frequency); }
  friend bool operator==(const trail&, const trail&) = default;
};

/// The client forgets a shape.
struct inval_one {
  static constexpr std::uint16_t type = 107;
  std::uint64_t unique = 0;
  static auto fields(auto& self) { return std::tie(self.unique); }
  friend bool operator==(const inval_one&, const inval_one&) = default;
};

/// The client forgets all shapes.
struct inval_all : empty_message<108> {};

using message = std::variant<init, reset, set, move, hide, trail, inval_one, inval_all>;
[[nodiscard]] result<message> decode_any(std::uint16_t type, std::span<const std::byte> body);
[[nodiscard]] std::uint16_t type_of(const message& m);
[[nodiscard]] std::vector<std::byte> encode_any(const message& m);

} // namespace to_client

} // namespace saffron::wire::cursor
