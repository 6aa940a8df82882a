// SPDX-License-Identifier: BSD-3-Clause
// Which form a picture takes for one client: what the operator and the client want, what the picture is, and what the
// link carries. README "Pictures" has the same rules for people.
#pragma once

#include "messages/image/picture.hpp"
#include "messages/picture_settings.hpp"

#include <string_view>

namespace saffron::actors {

/// The way to a client, by the pace at which it really takes what it is sent.
enum class link_class : std::uint8_t {
  /// A unix socket of this host.
  local,
  /// Bytes cost less than the time to pack them well, here and there.
  fast,
  medium,
  /// Below 10 Mbit/s (the reference's bound).
  slow,
  /// Below 1 Mbit/s.
  very_slow,
};

inline constexpr double fast_bytes_per_second = 300e6 / 8, slow_bytes_per_second = 10.0 * 1024 * 1024 / 8,
                        very_slow_bytes_per_second = 1e6 / 8;

/// 0 bytes per second: unknown, which counts as medium.
[[nodiscard]] link_class classify(bool local, double bytes_per_second) noexcept;
[[nodiscard]] std::string_view to_string(link_class link) noexcept;

struct picture_choice {
  image_form form = image_form::raw;
  /// For people: "a gradual picture", …
  std::string_view reason;
};

struct choice_input {
  picture_settings settings;
  link_class link = link_class::medium;
  /// The client decodes LZ4.
  bool lz4 = false;
  /// The client has a GLZ dictionary.
  bool glz = false;
  /// Pixels must arrive as they are.
  bool exact = false;
};

[[nodiscard]] picture_choice choose(const picture& shown, const choice_input& in) noexcept;

} // namespace saffron::actors
