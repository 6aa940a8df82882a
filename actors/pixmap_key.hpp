// SPDX-License-Identifier: BSD-3-Clause
// What makes two pictures of a screen the same picture: their size and every byte of them.
#pragma once

#include "actors/pixmap_cache.hpp"
#include "messages/image/picture.hpp"

#include <optional>

namespace saffron::actors {

/// A guest's picture, which nobody changes.
[[nodiscard]] inline pixmap_key key_of_maker(const picture& p) noexcept { return {p.id, 0, false}; }

/// By 128 bits of XXH3 with a secret seed: 10 GB/s, and no two pictures of a client's session are taken for each other.
/// None for pictures with a palette.
[[nodiscard]] std::optional<pixmap_key> key_of_content(const picture& p);

} // namespace saffron::actors
